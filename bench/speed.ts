/**
 * The program under other conditions than those of `npm run bench`: slow cards, slow disks, small files, two cards, what options cost, a card larger than memory.
 * `npm run bench:speed [-- --only slow-card,slow-disks,small,tiny,two-cards,prices,start,memory] [--runs N] [--dir FOLDER] [--no-write]`. Linux, root. Writes bench/SPEED.md.
 */
import {randomUUID} from 'node:crypto';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {execa} from 'execa';
import {COMPETITORS, CONTENDERS, type ContenderName, type Places} from './contenders.ts';
import {dropCaches, findCacheMethod} from './drop-caches.ts';
import {benchLargerThanMemory} from './larger-than-memory.ts';
import {describeMachine, isInstalled} from './machine.ts';
import {cardBytes, listCardFiles, makeCard} from './make-bench-card.ts';
import {measureProcesses} from './measure-process.ts';
import {runTrial, type Trial} from './run-trial.ts';
import {makeSmallCard} from './small-card.ts';
import {measureStart} from './start-up.ts';
import {median} from './targets.ts';
import {makeSlowDisk, type SlowDisk} from './throttle.ts';

const BENCH = path.dirname(fileURLToPath(import.meta.url));
const PROJECT = path.dirname(BENCH);
const PROGRAM = path.join(PROJECT, 'bin', 'offload.cjs');
const FLOOR = path.join(PROJECT, '.bench', 'floor', 'floor.js');

/** Bytes a second: a UHS-I card in its reader, and a 2.5 inch disk. */
const CARD_SPEED = 90e6;
const DISK_SPEED = 120e6;
/** Pairs of 30 and 7 MB: 1.11 GB. */
const PAIRS = 30;

const {values} = parseArgs({
  options: {
    only: {
      type: 'string',
      default: 'slow-card,slow-disks,small,tiny,two-cards,prices,start,memory',
    },
    runs: {type: 'string', default: '3'},
    dir: {type: 'string', default: path.join(PROJECT, '.bench')},
    'no-write': {type: 'boolean', default: false},
  },
});
const RUNS = Number(values.runs);

const say = (line: string): void => console.error(line);
const rows: string[][] = [];
function tell(what: string, measured: string, wanted = ''): void {
  say(`${what}: ${measured}`);
  rows.push([what, measured, wanted]);
}

const seconds = (value: number): string => `${value.toFixed(2)} s`;
const mid = (numbers: readonly number[]): number => median(numbers) ?? Number.NaN;

interface Setting {
  readonly dir: string;
  readonly card: string;
  readonly files: readonly string[];
  readonly bytes: number;
  readonly to: readonly string[];
  readonly only: readonly ContenderName[];
  readonly order?: Places['order'];
}

/** Alternating runs. */
async function race({
  dir,
  card,
  files,
  bytes,
  to,
  only,
  order,
}: Setting): Promise<ReadonlyMap<ContenderName, readonly Trial[]>> {
  const caches = await findCacheMethod();
  const places: Places = {
    card,
    files,
    to,
    order,
    home: path.join(dir, 'home'),
    floor: FLOOR,
    program: PROGRAM,
    sharesBlocks: false,
  };
  const trials = new Map<ContenderName, Trial[]>();
  for (let run = 0; run < RUNS; run++) {
    for (const contender of CONTENDERS.filter(({name}) => only.includes(name))) {
      const trial = await runTrial({contender, places, caches, bytes});
      trials.set(contender.name, [...(trials.get(contender.name) ?? []), trial]);
      say(`  run ${run + 1}: ${contender.name} ${seconds(trial.seconds)}`);
    }
  }
  return trials;
}

const timeOf = (trials: ReadonlyMap<ContenderName, readonly Trial[]>, name: ContenderName) =>
  mid((trials.get(name) ?? []).map((trial) => trial.seconds));

function fastestOf(
  trials: ReadonlyMap<ContenderName, readonly Trial[]>,
): readonly [ContenderName, number] {
  const others = COMPETITORS.filter((name) => trials.has(name)).map(
    (name) => [name, timeOf(trials, name)] as const,
  );
  const [first] = others.toSorted((a, b) => a[1] - b[1]);
  if (first === undefined) throw new Error('no other tool is installed');
  return first;
}

async function competitors(): Promise<readonly ContenderName[]> {
  const able: ContenderName[] = [];
  for (const {name, tools} of CONTENDERS) {
    if (!COMPETITORS.includes(name)) continue;
    if ((await Promise.all(tools.map(isInstalled))).every(Boolean)) able.push(name);
  }
  return able;
}

async function withDisks<T>(disks: readonly SlowDisk[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    for (const disk of disks) await disk.remove();
  }
}

async function benchSlowCard(dir: string): Promise<void> {
  const bytes = cardBytes(PAIRS);
  const disk = await makeSlowDisk(dir, {name: 'E', bytes: bytes + 300e6});
  await withDisks([disk], async () => {
    const card = path.join(disk.folder, 'card');
    await makeCard(card, PAIRS);
    await disk.hold(CARD_SPEED);
    const to = ['W', 'B'].map((name) => path.join(dir, name));
    const only = ['offload', ...(await competitors())] as const;
    const trials = await race({dir, card, files: listCardFiles(PAIRS), bytes, to, only});
    const ours = timeOf(trials, 'offload');
    const bare = bytes / CARD_SPEED;
    const [name, other] = fastestOf(trials);
    tell(
      `${gb(bytes)} card held to 90 MB/s`,
      `${seconds(ours)}: ${((ours - 2) / bare).toFixed(3)} of card bytes / 90 MB/s, 2 s apart`,
      'at most 1.03',
    );
    tell(
      `the same against the fastest other, ${name}`,
      `${seconds(other)}: ${(ours / other).toFixed(2)}`,
      'at most 0.55',
    );
    const cpu = mid((trials.get('offload') ?? []).map((trial) => trial.cpuSeconds / trial.seconds));
    tell(
      'CPU while waiting for that card',
      `${(cpu * 100).toFixed(1)} % of one core`,
      'under 15 %',
    );
  });
}

async function benchSlowDisks(dir: string): Promise<void> {
  const bytes = cardBytes(PAIRS);
  const card = path.join(dir, 'card');
  await makeCard(card, PAIRS);
  const disks: SlowDisk[] = [];
  for (const name of ['W', 'B']) disks.push(await makeSlowDisk(dir, {name, bytes: bytes * 2.5}));
  await withDisks(disks, async () => {
    for (const disk of disks) await disk.hold(DISK_SPEED);
    const to = disks.map(({folder}) => path.join(folder, 'to'));
    const trials = await race({
      dir,
      card,
      files: listCardFiles(PAIRS),
      bytes,
      to,
      only: ['offload'],
      // The kernel holds reads and writes back apart from each other, which no rotating disk does: beside each other they would flatter.
      order: 'after',
    });
    const ours = timeOf(trials, 'offload');
    const bare = (2 * bytes) / DISK_SPEED;
    tell(
      `${gb(bytes)} to two disks held to 120 MB/s, read back after the last write`,
      `${seconds(ours)}: ${(ours / bare).toFixed(3)} of writing and reading back`,
      'at most 1.08',
    );
    await benchTwoCards(dir, disks, bare);
  });
}

/** The same bytes on two cards at once. */
async function benchTwoCards(dir: string, disks: readonly SlowDisk[], bare: number): Promise<void> {
  const cards = ['first', 'second'].map((name) => path.join(dir, name));
  for (const card of cards) await makeCard(card, PAIRS / 2);
  const caches = await findCacheMethod();
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const to = disks.map(({folder}) => path.join(folder, `both-${run}`));
    for (const folder of to) {
      await rm(path.join(path.dirname(folder), 'to'), {recursive: true, force: true});
      await mkdir(folder);
    }
    await dropCaches(caches, cards);
    const {usage} = await measureProcesses(() =>
      runProgram(dir, [
        ...cards.flatMap((card) => ['--card', card]),
        ...to.flatMap((folder) => ['--to', folder]),
        '--shoot',
        'both',
      ]),
    );
    times.push(usage.seconds);
    for (const folder of to) await rm(folder, {recursive: true});
  }
  const ours = mid(times);
  tell(
    'two cards at once onto the same two disks, read back after the last write',
    `${seconds(ours)}: ${(bare / ours).toFixed(3)} of their speed`,
    'at least 0.95',
  );
}

async function runProgram(dir: string, args: readonly string[]): Promise<string> {
  const home = path.join(dir, `home-${randomUUID().slice(0, 8)}`);
  const options = ['--allow-same-drive', '--quiet'];
  const {all} = await execa(process.execPath, [PROGRAM, ...args, ...options], {
    stdin: 'ignore',
    all: true,
    env: {OFFLOAD_HOME: home},
  });
  await rm(home, {recursive: true, force: true});
  return all;
}

async function benchSmall(dir: string): Promise<void> {
  const card = path.join(dir, 'small');
  const bytes = await makeSmallCard(card, {files: 5000, from: 20_000, to: 80_000});
  const to = ['W', 'B'].map((name) => path.join(dir, name));
  const trials = await race({dir, card, files: [], bytes, to, only: ['offload', 'rsync']});
  const [ours, other] = [timeOf(trials, 'offload'), timeOf(trials, 'rsync')];
  tell(
    '5,000 files of 20 to 80 KB',
    `${seconds(ours)}, rsync twice and rsync -c twice ${seconds(other)}: ${(ours / other).toFixed(2)}`,
    'at most 0.80',
  );
}

async function benchTiny(dir: string): Promise<void> {
  for (const files of [25_000, 50_000, 100_000]) {
    const place = path.join(dir, `tiny-${files}`);
    const card = path.join(place, 'card');
    await makeSmallCard(card, {files, from: 1000, to: 4000});
    const to = ['W', 'B'].map((name) => path.join(place, name));
    for (const folder of to) await mkdir(folder);
    await dropCaches(await findCacheMethod(), [card]);
    const args = ['--card', card, ...to.flatMap((folder) => ['--to', folder]), '--shoot', 'tiny'];
    const first = await measureProcesses(() => runProgram(place, args));
    tell(
      `${files.toLocaleString('en')} files of 1 to 4 KB`,
      `${seconds(first.usage.seconds)}: ${((first.usage.seconds / files) * 1e3).toFixed(2)} ms a file, ${mb(first.usage.peakRssBytes)}`,
      'linear, under 250 MB',
    );
    const second = await measureProcesses(() => runProgram(place, args));
    tell(
      'a second run, nothing to do',
      `${seconds(second.usage.seconds)}, ${mb(second.usage.peakRssBytes)}`,
      'under 10 s',
    );
    await rm(place, {recursive: true});
  }
}

const PRICES = [
  ['two destinations', []],
  ['three destinations', []],
  ['--verify full', ['--verify', 'full']],
  ['--mhl', ['--mhl']],
  ['--report', ['--report']],
  ['--verify full --mhl --report', ['--verify', 'full', '--mhl', '--report']],
] as const;

async function benchPrices(dir: string): Promise<void> {
  const card = path.join(dir, 'card');
  await makeCard(card, PAIRS);
  const caches = await findCacheMethod();
  const times = new Map<string, number[]>();
  for (let run = 0; run < RUNS; run++) {
    for (const [name, options] of PRICES) {
      const to = (name === 'three destinations' ? ['W', 'B', 'C'] : ['W', 'B']).map((one) =>
        path.join(dir, one),
      );
      for (const folder of to) await mkdir(folder);
      await dropCaches(caches, [card]);
      const args = [
        '--card',
        card,
        ...to.flatMap((folder) => ['--to', folder]),
        '--shoot',
        'price',
        ...options,
      ];
      const {usage} = await measureProcesses(() => runProgram(dir, args));
      times.set(name, [...(times.get(name) ?? []), usage.seconds]);
      for (const folder of to) await rm(folder, {recursive: true});
    }
  }
  const plain = mid(times.get('two destinations') ?? []);
  for (const [name] of PRICES) {
    const its = mid(times.get(name) ?? []);
    tell(`${gb(cardBytes(PAIRS))}, ${name}`, `${seconds(its)}: ${(its / plain).toFixed(2)}`);
  }
}

async function benchStart(dir: string): Promise<void> {
  for (const {what, milliseconds, wanted} of await measureStart({
    dir,
    program: PROGRAM,
    runs: RUNS,
  })) {
    tell(what, `${mid(milliseconds).toFixed(0)} ms`, wanted);
  }
}

async function benchMemory(dir: string): Promise<void> {
  for (const row of await benchLargerThanMemory({dir, program: PROGRAM})) tell(...row);
}

const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

const PARTS = [
  ['slow-card', benchSlowCard],
  ['slow-disks', benchSlowDisks],
  ['small', benchSmall],
  ['tiny', benchTiny],
  ['prices', benchPrices],
  ['start', benchStart],
  ['memory', benchMemory],
] as const;

function formatTable(): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  const head = ['what', 'measured', 'wanted'];
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

await mkdir(values.dir, {recursive: true});
const dir = await mkdtemp(path.join(values.dir, 'speed-'));
try {
  await execa('npm', ['run', 'build'], {cwd: PROJECT, stdin: 'ignore'});
  const wanted = values.only.split(',');
  for (const [name, run] of PARTS) {
    if (!wanted.includes(name)) continue;
    const place = path.join(dir, name);
    await mkdir(place);
    await run(place);
    await rm(place, {recursive: true, force: true});
  }
  console.log(formatTable());
  if (!values['no-write']) {
    const {facts} = await describeMachine(dir);
    const machine = facts.map(([what, which]) => `- ${what}: ${which}`).join('\n');
    const kernel = (await readFile('/proc/sys/kernel/osrelease', 'utf8')).trim();
    const page = `# Speed under other conditions\n\n${new Date().toISOString().slice(0, 10)}. \`npm run bench:speed\` wrote this page: medians of ${RUNS} alternating runs, caches empty. All lies on one disk of the machine, but for disks that are held back by the kernel.\n\n${formatTable()}\n\n## Machine\n\n${machine}\n- kernel of the throttle: ${kernel}\n`;
    await writeFile(path.join(BENCH, 'SPEED.md'), page);
  }
} finally {
  await rm(dir, {recursive: true, force: true});
}
