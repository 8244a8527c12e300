/**
 * Wine's PowerShell ends without a word. Where a trial needs drives that are known, a stand-in takes its place: Node for Windows as a single executable, because Node itself refuses PowerShell's
 * options. It gives the answer of a file to the question for volumes, and holds the computer awake as long as its input is open.
 */
import {copyFile, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import type {Lab} from './lab.ts';
import {callNpm, INSTALL, makePackage} from './npm.ts';
import {CannotRun} from './rig.ts';
import {call} from './tools.ts';
import type {WindowsProgram} from './windows-program.ts';

const STAND_IN = `
const {readFileSync} = require('node:fs');
const asked = process.argv.join(' ');
if (asked.includes('SetThreadExecutionState')) process.stdin.pipe(process.stdout);
else if (asked.includes('MSFT_PhysicalDisk')) process.stdout.write(readFileSync('H:\\\\answer.json'));
else process.exitCode = 1;
`;

/** Node's own manual, "Single executable applications". */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const POSTJECT = 'postject@1.0.0-alpha.6';

/** @throws CannotRun where the packer cannot be had from the registry. */
export async function buildStandIn(lab: Lab, node: string): Promise<string> {
  const folder = join(lab.folder, 'stand-in');
  await makePackage(folder);
  try {
    await callNpm('npm', [...INSTALL, '--ignore-scripts', POSTJECT], {cwd: folder, lab});
  } catch (error) {
    lab.signal.throwIfAborted();
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new CannotRun(`${POSTJECT} could not be installed: ${why}`);
  }
  await writeFile(join(folder, 'stand-in.cjs'), STAND_IN);
  const config = {main: 'stand-in.cjs', output: 'blob', disableExperimentalSEAWarning: true};
  await writeFile(join(folder, 'sea.json'), JSON.stringify(config));
  await call(process.execPath, ['--experimental-sea-config', 'sea.json'], {cwd: folder});
  const program = join(folder, 'powershell.exe');
  await call('cp', ['--', node, program]);
  const packer = join(folder, 'node_modules/postject/dist/cli.js');
  const args = [packer, program, 'NODE_SEA_BLOB', 'blob', '--sentinel-fuse', FUSE];
  await execa(process.execPath, args, {cwd: folder, cancelSignal: lab.signal, timeout: 60_000});
  return program;
}

/** Puts the stand-in where Windows has its PowerShell. */
export async function putStandIn({wine}: WindowsProgram, program: string): Promise<void> {
  const folder = join(wine.systemDrive, 'windows/system32/WindowsPowerShell/v1.0');
  await mkdir(folder, {recursive: true});
  await copyFile(program, join(folder, 'powershell.exe'));
}

interface Drive {
  readonly letter: string;
  /** Number of the disk below it. */
  readonly disk: number;
  /** The slot of a card reader. */
  readonly isCard?: boolean;
}

const guid = (letter: string) => `\\\\?\\Volume{${letter.repeat(8)}-0000-0000-0000-100000000000}\\`;

/** What the stand-in answers from now on: drives in the documented shape of Windows (`src/core/volumes/windows-script.ts`). */
export async function tellDrives({home}: WindowsProgram, drives: readonly Drive[]): Promise<void> {
  const numbers = [...new Set(drives.map(({disk}) => disk))];
  const answer = {
    Letters: drives.map(({letter}) => ({DeviceID: `${letter}:`, DriveType: 3})),
    Volumes: drives.map(({letter, isCard = false}) => ({
      DeviceID: guid(letter),
      Name: `${letter}:\\`,
      FileSystem: isCard ? 'exFAT' : 'NTFS',
      Label: isCard ? 'EOS_DIGITAL' : null,
      SerialNumber: 0x1a2b_0000 + letter.charCodeAt(0),
      Capacity: 500_000_000_000,
      DriveType: isCard ? 2 : 3,
    })),
    Partitions: drives.map(({letter, disk}) => ({
      DiskNumber: disk,
      AccessPaths: [`${letter}:\\`, guid(letter)],
      MbrType: 7,
      GptType: null,
    })),
    Disks: numbers.map((number) => ({
      Number: number,
      UniqueId: `ID${number}`,
      FriendlyName: `Disk ${number}`,
      // 7 is USB, 17 NVMe.
      BusType: number === 0 ? 17 : 7,
      Location: null,
    })),
    PhysicalDisks: numbers.map((number) => ({
      DeviceId: String(number),
      FriendlyName: `Disk ${number}`,
      MediaType: 4,
    })),
    Spaces: [],
  };
  await writeFile(join(home, 'answer.json'), JSON.stringify(answer));
}
