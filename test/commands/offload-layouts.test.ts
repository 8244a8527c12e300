import {mkdir, rm, utimes, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {shootSingle} from '../../samples/camera-roll.ts';
import {clockTime} from '../../samples/card-time.ts';
import type {VerdictReached} from '../../src/core/events.ts';
import {DEFAULT_SETTINGS} from '../../src/core/settings.ts';
import type {PhotoFactsReader} from '../../src/system/photo-facts-reader.ts';
import {sampleFacts} from '../helpers/made-facts.ts';
import {
  makeTree,
  makeTrial,
  offloadTrial,
  type RunSetting,
  readCopies,
  readManifests,
  runOffload,
  seededBytes,
  type Tree,
  type Trial,
} from '../helpers/run-offload.ts';

const DATED = '{shoot}/{date}/{camera}_{seq:3}.{ext}';

/** Answers from a table: the end of a path, and when it was taken. */
function tells(times: Readonly<Record<string, string>>, asked: string[] = []): PhotoFactsReader {
  return {
    async *readAll(_files, requests) {
      for (const {path} of requests) {
        asked.push(path);
        const local = Object.entries(times).find(([end]) => path.endsWith(end))?.[1];
        yield {path, facts: local === undefined ? undefined : sampleFacts(local)};
      }
    },
  };
}

const under = (
  layout: string,
  times: Readonly<Record<string, string>> = {},
  more: Partial<RunSetting> = {},
): Partial<RunSetting> => ({
  ...more,
  options: {layout, ...more.options},
  program: {photoFacts: tells(times), ...more.program},
});

/** The codes of warnings about names and dates; the files of these cards are no real pictures, which is told too. */
const warnedOf = (verdicts: readonly VerdictReached[]): readonly string[] =>
  verdicts
    .flatMap(({warnings}) => warnings.map(({code}) => code))
    .filter((code) => /^(?:name-|date-|clock-|metadata-)/.test(code));

/** What lies in the shoot folder of the working drive, without folders; the backup has the same. */
async function listCopies(t: ExecutionContext, {w, b}: Trial): Promise<readonly string[]> {
  const copies = await readCopies(join(w, 'Shoot'));
  t.deepEqual(await readCopies(join(b, 'Shoot')), copies);
  return Object.entries(copies).flatMap(([path, what]) => (what === 'folder' ? [] : path));
}

const SHOOT: Tree = {
  'DCIM/100CANON/IMG_9999.CR3': 3000,
  'DCIM/100CANON/IMG_9999.JPG': 2000,
  'DCIM/101CANON/IMG_0001.CR3': 3001,
  'DCIM/101CANON/IMG_0001.JPG': 2001,
  'DCIM/101CANON/IMG_0001.CR3.xmp': 201,
  'DCIM/101CANON/IMG_0002.JPG': 2002,
  'PRIVATE/M4ROOT/CLIP/C0001.MP4': 5000,
  'PRIVATE/M4ROOT/CLIP/C0001M01.XML': 100,
  'PRIVATE/M4ROOT/SUB/': 0,
  'leinfo.sav': 64,
};
const TIMES = {
  'IMG_9999.CR3': '2026-11-22T23:59:58',
  'IMG_0001.CR3': '2026-11-22T23:59:59',
  'IMG_0002.JPG': '2026-11-23T00:00:00',
};
const SHOT = [
  '2026-11-22/Sample S1_001.CR3',
  '2026-11-22/Sample S1_001.JPG',
  '2026-11-22/Sample S1_002.CR3',
  '2026-11-22/Sample S1_002.CR3.xmp',
  '2026-11-22/Sample S1_002.JPG',
  '2026-11-23/Sample S1_001.JPG',
  'EOS/PRIVATE/M4ROOT/CLIP/C0001.MP4',
  'EOS/PRIVATE/M4ROOT/CLIP/C0001M01.XML',
  'EOS/leinfo.sav',
];

test('pairs by date and number, structures and logs in their tree, proved and safe', async (t) => {
  const trial = await makeTrial(t, SHOOT);
  const {verdicts, end} = await offloadTrial(trial, under(DATED, TIMES));
  t.is(end.exitCode, 0);
  t.deepEqual(await listCopies(t, trial), SHOT);
  const copies = await readCopies(join(trial.w, 'Shoot'));
  t.is(copies['EOS/PRIVATE/M4ROOT/SUB'], 'folder');
  t.deepEqual(warnedOf(verdicts), []);
  const [manifest] = await readManifests(join(trial.w, 'Shoot'));
  const xmp = manifest?.files.find(({path}) => path.endsWith('.xmp'));
  t.is(xmp?.copies[0]?.target, '2026-11-22/Sample S1_002.CR3.xmp');
});

test('a try lists every file with its place and writes nothing', async (t) => {
  const trial = await makeTrial(t, SHOOT);
  const {events} = await offloadTrial(trial, under(DATED, TIMES, {options: {dryRun: true}}));
  const planned = events.flatMap((one) => (one.type === 'copy-planned' ? [one] : []));
  t.is(planned.length, 18);
  t.deepEqual(
    [...new Set(planned.map(({target}) => target))].sort(),
    SHOT.map((path) => `Shoot/${path}`).sort(),
  );
  t.deepEqual(await readCopies(trial.w), {});
});

test('plain layouts ask no picture anything', async (t) => {
  const trial = await makeTrial(t, SHOOT);
  const asked: string[] = [];
  const program = {photoFacts: tells(TIMES, asked)};
  for (const layout of ['{shoot}/{card}/{path}', '{shoot}/{path}', '{shoot}/{card}_{name}']) {
    await offloadTrial(trial, {options: {layout, dryRun: true}, program});
  }
  t.deepEqual(asked, []);
});

test('each picture is asked once, those beside it only where it is silent', async (t) => {
  const trial = await makeTrial(t, SHOOT);
  const asked: string[] = [];
  const program = {photoFacts: tells({...TIMES, 'IMG_0001.CR3': ''}, asked)};
  await offloadTrial(trial, {options: {layout: DATED, dryRun: true}, program});
  const names = asked.map((path) => path.slice(path.lastIndexOf('/') + 1));
  t.deepEqual(names.toSorted(), [...new Set(names)].sort());
  t.false(names.includes('IMG_9999.JPG'));
  t.false(names.includes('C0001.MP4'));
  t.true(names.length <= 5);
});

test('more pictures on the card: those that were copied keep their places, new ones go on behind', async (t) => {
  const trial = await makeTrial(t, SHOOT);
  await offloadTrial(trial, under(DATED, TIMES));
  // The new one was taken before all others.
  const more = {'DCIM/101CANON/IMG_0003.CR3': 3003, 'DCIM/101CANON/IMG_0003.JPG': 2003};
  await makeTree(trial.card, more);
  const times = {...TIMES, 'IMG_0003.CR3': '2026-11-22T10:00:00'};
  const {end, events} = await offloadTrial(trial, under(DATED, times));
  t.is(end.exitCode, 0);
  t.deepEqual(
    await listCopies(t, trial),
    [...SHOT, '2026-11-22/Sample S1_003.CR3', '2026-11-22/Sample S1_003.JPG'].sort(),
  );
  t.is(events.filter(({type}) => type === 'file-copied').length, 4);
});

test('a picture and its sidecar that came later lie together', async (t) => {
  const trial = await makeTrial(t, SHOOT);
  await offloadTrial(trial, under(DATED, TIMES));
  await makeTree(trial.card, {'DCIM/100CANON/IMG_9999.xmp': 99});
  // Another zone, another clock: what lies there stays all the same.
  await offloadTrial(
    trial,
    under(DATED, {}, {program: {timeZone: 'Asia/Tokyo', photoFacts: tells({})}}),
  );
  t.deepEqual(await listCopies(t, trial), [...SHOT, '2026-11-22/Sample S1_001.xmp'].sort());
});

const CLASHES: ReadonlyArray<readonly [layout: string, names: readonly string[]]> = [
  [
    '{shoot}/{name}',
    ['IMG_1-2.CR2', 'IMG_1-2.JPG', 'IMG_1-2.xmp', 'IMG_1-3.JPG', 'IMG_1.CR3', 'IMG_1.JPG'],
  ],
  [
    '{shoot}/{date}/{seq:1}.{ext}',
    ['1.CR3', '1.JPG', '2.CR2', '2.JPG', '2.xmp', '3.JPG'].map((name) => `2026-11-22/${name}`),
  ],
];
for (const [layout, names] of CLASHES) {
  test(`two folders and two cards with the same names into one folder: ${layout}`, async (t) => {
    const trial = await makeTrial(t, {
      'DCIM/100/IMG_1.CR3': 300,
      'DCIM/100/IMG_1.JPG': 200,
      'DCIM/101/IMG_1.CR2': 301,
      'DCIM/101/IMG_1.JPG': 200,
      'DCIM/101/IMG_1.xmp': 100,
    });
    const other = join(trial.folder, 'EOS2');
    await mkdir(other);
    await makeTree(other, {'DCIM/100/IMG_1.JPG': 200});
    await writeFile(join(other, 'DCIM/100/IMG_1.JPG'), seededBytes('other', 200));
    await utimes(join(other, 'DCIM/100/IMG_1.JPG'), 1e9, 1e9);
    const times = {
      'IMG_1.CR3': '2026-11-22T10:00:00',
      'IMG_1.CR2': '2026-11-22T11:00:00',
      'IMG_1.JPG': '2026-11-22T12:00:00',
    };
    const {end, verdicts} = await runOffload({
      cards: [trial.card, other],
      to: [trial.w, trial.b],
      ...under(layout, times),
    });
    t.is(end.exitCode, 0);
    t.deepEqual(await listCopies(t, trial), names);
    const renamed = warnedOf(verdicts);
    t.deepEqual(renamed, layout.includes('seq') ? [] : ['name-changed', 'name-changed']);
    // The pairs are those of the card.
    const copies = await readCopies(join(trial.w, 'Shoot'));
    const files = (await readManifests(join(trial.w, 'Shoot'))).flatMap((one) =>
      one.files.map((file) => ({...file, card: one.card.id})),
    );
    for (const {blake3, copies: proved} of files) {
      t.is(copies[proved[0]?.target ?? ''], blake3 ?? '');
    }
    const folders = new Map<string, Set<string>>();
    for (const {path, card, copies: proved} of files) {
      const stem = (proved[0]?.target ?? '').replace(/\.[^/.]*$/, '');
      folders.set(stem, (folders.get(stem) ?? new Set()).add(card + dirname(path)));
    }
    t.true([...folders.values()].every(({size}) => size === 1));
  });
}

test("what others laid there is passed over, and a program's sidecar beside a copy moves nothing", async (t) => {
  const trial = await makeTrial(t, {'A/IMG_1.CR3': 300, 'A/IMG_1.JPG': 200});
  const layout = '{shoot}/{name}';
  await makeTree(trial.b, {'Shoot/IMG_1.txt': 10});
  await offloadTrial(trial, under(layout));
  t.deepEqual(Object.keys(await readCopies(join(trial.w, 'Shoot'))), [
    'IMG_1-2.CR3',
    'IMG_1-2.JPG',
  ]);
  t.deepEqual(Object.keys(await readCopies(join(trial.b, 'Shoot'))), [
    'IMG_1-2.CR3',
    'IMG_1-2.JPG',
    'IMG_1.txt',
  ]);
  for (const place of [trial.w, trial.b]) {
    await makeTree(place, {'Shoot/IMG_1-2.xmp': 10});
    await rm(join(place, 'Shoot/_offload'), {recursive: true});
  }
  await rm(join(trial.b, 'Shoot/IMG_1.txt'));
  await rm(join(trial.b, 'Shoot/IMG_1-2.CR3'));
  await rm(join(trial.b, 'Shoot/IMG_1-2.JPG'));
  await rm(join(trial.b, 'Shoot/IMG_1-2.xmp'));
  const {end} = await offloadTrial(trial, under(layout));
  t.is(end.exitCode, 0);
});

test('stopped anywhere and run again, the names are those of one run, whatever the order of the listing', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({min: 1, max: 16}), async (stopAt) => {
      const trial = await makeTrial(t, SHOOT);
      const stop = new AbortController();
      let proved = 0;
      await offloadTrial(
        trial,
        under(DATED, TIMES, {
          stop,
          onEvent(event) {
            if (event.type === 'file-proved' && ++proved === stopAt) stop.abort();
          },
        }),
      );
      const {end} = await offloadTrial(trial, under(DATED, TIMES));
      t.is(end.exitCode, 0);
      t.deepEqual(await listCopies(t, trial), SHOT);
    }),
    {numRuns: 5},
  );
});

const WARNED: ReadonlyArray<
  readonly [what: string, times: Readonly<Record<string, string>>, codes: readonly string[]]
> = [
  [
    'a clock that was reset',
    {'A.JPG': '2000-01-01T00:00:10', 'B.JPG': '2026-11-22T10:00:00'},
    ['clock-suspicious'],
  ],
  [
    'a clock that starts with the computers',
    {'A.JPG': '1970-01-01T00:00:00', 'B.JPG': '1970-01-01T00:01:00'},
    ['clock-suspicious'],
  ],
  [
    'a clock that is ahead',
    {'A.JPG': '2026-11-24T14:01:00', 'B.JPG': '2026-11-22T10:00:00'},
    ['clock-suspicious'],
  ],
  ['a clock of Kiribati', {'A.JPG': '2026-11-23T09:00:00', 'B.JPG': '2026-11-22T10:00:00'}, []],
  ['no date', {'A.JPG': '2026-11-22T10:00:00'}, ['date-unknown']],
];
for (const [what, times, codes] of WARNED) {
  test(`told: ${what}`, async (t) => {
    const trial = await makeTrial(t, {'DCIM/A.JPG': 10, 'DCIM/B.JPG': 11});
    const {verdicts, end} = await offloadTrial(trial, under('{shoot}/{date}/{name}', times));
    t.is(end.exitCode, 0);
    t.deepEqual(warnedOf(verdicts), codes);
    t.is((await listCopies(t, trial)).length, 2);
    const plain = await offloadTrial(trial, under('{shoot}/{camera}/{name}', times));
    t.deepEqual(warnedOf(plain.verdicts), []);
  });
}

test('hostile metadata: safe places, a warning, every file proved', async (t) => {
  const {bytes} = shootSingle(1, 'DCIM/A.JPG', clockTime(10, 0));
  const date = '2026:06:20 10:00:00';
  const spoil = (text: string) =>
    Buffer.from(
      bytes
        .toString('latin1')
        .replaceAll(date, text.padEnd(date.length, '\0'))
        .replaceAll('Sample Camera\0', '../../../../x\0'),
      'latin1',
    );
  const trial = await makeTrial(t, {
    'DCIM/A.JPG': spoil('../../etc'),
    'DCIM/B.JPG': spoil('0000:00:00 00:00:00'),
    'DCIM/C.JPG': spoil('2107:12:31 23:59:58'),
    'DCIM/D.JPG': bytes,
  });
  const {verdicts, end} = await offloadTrial(trial, {
    options: {layout: '{shoot}/{date}/{camera}/{name}'},
  });
  t.is(end.exitCode, 0);
  t.deepEqual(
    await listCopies(t, trial),
    [
      '2026-06-20/Sample Camera/D.JPG',
      '2026-11-20/Sample ..-..-..-..-x/A.JPG',
      '2026-11-20/Sample ..-..-..-..-x/B.JPG',
      '2026-11-20/Sample ..-..-..-..-x/C.JPG',
    ].map((path) => path.replace('..-..-..-..-x', '.-.-.-.-x')),
  );
  t.deepEqual(warnedOf(verdicts), ['date-unknown']);
});

test('exiftool that is missing or dies: told, and the card is copied and proved', async (t) => {
  const trial = await makeTrial(t, SHOOT);
  const photoFacts: PhotoFactsReader = {
    async *readAll(_files, requests, {onTrouble}) {
      onTrouble?.(new Error('no exiftool'));
      for (const {path} of requests) yield {path, facts: undefined};
    },
  };
  const {verdicts, end} = await offloadTrial(trial, {
    options: {layout: DATED},
    program: {photoFacts, settings: {settings: DEFAULT_SETTINGS, problems: []}},
  });
  t.is(end.exitCode, 0);
  t.deepEqual(warnedOf(verdicts), ['metadata-unread', 'date-unknown']);
  t.deepEqual((await listCopies(t, trial)).slice(0, 2), [
    '2026-11-20/unknown-camera_001.CR3',
    '2026-11-20/unknown-camera_001.JPG',
  ]);
});
