/** One run of one contender, from empty destinations and empty caches to two proved copies. */
import {mkdir, readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import type {Command, Contender, Places} from './contenders.ts';
import {type CacheMethod, dropCaches, flushAll} from './drop-caches.ts';
import {measureProcesses, type Usage} from './measure-process.ts';

export interface Trial extends Usage {
  /** Seconds of each step; `drop` is in no sum. */
  readonly steps: {
    readonly copy: number;
    readonly flush: number;
    readonly drop: number;
    readonly check: number;
  };
}

interface Run {
  readonly contender: Contender;
  readonly places: Places;
  readonly caches: CacheMethod;
  /** Bytes of the card. */
  readonly bytes: number;
}

/**
 * The time counts from the first command to the end of the last one, and the flush between copy and check. Emptying the cache
 * between them does not count: that favours the other tools a little.
 * @throws Error when a command fails or the copies are not complete.
 */
export async function runTrial(run: Run): Promise<Trial> {
  const {contender, places, caches} = run;
  await emptyDestinations(places);
  await dropCaches(caches, [places.card]);
  const copy = await measureProcesses(() => runSideBySide(contender.copy(places)));
  const rest = contender.check === undefined ? noCheck : await checkCopies(run);
  await requireAllBytes(run);
  const usages = [copy.usage, rest.flush, rest.check];
  const total = (pick: (usage: Usage) => number) => usages.map(pick).reduce((a, b) => a + b, 0);
  return {
    seconds: total(({seconds}) => seconds),
    cpuSeconds: total(({cpuSeconds}) => cpuSeconds),
    peakRssBytes: Math.max(...usages.map(({peakRssBytes}) => peakRssBytes)),
    steps: {
      copy: copy.usage.seconds,
      flush: rest.flush.seconds,
      drop: rest.drop,
      check: rest.check.seconds,
    },
  };
}

const nothing: Usage = {seconds: 0, cpuSeconds: 0, peakRssBytes: 0};
const noCheck = {flush: nothing, drop: 0, check: nothing};

async function checkCopies({contender, places, caches}: Run) {
  const flush = await measureProcesses(flushAll);
  const start = performance.now();
  await dropCaches(caches, [places.card, ...places.to]);
  const drop = (performance.now() - start) / 1000;
  const commands = contender.check?.(places) ?? [];
  const check = await measureProcesses(() => runSideBySide(commands));
  if (contender.agrees?.(check.value) === false) {
    throw new Error(`${contender.name}: the check found a difference`);
  }
  return {flush: flush.usage, drop, check: check.usage};
}

/** @returns what each command printed. @throws Error when one fails, after all have ended. */
async function runSideBySide(commands: readonly Command[]): Promise<string[]> {
  const ends = await Promise.allSettled(commands.map(runCommand));
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

async function runCommand({program, args, cwd, env}: Command): Promise<string> {
  const result = await execa(program, [...args], {
    stdin: 'ignore',
    reject: false,
    ...(cwd === undefined ? {} : {cwd}),
    ...(env === undefined ? {} : {env}),
  });
  if (!result.failed) return result.stdout;
  throw new Error(`${result.shortMessage}\n${result.stderr}\n${result.stdout}`.trim());
}

async function emptyDestinations({to, home}: Places): Promise<void> {
  for (const folder of [...to, home]) {
    await rm(folder, {recursive: true, force: true});
    await mkdir(folder);
  }
}

/** Exit codes are not enough: each destination must hold as many bytes of pictures as the card. */
async function requireAllBytes({contender, places, bytes}: Run): Promise<void> {
  for (const folder of places.to) {
    const found = await countPictureBytes(folder);
    if (found !== bytes) {
      throw new Error(`${contender.name} left ${found} bytes of pictures instead of ${bytes}`);
    }
  }
}

async function countPictureBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, {withFileTypes: true, recursive: true});
  const pictures = entries.filter((entry) => entry.isFile() && /\.(CR3|JPG)$/.test(entry.name));
  const stats = await Promise.all(pictures.map(({path: at, name}) => stat(path.join(at, name))));
  return stats.reduce((sum, {size}) => sum + size, 0);
}
