/** `--select`, `--lightroom` and `--explain` through the commands, on folders that are drives with markers. */
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
  addJob,
  editJob,
  explainPictures,
  listJobs,
  removeJob,
  runJobs,
} from '../../../src/commands/backup/index.ts';
import type {TypedJob} from '../../../src/commands/backup/job-words.ts';
import {runTarget} from '../../../src/commands/backup/run-target.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import {plainLines} from '../../../src/output/plain-lines.ts';
import {makeLrcat} from '../../helpers/make-lrcat.ts';
import {readTree} from '../../helpers/run-offload.ts';
import {madeJpeg, madeXmp} from '../../helpers/selection-scene.ts';
import {
  type BackupTrial,
  idOf,
  listen,
  makeBackupTrial,
  programOf,
  pull,
  readOwn,
  typed,
  writeOwn,
} from './backup-trial.ts';

const RULE = 'rating >= 3 or pick';

const add = (trial: BackupTrial, change: Partial<TypedJob>) =>
  listen((emit) =>
    addJob(
      programOf(trial),
      {
        name: 'best',
        typed: typed({from: join(trial.w, 'Photos'), to: [join(trial.b, 'Photos')], ...change}),
      },
      emit,
    ),
  );
const edit = (trial: BackupTrial, change: Partial<TypedJob>) =>
  listen((emit) => editJob(programOf(trial), {name: 'best', typed: typed(change)}, emit));
const list = (trial: BackupTrial) => listen((emit) => listJobs(programOf(trial), emit));
const explain = (trial: BackupTrial, ...paths: readonly string[]) =>
  listen((emit) => explainPictures(programOf(trial), {names: ['best'], paths}, emit));
const run = (trial: BackupTrial, preview = false) =>
  listen((emit) =>
    runJobs(
      programOf(trial),
      {names: ['best'], due: false, preview, acceptDeletions: false, acceptChanges: false},
      {emit, signal: new AbortController().signal, runTarget, alsoDue: []},
    ),
  );

const selectionOf = async (trial: BackupTrial): Promise<unknown> => {
  const {jobs} = await readOwn(trial, 'backup-jobs.json');
  return Array.isArray(jobs) ? jobs[0]?.selection : undefined;
};

/** What a person sees. */
function tell(events: readonly OffloadEvent[]): readonly string[] {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const sink = plainLines({
    writeResult: write,
    writeDiagnostic: write,
    now: () => new Date('2026-11-23T12:00:00Z'),
  });
  for (const event of events) sink.write(event);
  return lines;
}

async function makeTrial(t: ExecutionContext): Promise<BackupTrial> {
  const trial = await makeBackupTrial(t);
  const put = (path: string, bytes: string | Buffer) =>
    writeFile(join(trial.w, 'Photos/2026', path), bytes);
  await mkdir(join(trial.w, 'Photos/2026'));
  await put('A.CR3', 'raw A');
  await put('A.JPG', madeJpeg({rating: 0, pick: 0}));
  await put('A.xmp', madeXmp({rating: 4, pick: 0, label: 'Rot', keywords: ['Best']}));
  await put('B.CR3', 'raw B');
  await put('B.xmp', madeXmp({rating: 1, pick: 0}));
  await put('C.CR3', 'raw C');
  await put('notes.txt', 'notes');
  return trial;
}

test('a rule is kept with its job, told, changed and taken away', async (t) => {
  const trial = await makeTrial(t);
  t.is((await add(trial, {select: ` ${RULE} `})).end.exitCode, 0);
  t.deepEqual(await selectionOf(trial), {rule: RULE, catalog: null});
  const [known] = (await list(trial)).events;
  t.like(known, {type: 'job-known', selection: {rule: RULE, catalog: null}});
  t.true(
    tell([known ?? {type: 'run-ended', outcome: 'complete', exitCode: 0}]).includes(
      `  keeps ${RULE}`,
    ),
  );
  t.is((await edit(trial, {every: '6h'})).end.exitCode, 0);
  t.deepEqual(await selectionOf(trial), {rule: RULE, catalog: null});
  await edit(trial, {select: 'reject'});
  t.deepEqual(await selectionOf(trial), {rule: 'reject', catalog: null});
  await edit(trial, {select: false});
  t.is(await selectionOf(trial), null);
});

test('nonsense is refused with a mark below its place, and nothing is written', async (t) => {
  const trial = await makeTrial(t);
  const told = await add(trial, {select: 'rating >= x or pick'});
  t.deepEqual([told.end.exitCode, told.codes], [2, ['bad-rule']]);
  t.deepEqual(tell(told.events).slice(-2), ['  rating >= x or pick', '            ^']);
  await t.throwsAsync(() => selectionOf(trial), {code: 'ENOENT'});
  t.deepEqual((await add(trial, {lightroom: 'x.lrcat'})).codes, ['usage']);
  for (const lightroom of ['no.lrcat', trial.w, join(trial.w, 'Photos/2026/notes.txt')])
    t.deepEqual(
      (await add(trial, {select: RULE, lightroom})).codes,
      ['catalog-missing'],
      lightroom,
    );
});

test('a catalog on a marked drive is kept by its drive, one of the computer by its path', async (t) => {
  const trial = await makeTrial(t);
  const onDrive = join(trial.o, 'Cat/Studio.lrcat');
  await makeLrcat(onDrive, {
    root: `${trial.w}/Photos/`,
    pictures: [{path: '2026/C.CR3', rating: 5}],
  });
  await add(trial, {select: RULE, lightroom: onDrive});
  const catalog = {volume: idOf(trial.o), path: 'Cat/Studio.lrcat'};
  t.deepEqual(await selectionOf(trial), {rule: RULE, catalog});
  await edit(trial, {select: 'pick or rating = 5'});
  t.deepEqual(await selectionOf(trial), {rule: 'pick or rating = 5', catalog});
  const {finished} = await run(trial);
  t.like(finished[0], {result: 'good', copied: 1});
  t.deepEqual(await readdir(join(trial.b, 'Photos/2026')), ['C.CR3']);
  await pull(trial, trial.o);
  const away = await run(trial);
  t.is(away.end.exitCode, 2);
  t.like(away.finished[0], {result: 'refused', code: 'catalog-away'});
  t.deepEqual(await readdir(join(trial.b, 'Photos/2026')), ['C.CR3']);
  t.deepEqual((await explain(trial, '2026/C.CR3')).codes, ['catalog-away']);
  await edit(trial, {lightroom: false});
  t.deepEqual(await selectionOf(trial), {rule: 'pick or rating = 5', catalog: null});
  const own = join(trial.folder, 'Own.lrcat');
  await makeLrcat(own);
  await edit(trial, {lightroom: own});
  t.deepEqual(await selectionOf(trial), {
    rule: 'pick or rating = 5',
    catalog: {volume: null, path: own},
  });
});

test('a preview tells the counts and writes nothing, a run does what it told', async (t) => {
  const trial = await makeTrial(t);
  await add(trial, {select: RULE});
  const before = [await readTree(trial.w), await readTree(trial.b), await readTree(trial.home)];
  const preview = await run(trial, true);
  t.is(preview.end.exitCode, 0);
  const lines = tell(preview.events);
  const at = lines.findIndex((line) => line.includes('1 picture in, 1 out, 1 unknown'));
  t.deepEqual(lines.slice(at, at + 3), [
    `best on ${join(trial.b, 'Photos')}: 1 picture in, 1 out, 1 unknown, 1 other files left out (${RULE})`,
    '  decided by XMP sidecars (2)',
    '  unknown: copies that are there stay, others are not added; --explain PATH says why',
  ]);
  t.deepEqual(
    [await readTree(trial.w), await readTree(trial.b), await readTree(trial.home)],
    before,
  );
  t.like((await run(trial)).finished[0], {result: 'good', copied: 3});
  t.is((await readdir(join(trial.home, 'selection'))).length, 1);
  t.deepEqual((await readdir(join(trial.b, 'Photos/2026'))).sort(), ['A.CR3', 'A.JPG', 'A.xmp']);
  await listen((emit) => removeJob(programOf(trial), 'best', emit));
  t.deepEqual(await readdir(join(trial.home, 'selection')), []);
  t.is((await readdir(join(trial.b, 'Photos/2026'))).length, 3);
});

test('why a picture is in or out: who says what, and the part of the rule that decided', async (t) => {
  const trial = await makeTrial(t);
  await add(trial, {select: RULE});
  const whole = join(trial.w, 'Photos/2026/A.JPG');
  const told = await explain(trial, whole, '2026/B.xmp', '2026/C.CR3', '2026/notes.txt');
  t.is(told.end.exitCode, 0);
  const explained = told.events.flatMap((event) =>
    event.type === 'picture-explained' ? [event] : [],
  );
  t.deepEqual(
    explained.map(({path, answer, by, tests}) => [
      path,
      answer,
      by,
      tests.map(({test: one, truth}) => `${one}: ${truth}`),
    ]),
    [
      ['2026/A.JPG', 'in', 'sidecar', ['rating >= 3: yes']],
      ['2026/B.xmp', 'out', 'sidecar', ['rating >= 3: no', 'pick: no']],
      ['2026/C.CR3', 'unknown', null, ['rating >= 3: unknown', 'pick: unknown']],
      ['2026/notes.txt', 'other', null, []],
    ],
  );
  const lines = tell(told.events).map((line) => line.replace(/ of 20[-\d: ]+\d/, ' of TIME'));
  t.deepEqual(lines.slice(0, 4), [
    `IN: 2026/A.JPG (best: ${RULE})`,
    '  rating >= 3: yes',
    '  sidecar 2026/A.xmp of TIME about 2026/A.CR3: rating 4, no flag, label Rot, keywords Best',
    '  with it: 2026/A.CR3, 2026/A.xmp',
  ]);
  t.true(lines.includes('  picture 2026/C.CR3 of TIME: says nothing'));
  await edit(trial, {leaveOut: ['A.*']});
  t.like((await explain(trial, '2026/A.CR3')).events[0], {answer: 'left-out'});
});

test('a picture of the catalog is explained with all its versions', async (t) => {
  const trial = await makeTrial(t);
  const catalog = join(trial.w, 'Studio.lrcat');
  await makeLrcat(catalog, {
    root: 'E:/Photos/',
    pictures: [
      {
        path: '2026/A.CR3',
        rating: 1,
        keywords: ['Wedding/Portfolio'],
        virtualCopies: [{rating: 5, pick: 1, label: 'Blau'}],
      },
    ],
  });
  await add(trial, {select: RULE, lightroom: catalog});
  const told = await explain(trial, '2026/A.CR3');
  t.deepEqual(tell(told.events), [
    `IN: 2026/A.CR3 (best: ${RULE})`,
    '  rating >= 3: yes',
    `  catalog ${catalog}: rating 1, no flag, no label, keywords Wedding/Portfolio`,
    `  catalog ${catalog}, a virtual copy: rating 5, picked, label Blau, no keywords`,
    '  with it: 2026/A.JPG, 2026/A.xmp',
  ]);
});

test('what cannot be explained is refused', async (t) => {
  const trial = await makeTrial(t);
  await add(trial, {select: RULE});
  const program = programOf(trial);
  const ask = (names: readonly string[], ...paths: readonly string[]) =>
    listen((emit) => explainPictures(program, {names, paths}, emit));
  t.deepEqual((await ask([], '2026/A.CR3')).codes, ['usage']);
  t.deepEqual((await ask(['best', 'best'], '2026/A.CR3')).codes, ['usage']);
  t.deepEqual((await ask(['other'], '2026/A.CR3')).codes, ['job-unknown']);
  t.deepEqual((await ask(['best'], '2026/X.CR3')).codes, ['picture-missing']);
  t.deepEqual((await ask(['best'], '2099/X.CR3')).codes, ['ENOENT']);
  t.deepEqual((await ask(['best'], '../../B/x.CR3')).codes, ['picture-elsewhere']);
  t.deepEqual((await ask(['best'], join(trial.b, 'x.CR3'))).codes, ['picture-elsewhere']);
  await edit(trial, {select: false});
  t.deepEqual((await ask(['best'], '2026/A.CR3')).codes, ['no-rule']);
  await pull(trial, trial.w);
  await edit(trial, {});
  t.is((await ask(['best'], '2026/A.CR3')).end.exitCode, 2);
});

test('a file of jobs that was edited by hand is refused where its rule is none', async (t) => {
  const trial = await makeTrial(t);
  await add(trial, {select: RULE});
  const text = await readFile(join(trial.home, 'backup-jobs.json'), 'utf8');
  await writeOwn(trial, 'backup-jobs.json', text.replace(RULE, 'rating >> 3'));
  const {end, finished} = await run(trial);
  t.is(end.exitCode, 2);
  t.like(finished[0], {result: 'refused', code: 'bad-rule'});
  await writeOwn(trial, 'backup-jobs.json', text.replace(`"${RULE}"`, '7'));
  t.deepEqual((await run(trial)).codes, ['jobs-damaged']);
});
