/** What the numbers were measured on. Linux only. */
import os from 'node:os';
import {execa} from 'execa';

export interface Machine {
  /** Lines for the report: what, and which. */
  readonly facts: readonly (readonly [string, string])[];
  /** Type of the file system that holds card and copies. */
  readonly fileSystem: string;
}

/** Tools and what makes each tell its version on the first line. */
const TOOLS = [
  ['rsync', '--version'],
  ['rclone', 'version'],
  ['b3sum', '--version'],
  ['cp', '--version'],
] as const;

const UNKNOWN = 'unknown';

/** The first line that a tool prints, or undefined when it is missing or fails. */
async function firstLine(tool: string, ...args: string[]): Promise<string | undefined> {
  const result = await execa(tool, args, {stdin: 'ignore', reject: false, env: {LC_ALL: 'C'}});
  if (result.failed) return undefined;
  return result.stdout.split('\n', 1)[0]?.trim().replaceAll(/\s+/g, ' ');
}

/** True when `tool` can be run. */
export async function isInstalled(tool: string): Promise<boolean> {
  const argument = TOOLS.find(([name]) => name === tool)?.[1] ?? '--version';
  return (await firstLine(tool, argument)) !== undefined;
}

/** @param dir the folder that holds card and copies. */
export async function describeMachine(dir: string): Promise<Machine> {
  const fileSystem = (await firstLine('findmnt', '-n', '-o', 'FSTYPE', '-T', dir)) ?? UNKNOWN;
  const tools = TOOLS.map(async ([tool, argument]) => {
    return [tool, (await firstLine(tool, argument)) ?? 'not installed'] as const;
  });
  return {
    fileSystem,
    facts: [
      ['CPU', `${os.cpus()[0]?.model ?? UNKNOWN}, ${os.cpus().length} cores`],
      ['memory', `${(os.totalmem() / 1e9).toFixed(1)} GB`],
      ['kernel', `${os.type()} ${os.release()}`],
      ['file system', fileSystem],
      ['disk', await describeDisk(dir)],
      ['node', process.version],
      ...(await Promise.all(tools)),
    ],
  };
}

/** Name, size and kind of the disk below a folder, as lsblk tells it. */
async function describeDisk(dir: string): Promise<string> {
  // -v leaves out the subvolume that findmnt writes behind the device on btrfs.
  const source = await firstLine('findmnt', '-n', '-v', '-o', 'SOURCE', '-T', dir);
  if (source === undefined) return UNKNOWN;
  const columns = 'NAME,SIZE,ROTA,TRAN,MODEL';
  const disk = await firstLine('lsblk', '-d', '-n', '-P', '-o', columns, source);
  return disk ?? UNKNOWN;
}
