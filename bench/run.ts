/** The benchmark: `npm run bench`. See bench/RESULTS.md for what it measures and how. */
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {prepareFolder, removeFolder} from './bench-folder.ts';
import {checkShoot} from './check-shoot.ts';
import {CONTENDERS, type Contender, type ContenderName, type Places} from './contenders.ts';
import {findCacheMethod} from './drop-caches.ts';
import {describeMachine, isInstalled} from './machine.ts';
import {cardBytes, listCardFiles} from './make-bench-card.ts';
import {type Options, readOptions} from './options.ts';
import {formatReport, formatSummary, type Results} from './results-table.ts';
import {runTrial, type Trial} from './run-trial.ts';

const BENCH = path.dirname(fileURLToPath(import.meta.url));
const PROJECT = path.dirname(BENCH);
/** File systems on which `cp` may share blocks instead of copying them. */
const SHARING_FILE_SYSTEMS = ['btrfs', 'xfs', 'bcachefs', 'zfs', 'ocfs2'];

const say = (line: string): void => console.error(line);

/** Compiles what will be timed: neither the floor nor the program may spend its time on compiling. */
async function build(options: Options, only: readonly Contender[]): Promise<void> {
  const names = only.map(({name}) => name);
  const settings = {cwd: PROJECT, stdin: 'ignore', preferLocal: true} as const;
  if (names.includes('floor')) await execa('tsc', ['-p', 'bench/tsconfig.floor.json'], settings);
  if (names.includes('offload') && options.program === undefined) {
    await execa('npm', ['run', 'build'], settings);
  }
}

/** Splits the wanted contenders into those that can run and lines about the others. */
async function findContenders(wanted: readonly ContenderName[]) {
  const able: Contender[] = [];
  const leftOut: string[] = [];
  for (const contender of CONTENDERS.filter(({name}) => wanted.includes(name))) {
    const installed = await Promise.all(contender.tools.map(isInstalled));
    const missing = contender.tools.filter((_, index) => installed[index] !== true);
    if (missing.length === 0) able.push(contender);
    else leftOut.push(`${contender.name}, because ${missing.join(' and ')} is not installed`);
  }
  return {able, leftOut};
}

/** Each round starts with another contender, so that none always runs after the same one. */
const rotate = <T>(list: readonly T[], by: number): readonly T[] => {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
};

async function runRounds(options: Options, able: readonly Contender[], places: Places) {
  const caches = await findCacheMethod();
  if (caches === 'evicted') say('not root: caches are emptied file by file, with dd');
  const trials = new Map<ContenderName, Trial[]>(able.map(({name}) => [name, []]));
  const bytes = cardBytes(options.pairs);
  for (let round = 0; round < options.runs; round++) {
    for (const contender of rotate(able, round)) {
      const trial = await runTrial({contender, places, caches, bytes});
      trials.get(contender.name)?.push(trial);
      say(`run ${round + 1}: ${contender.name} ${trial.seconds.toFixed(2)} s`);
      if (contender.name === 'offload' && round === 0) say(await checkShoot(places));
    }
  }
  return {trials, caches, bytes};
}

async function bench(options: Options, dir: string): Promise<void> {
  const {able, leftOut} = await findContenders(options.only);
  for (const line of leftOut) say(`left out: ${line}`);
  if (able.length === 0) throw new Error('nobody is left to run');
  say('building');
  await build(options, able);
  say('preparing the card');
  const folder = await prepareFolder(dir, options.pairs);
  const machine = await describeMachine(dir);
  const rounds = await runRounds(options, able, {
    ...folder,
    files: listCardFiles(options.pairs),
    floor: path.join(PROJECT, '.bench', 'floor', 'floor.js'),
    program: path.resolve(options.program ?? path.join(PROJECT, 'bin', 'offload.cjs')),
    sharesBlocks: SHARING_FILE_SYSTEMS.includes(machine.fileSystem),
  });
  const results: Results = {...rounds, pairs: options.pairs, runs: options.runs, leftOut};
  console.log(formatSummary(results));
  if (!options.write) return;
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(
    path.join(BENCH, 'RESULTS.md'),
    formatReport(results, {date, facts: machine.facts}),
  );
}

async function main(): Promise<void> {
  if (process.platform !== 'linux') throw new Error('the benchmark reads /proc: it needs Linux');
  const options = readOptions(process.argv.slice(2));
  const dir = path.resolve(options.dir ?? path.join(PROJECT, '.bench'));
  try {
    await bench(options, dir);
  } finally {
    if (options.clean) await removeFolder(dir);
  }
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
