import {mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {lstat, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test from 'ava';
import {build} from 'esbuild';
import fc from 'fast-check';
import type {BaseState} from '../../src/backup/base-state.ts';
import {planMirror} from '../../src/backup/plan-mirror.ts';
import {
  type ChangedFolders,
  keepFolder,
  mergeFolders,
  noteRenamed,
} from '../../src/backup/state-reader.ts';
import {writeState} from '../../src/backup/write-state.ts';
import {LEAVE_NOTHING} from '../../src/core/backup/mirror-leave-out.ts';
import type {MirrorPlan} from '../../src/core/backup/mirror-plan.ts';
import type {MirrorRecord} from '../../src/core/backup/mirror-record.ts';
import {recordLine} from '../../src/core/backup/state-lines.ts';
import {compareFiles, folderOf, nameOf} from '../../src/core/backup/walk-order.ts';
import {errnoOf, ok} from '../../src/core/cause.ts';
import {type NamingRules, PORTABLE_RULES, safeName} from '../../src/core/safe-names.ts';
import type {MatchingFiles} from '../../src/system/files.ts';
import {FolderLooker} from '../../src/system/folder-looker.ts';
import {loadHashEngine} from '../../src/system/hasher.ts';
import {type MatchQuestion, matchFolders} from '../../src/system/match-folders.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {systemPath} from '../../src/system/system-path.ts';
import {interceptCalls} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const hashEngine = await loadHashEngine();

const POSIX: NamingRules = {
  family: 'posix',
  caseSensitive: true,
  normalizes: false,
  maxBytes: 255,
  maxUnits: null,
};

const name = fc.oneof(
  {weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd.jpg')},
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'A',
      'a-b',
      'é',
      'e\u0301',
      'c:d',
      'c%3Ad',
      'con',
      '_archive',
      '_offload',
      'ascmhl',
      'lock',
      'x.journal',
      'id.json',
      '.DS_Store',
      '._a',
      '.offload-x',
      'n\udce9',
      'n\uFFFD',
      'q"\\',
      'l\nf',
      '20261123T141500Z-x3k9ab',
    ),
  },
);
const path = fc.array(name, {minLength: 1, maxLength: 3}).map((parts) => parts.join('/'));

/** How a file came out of step, if it did. */
const trouble = fc.constantFrom(
  'new',
  'gone',
  'lost',
  'source-size',
  'source-mtime',
  'source-changed',
  'copy-size',
  'copy-mtime',
  'elsewhere',
  'changed',
  'dropped',
  'link',
  'folder',
  'broken',
);
const extra = fc.record({
  kind: fc.constantFrom('file', 'folder', 'link'),
  side: fc.constantFrom('source', 'target', 'both'),
  path,
});

interface Story {
  readonly files: readonly string[];
  readonly troubles: readonly {readonly which: number; readonly kind: string}[];
  readonly extras: readonly {readonly kind: string; readonly side: string; readonly path: string}[];
  readonly filtered: boolean;
}

const story: fc.Arbitrary<Story> = fc.record({
  files: fc.uniqueArray(path, {minLength: 1, maxLength: 14}),
  troubles: fc.array(fc.record({which: fc.nat(13), kind: trouble}), {maxLength: 2}),
  extras: fc.array(extra, {maxLength: 3}),
  filtered: fc.boolean(),
});

/** What cannot be made beside what is there already is left away. */
function tries(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

function makeFile(root: string, at: string, content: string): void {
  tries(() => {
    mkdirSync(systemPath(join(root, folderOf(at))), {recursive: true});
    writeFileSync(systemPath(join(root, at)), content, {flag: 'wx'});
  });
}

async function factsOf(root: string, at: string) {
  const none = {mtimeNs: 5n, ctimeNs: 5n, isFile: () => false};
  return await lstat(systemPath(join(root, at)), {bigint: true}).catch(() => none);
}

interface Trial {
  readonly source: string;
  readonly target: string;
  readonly state: string;
  readonly base: BaseState;
  readonly changed: ChangedFolders;
  readonly renamed: ReadonlyMap<string, string>;
}

async function makeTrial(folder: string, rules: NamingRules, one: Story): Promise<Trial> {
  const source = join(folder, 's');
  const target = join(folder, 't');
  for (const root of [source, target]) await mkdir(root, {recursive: true});
  const troubles = new Map(
    one.troubles.map(({which, kind}) => [one.files[which % one.files.length], kind]),
  );
  const placeOf = (at: string) =>
    at
      .split('/')
      .map((part) => safeName(part, rules))
      .join('/') + (troubles.get(at) === 'elsewhere' ? '-2' : '');
  for (const at of one.files) {
    makeFile(source, at, 'content');
    makeFile(target, placeOf(at), 'content');
  }
  for (const {kind, side, path: at} of one.extras) {
    for (const root of side === 'both' ? [source, target] : [join(folder, side.slice(0, 1))]) {
      if (kind === 'file') makeFile(root, at, 'extra');
      else if (kind === 'folder') {
        tries(() => mkdirSync(systemPath(join(root, at)), {recursive: true}));
      } else tries(() => symlinkSync('nowhere', systemPath(join(root, at))));
    }
  }
  const records: MirrorRecord[] = [];
  const changed = new Map<string, Map<string, MirrorRecord | undefined>>();
  const renamed = new Map<string, string>();
  for (const at of one.files) {
    const kind = troubles.get(at);
    const place = placeOf(at);
    const [from, to] = [await factsOf(source, at), await factsOf(target, place)];
    if (kind === 'new' || !from.isFile()) continue;
    const record: MirrorRecord = {
      path: at,
      target: place,
      size: kind === 'source-size' || kind === 'copy-size' ? 8 : 7,
      hash: 'ab'.repeat(32),
      source: {
        mtimeNs: from.mtimeNs + (kind === 'source-mtime' ? 1n : 0n),
        changedNs: from.ctimeNs - (kind === 'source-changed' ? 1n : 0n),
      },
      copy: {mtimeNs: to.mtimeNs + (kind === 'copy-mtime' ? 1n : 0n), changedNs: 1n},
      provedAt: '2026-11-23T14:15:00.000Z',
      mediumRead: 'direct',
    };
    records.push(record);
    if (place !== at) noteRenamed(renamed, record);
    if (kind === 'changed' || kind === 'dropped') {
      const names = changed.get(folderOf(at)) ?? new Map<string, MirrorRecord | undefined>();
      names.set(nameOf(at), kind === 'dropped' ? undefined : {...record, size: 9});
      changed.set(folderOf(at), names);
    }
    if (kind === 'gone') rmSync(systemPath(join(source, at)));
    if (kind === 'lost') rmSync(systemPath(join(target, place)), {force: true});
    if (kind === 'link' || kind === 'folder') {
      const copy = systemPath(join(target, place));
      rmSync(copy, {force: true});
      tries(() => (kind === 'link' ? symlinkSync(join(source, at), copy) : mkdirSync(copy)));
    }
  }
  const state = join(folder, 'state');
  const base = await writeRecords(state, records);
  const isBroken = records.some((record) => troubles.get(record.path) === 'broken');
  if (isBroken) {
    const broken = records.find((record) => troubles.get(record.path) === 'broken');
    const line = broken && recordLine(broken);
    const text = readFileSync(state, 'utf8');
    writeFileSync(state, text.replace(`\n${line}`, `\n${line?.replace('abab', 'cdcd')}`));
  }
  return {source, target, state, base, changed, renamed};
}

async function writeRecords(path: string, records: readonly MirrorRecord[]): Promise<BaseState> {
  const folders = new Map<string, Map<string, MirrorRecord>>();
  for (const record of records.toSorted((a, b) => compareFiles(a.path, b.path))) {
    const its = folders.get(folderOf(record.path)) ?? new Map<string, MirrorRecord>();
    folders.set(folderOf(record.path), its.set(nameOf(record.path), record));
  }
  const written = await writeState({
    files: realFiles,
    path,
    temporary: `${path}.part`,
    header: {
      schema: 'offload-mirror/1',
      job: 'job',
      source: {volume: 'w', folder: ''},
      targetVolume: 'b',
      run: 'run',
      before: null,
      tool: 'test',
    },
    folders: (async function* () {
      yield [...folders].map(([at, its]) => keepFolder(at, its));
    })(),
    hashEngine,
    readBack: async (at) => ok(hashBytes(readFileSync(at))),
  });
  if (!written.ok) throw new Error(written.cause.message);
  return written.value;
}

function hashBytes(bytes: Buffer): string {
  const hasher = hashEngine.create();
  hasher.update(bytes);
  return hasher.digest();
}

const stateless = interceptCalls(realFiles, (_call, proceed) => proceed());

/** @returns the plan, and how many folders were listed for it. */
async function planWith(files: MatchingFiles, rules: NamingRules, trial: Trial, filtered: boolean) {
  let damage: string | undefined;
  const {base, state: path} = trial;
  const onDamage = (why: string) => {
    damage = why;
  };
  let listed = 0;
  const counted: MatchingFiles = {
    ...files,
    lookAll(folder) {
      listed += 1;
      return files.lookAll(folder);
    },
  };
  const plan = await planMirror({
    files: counted,
    source: trial.source,
    target: trial.target,
    rules,
    leaveOut: filtered ? (at) => nameOf(at) === 'b' : LEAVE_NOTHING,
    state: {
      renamed: trial.renamed,
      folders: () =>
        mergeFolders({files: realFiles, path, base, hashEngine, onDamage}, trial.changed),
    },
    signal: new AbortController().signal,
    onLook: () => {},
  });
  return {plan, listed, damage};
}

const stepsOf = (kind: string, {steps}: MirrorPlan) => steps.filter((step) => step.kind === kind);

for (const [label, rules] of [
  ['ext4', POSIX],
  ['exFAT', PORTABLE_RULES],
] as const) {
  test(`${label}: the short way past folders without changes gives the plan of the long one`, async (t) => {
    const parent = await makeTemporaryFolder(t);
    const matching = {
      ...stateless,
      matchFolders: async (q: Parameters<typeof matchFolders>[0]) => matchFolders(q),
    };
    let listedSlowly = 0;
    let listedFast = 0;
    let calm = 0;
    let run = 0;
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        run += 1;
        const folder = join(parent, `${run}`);
        const trial = await makeTrial(folder, rules, one);
        const slow = await planWith(stateless, rules, trial, one.filtered);
        const fast = await planWith(matching, rules, trial, one.filtered);
        // The short way reads no records of folders that are as the index says: damage in them is not seen.
        if (slow.damage === fast.damage) t.deepEqual(fast.plan, slow.plan);
        else t.deepEqual(stepsOf('vanish', fast.plan), stepsOf('vanish', slow.plan));
        listedSlowly += slow.listed;
        listedFast += fast.listed;
        if (fast.listed === 0) calm += 1;
        rmSync(folder, {recursive: true});
      }),
      {numRuns: 120},
    );
    t.true(calm > 0, `${calm} trees without one listing`);
    t.true(listedFast < 0.9 * listedSlowly, `${listedFast} of ${listedSlowly}`);
  });
}

test('threads match many folders, and where none starts everything is listed', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const files = Array.from({length: 6000}, (_, at) => `d${at % 60}/e/IMG_${at}.JPG`);
  const trial = await makeTrial(folder, POSIX, {files, troubles: [], extras: [], filtered: false});
  const built = join(folder, 'look-thread.mjs');
  await build({
    entryPoints: ['src/system/look-thread.ts'],
    outfile: built,
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
  const slow = await planWith(stateless, POSIX, trial, false);
  t.is(slow.plan.unchanged, files.length);
  for (const [thread, listed] of [
    [built, 0],
    [join(folder, 'none.mjs'), slow.listed],
  ] as const) {
    const looker = new FolderLooker((at) => realFiles.lookAll(at), pathToFileURL(thread));
    const matching = {...stateless, matchFolders: looker.match.bind(looker)};
    const fast = await planWith(matching, POSIX, trial, false);
    t.deepEqual(fast.plan, slow.plan);
    t.is(fast.listed, listed);
  }
});

test('threads that are expected to have much to do are there before they are asked, and others are not', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const built = join(folder, 'look-thread.cjs');
  await build({
    entryPoints: ['src/system/look-thread.ts'],
    outfile: built,
    bundle: true,
    format: 'cjs',
    platform: 'node',
  });
  const few: MatchQuestion = {
    root: folder,
    paths: ['none'],
    digests: [''],
    files: 1,
    side: 'source',
    wantsNames: false,
  };
  const makeLooker = (thread: string) =>
    new FolderLooker((at) => realFiles.lookAll(at), pathToFileURL(thread));
  const calm = makeLooker(built);
  calm.expect(1999);
  t.is(await calm.match(few), undefined);
  const busy = makeLooker(built);
  busy.expect(2000);
  t.deepEqual((await busy.match(few))?.isMatch, new Uint8Array(1));
  // A thread that does not start is no fault: everything is looked at without one.
  const lame = makeLooker(join(folder, 'none.cjs'));
  lame.expect(2000);
  t.is(await lame.match(few), undefined);
  t.deepEqual(await lame.look(folder), await realFiles.lookAll(folder));
});
