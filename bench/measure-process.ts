/**
 * Time, CPU time and memory of the processes that a piece of work starts, from /proc (proc(5)), without any tool. Linux only.
 * One measurement at a time: all that this process starts meanwhile is counted.
 */
import {readdirSync, readFileSync} from 'node:fs';

export interface Usage {
  readonly seconds: number;
  /** User and system time of all processes that have ended, their own children included. */
  readonly cpuSeconds: number;
  /**
   * Bytes. The largest sum, over the processes alive at one moment, of what each held at most until then. A little too much where
   * they share libraries; what comes in the last {@link SAMPLE_MS} of a process is not seen.
   */
  readonly peakRssBytes: number;
}

const SAMPLE_MS = 50;
/** Clock ticks a second in /proc/PID/stat: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;
const KIB = 1024;

/** Runs `work` and measures the processes that it starts. */
export async function measureProcesses<T>(
  work: () => Promise<T>,
): Promise<{readonly value: T; readonly usage: Usage}> {
  const older = new Set(listDescendants());
  let young: readonly number[] = [];
  let peakRssBytes = 0;
  const sample = () => {
    // A process counts from its second sample on: between fork and exec it still shows the memory of its parent.
    peakRssBytes = Math.max(peakRssBytes, sum(young.map(readPeakRss)));
    young = listDescendants().filter((pid) => !older.has(pid));
  };
  const timer = setInterval(sample, SAMPLE_MS);
  const cpuBefore = readChildrenCpu();
  const start = performance.now();
  try {
    const value = await work();
    const seconds = (performance.now() - start) / 1000;
    return {value, usage: {seconds, cpuSeconds: readChildrenCpu() - cpuBefore, peakRssBytes}};
  } finally {
    clearInterval(timer);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Empty once the process is gone. */
function readProc(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** Fields of /proc/PID/stat from the third on: the second is a name in parentheses that may hold anything. */
function readStat(pid: number | 'self'): readonly number[] {
  const stat = readProc(`${pid}/stat`);
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

const stat4ParentPid = 4;
const stat16ChildrenUser = 16;
const stat17ChildrenSystem = 17;
/** @param number as proc(5) counts the fields. */
const field = (stat: readonly number[], number: number): number => stat[number - 3] ?? 0;

/** Seconds of all children that have ended and been waited for. */
function readChildrenCpu(): number {
  const stat = readStat('self');
  return (field(stat, stat16ChildrenUser) + field(stat, stat17ChildrenSystem)) / TICKS_A_SECOND;
}

/** Bytes; 0 once the process is gone. */
function readPeakRss(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(`${pid}/status`))?.[1];
  return Number(kib ?? 0) * KIB;
}

function listDescendants(): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = field(readStat(Number(name)), stat4ParentPid);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const descend = (pid: number): number[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...descend(child)]);
  return descend(process.pid);
}
