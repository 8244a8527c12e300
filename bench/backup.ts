/**
 * How the mirror of a backup fares: `npx tsx bench/backup.ts [--files N] [--runs N] [--dir FOLDER] [--only idle,first,changed,patch] [--no-write]`. Writes bench/BACKUP.md. Linux, root for `patch`.
 *
 * Every run is the built program's own `offload backup run`; source and target are folders with markers of their own on one disk.
 */
import {randomBytes, randomUUID} from 'node:crypto';
import {closeSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync} from 'node:fs';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {execa} from 'execa';
import {BACKUP_JOBS} from '../src/core/backup/jobs/jobs-file.ts';
import {parseJobsFile} from '../src/core/backup/jobs/parse-jobs-file.ts';
import {realFiles} from '../src/system/real-files.ts';
import {makeMarker} from '../src/system/volume-marker.ts';
import {describeVolume, realVolumeTools} from '../src/system/volumes/index.ts';
import {type CacheMethod, dropCaches, findCacheMethod} from './drop-caches.ts';
import {describeMachine} from './machine.ts';
import {cardBytes, makeCard} from './make-bench-card.ts';
import {measureProcesses, type Usage} from './measure-process.ts';
import {median} from './targets.ts';
import {writeKnownState} from './write-known-state.ts';

const BENCH = path.dirname(fileURLToPath(import.meta.url));
const PROJECT = path.dirname(BENCH);
const PROGRAM = path.join(PROJECT, 'bin', 'offload.cjs');
const FLOOR = path.join(PROJECT, '.bench', 'floor', 'floor.js');
const FILES_IN_FOLDER = 1000;
/** Pairs of 30 and 7 MB: 2.2 GB. */
const PAIRS = 60;
/** More files than these are copied without the program before they are measured. */
const MOST_COPIED = 200_000;
const JOB = 'bench';
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const {values} = parseArgs({
  options: {
    files: {type: 'string', default: '1000000'},
    runs: {type: 'string', default: '3'},
    dir: {type: 'string', default: path.join(PROJECT, '.bench')},
    only: {type: 'string', default: 'idle,first,changed,patch'},
    'no-write': {type: 'boolean', default: false},
  },
});
const FILES = Number(values.files);
const RUNS = Number(values.runs);

const say = (line: string): void => console.error(line);
const rows: string[][] = [];
const tell = (what: string, measured: string, wanted: string): void => {
  say(`${what}: ${measured}`);
  rows.push([what, measured, wanted]);
};

/** A source and a target with markers, and a home with one job between them. */
interface Pair {
  readonly source: string;
  readonly target: string;
  readonly home: string;
}

async function makePair(dir: string, target = path.join(dir, 'B')): Promise<Pair> {
  const source = path.join(dir, 'W');
  const home = path.join(dir, 'home');
  for (const folder of [source, target, home]) await mkdir(folder, {recursive: true});
  for (const [folder, role] of [
    [source, 'working'],
    [target, 'backup'],
  ] as const) {
    const volume = await describeVolume(folder, realVolumeTools(process.platform));
    await makeMarker(realFiles, folder, {
      id: randomUUID(),
      name: path.basename(folder),
      role,
      createdAt: new Date().toISOString(),
      fsUuid: volume.uuid,
      sizeBytes: volume.size,
      place: null,
    });
  }
  await offload(home, ['backup', 'add', JOB, '--from', source, '--to', target]);
  return {source, target, home};
}

interface Event {
  readonly type: string;
  readonly [member: string]: unknown;
}

async function offload(home: string, args: readonly string[]): Promise<readonly Event[]> {
  const run = await execa(process.execPath, [PROGRAM, ...args, '--json'], {
    stdin: 'ignore',
    reject: false,
    env: {OFFLOAD_HOME: home},
    maxBuffer: 2 * GIB,
  });
  const events = run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Event => JSON.parse(line));
  if (run.exitCode !== 0) {
    throw new Error(
      `offload ${args.join(' ')}: exit ${run.exitCode}\n${run.stderr}\n${run.stdout.slice(-2000)}`,
    );
  }
  return events;
}

interface Mirrored extends Usage {
  /** The event `backup-finished`. */
  readonly finished: Event;
  /** Bytes that were read from the source. */
  readonly read: number;
}

async function mirror({home}: Pair): Promise<Mirrored> {
  const {value, usage} = await measureProcesses(() => offload(home, ['backup', 'run', JOB]));
  const finished = value.find(({type}) => type === 'backup-finished');
  if (finished === undefined) throw new Error('the run told no end');
  const progress = value.filter(({type}) => type === 'backup-progress').at(-1);
  return {...usage, finished, read: Number(progress?.read ?? 0)};
}

/** Small files as sidecars are, a thousand in a folder. */
function growTree(root: string, files: number): void {
  for (let folder = 0; folder * FILES_IN_FOLDER < files; folder++) {
    const at = path.join(root, `shoot-${Math.floor(folder / 100)}`, `folder-${folder}`);
    mkdirSync(at, {recursive: true});
    for (let n = 0; n < FILES_IN_FOLDER && folder * FILES_IN_FOLDER + n < files; n++) {
      writeFileSync(path.join(at, `IMG_${String(n).padStart(4, '0')}.xmp`), `${folder}/${n}`);
    }
  }
}

/** Nothing to do, against `rsync -a --dry-run` on the same trees; then 1 % of the files changed. */
async function benchIdle(dir: string, caches: CacheMethod): Promise<void> {
  const pair = await makePair(dir);
  say(`making ${FILES} files`);
  growTree(pair.source, FILES);
  if (FILES <= MOST_COPIED) await benchTinyFirst(pair);
  else await copyAtOnce(pair);
  // The first run behind that tells the catalog what it did not know.
  await mirror(pair);
  for (const state of ['warm', 'cold'] as const) {
    const ours: Usage[] = [];
    const theirs: Usage[] = [];
    for (let run = 0; run < RUNS; run++) {
      if (state === 'cold') await dropCaches(caches, [pair.source, pair.target]);
      ours.push(await mirror(pair));
      if (state === 'cold') await dropCaches(caches, [pair.source, pair.target]);
      const args = ['-a', '--dry-run', `${pair.source}/`, `${pair.target}/`];
      theirs.push((await measureProcesses(() => execa('rsync', args, {stdin: 'ignore'}))).usage);
    }
    const seconds = (usages: readonly Usage[]) => median(usages.map((one) => one.seconds)) ?? 0;
    const [mine, other] = [seconds(ours), seconds(theirs)];
    tell(
      `nothing to do, ${FILES} files, ${state} cache`,
      `${mine.toFixed(1)} s, rsync ${other.toFixed(1)} s: ${(mine / other).toFixed(2)}`,
      'at most 1.00',
    );
    const peak = Math.max(...ours.map(({peakRssBytes}) => peakRssBytes));
    tell(`memory of that`, `${(peak / 1e6).toFixed(0)} MB`, 'under 500 MB');
  }
  if (values.only.includes('changed') && FILES <= MOST_COPIED) await benchChanged(pair);
}

async function benchTinyFirst(pair: Pair): Promise<void> {
  say('the first run');
  const first = await mirror(pair);
  tell(
    `first run of ${FILES} tiny files`,
    `${first.seconds.toFixed(0)} s, ${(first.peakRssBytes / 1e6).toFixed(0)} MB`,
    '',
  );
}

/** Copies by rsync, and the state that a first run would have left. */
async function copyAtOnce({source, target, home}: Pair): Promise<void> {
  say('copying with rsync, and writing the state');
  const args = ['-a', '--exclude=.offload*', `${source}/`, `${target}/`];
  await execa('rsync', args, {stdin: 'ignore'});
  const text = await readFile(path.join(home, BACKUP_JOBS.fileName), 'utf8');
  const jobs = parseJobsFile(BACKUP_JOBS, text, home);
  const job = jobs.ok ? jobs.value.jobs[0] : undefined;
  if (job === undefined) throw new Error('there is no job');
  await writeKnownState({source, target, job});
}

async function benchChanged(pair: Pair): Promise<void> {
  let bytes = 0;
  let changed = 0;
  for (let folder = 0; folder * FILES_IN_FOLDER < FILES; folder++) {
    const at = path.join(pair.source, `shoot-${Math.floor(folder / 100)}`, `folder-${folder}`);
    for (let n = 0; n < FILES_IN_FOLDER && folder * FILES_IN_FOLDER + n < FILES; n += 100) {
      const text = `changed ${folder}/${n}`;
      writeFileSync(path.join(at, `IMG_${String(n).padStart(4, '0')}.xmp`), text);
      bytes += text.length;
      changed += 1;
    }
  }
  const run = await mirror(pair);
  tell(
    `1 % changed: ${changed} files, ${bytes} bytes`,
    `${run.seconds.toFixed(1)} s, ${run.finished.replaced} replaced, ${run.read} bytes read from the source`,
    'only those read',
  );
}

/** A first run of 2.2 GB, against reading, writing and reading back the same bytes with nothing else. */
async function benchFirst(dir: string, caches: CacheMethod): Promise<void> {
  await execa('tsc', ['-p', 'bench/tsconfig.floor.json'], {cwd: PROJECT, preferLocal: true});
  const card = path.join(dir, 'card');
  await makeCard(card, PAIRS);
  const ours: number[] = [];
  const floors: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const place = path.join(dir, `run-${run}`);
    await mkdir(place);
    const pair = await makePair(place);
    await execa('cp', ['-a', '--reflink=never', `${card}/.`, pair.source], {stdin: 'ignore'});
    await dropCaches(caches, [pair.source]);
    ours.push((await mirror(pair)).seconds);
    const floor = path.join(place, 'floor');
    await mkdir(floor);
    await dropCaches(caches, [card]);
    const measured = await measureProcesses(() =>
      execa(process.execPath, [FLOOR, card, floor], {stdin: 'ignore'}),
    );
    floors.push(measured.usage.seconds);
    await rm(place, {recursive: true});
  }
  const [mine, floor] = [median(ours) ?? 0, median(floors) ?? 0];
  tell(
    `first run, ${(cardBytes(PAIRS) / 1e9).toFixed(1)} GB`,
    `${mine.toFixed(2)} s, floor ${floor.toFixed(2)} s: ${(mine / floor).toFixed(2)}`,
    'at most 1.25',
  );
}

/** A file of 4 GiB like a catalog, 1 % of its blocks changed, on XFS that can share blocks: what the device was given to write. */
async function benchPatch(dir: string): Promise<void> {
  const image = path.join(dir, 'xfs.img');
  const mount = path.join(dir, 'xfs');
  await mkdir(mount);
  await execa('truncate', ['-s', `${12 * GIB}`, image]);
  await execa('mkfs.xfs', ['-q', '-m', 'reflink=1', image]);
  await execa('mount', ['-o', 'loop', image, mount]);
  try {
    const {stdout: device} = await execa('findmnt', ['-n', '-o', 'SOURCE', mount]);
    const pair = await makePair(dir, path.join(mount, 'B'));
    const catalog = path.join(pair.source, 'Wedding.lrcat');
    const block = randomBytes(16 * MIB);
    const file = openSync(catalog, 'w');
    for (let at = 0; at < 4 * GIB; at += block.length) {
      block.writeUInt32LE(at / block.length, 0);
      writeSync(file, block, 0, block.length, at);
    }
    closeSync(file);
    await mirror(pair);
    const update = openSync(catalog, 'r+');
    // Blocks of 64 KiB, as a database touches pages here and there; one in a hundred.
    const piece = randomBytes(64 * 1024);
    for (let at = 0; at < 4 * GIB; at += piece.length * 100) {
      writeSync(update, piece, 0, piece.length, at);
    }
    closeSync(update);
    utimesSync(catalog, new Date(), new Date());
    await execa('sync');
    const before = await writtenTo(device);
    const run = await mirror(pair);
    await execa('sync');
    const written = (await writtenTo(device)) - before;
    tell(
      'a file of 4 GiB with 1 % changed blocks',
      `${(written / MIB).toFixed(0)} MiB written to the device: ${((100 * written) / (4 * GIB)).toFixed(1)} %, ${run.seconds.toFixed(1)} s, ${run.finished.patched} patched`,
      'at most 5 %',
    );
  } finally {
    await execa('umount', [mount]);
  }
}

/** Bytes: the seventh field counts sectors of 512 (Linux Documentation/block/stat.rst). */
async function writtenTo(device: string): Promise<number> {
  const stat = await readFile(`/sys/block/${path.basename(device)}/stat`, 'utf8');
  return Number(stat.trim().split(/\s+/)[6]) * 512;
}

function formatTable(): string {
  const head = ['what', 'measured', 'wanted'];
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

await mkdir(values.dir, {recursive: true});
const dir = await mkdtemp(path.join(values.dir, 'backup-'));
try {
  const caches = await findCacheMethod();
  await execa('npm', ['run', 'build'], {cwd: PROJECT, stdin: 'ignore'});
  const parts = values.only.split(',');
  for (const [part, run] of [
    ['first', benchFirst],
    ['patch', benchPatch],
    ['idle', benchIdle],
  ] as const) {
    if (!parts.includes(part)) continue;
    const place = path.join(dir, part);
    await mkdir(place);
    await run(place, caches);
    await rm(place, {recursive: true});
  }
  const {facts} = await describeMachine(dir);
  const machine = facts.map(([what, which]) => `- ${what}: ${which}`).join('\n');
  const page = `# Benchmark of the backup\n\n${new Date().toISOString().slice(0, 10)}. \`npx tsx bench/backup.ts --files ${FILES}\` wrote this page. Source and target lie on one disk; ${RUNS} runs, alternating, medians.\n\n${formatTable()}\n\n## Machine\n\n${machine}\n`;
  console.log(formatTable());
  if (!values['no-write']) await writeFile(path.join(BENCH, 'BACKUP.md'), page);
} finally {
  await rm(dir, {recursive: true, force: true});
}
