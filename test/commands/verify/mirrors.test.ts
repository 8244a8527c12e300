/** `offload verify` of drives that backups write to. */
import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {MirrorReadings} from '../../../src/catalog/mirrored.ts';
import type {NotedReadings} from '../../../src/catalog/readings.ts';
import {ok} from '../../../src/core/cause.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import {openTrial} from '../../catalog/made-records.ts';
import {
  type Call,
  interceptCalls,
  recordsCalls,
  vanishesAfter,
} from '../../helpers/faulty-files.ts';
import {forgetfulCatalog} from '../../helpers/forgetful-catalog.ts';
import {
  type BackupScene,
  type BackupSetting,
  DAY_MS,
  FIRST_RUN,
  makeBackup,
  runBackup,
} from '../../helpers/run-backup.ts';
import {
  diskVolume,
  hashOfText,
  makeTree,
  offloadTrial,
  readTree,
  runningPids,
  type Tree,
  type Trial,
  testFiles,
  tickingClock,
} from '../../helpers/run-offload.ts';
import {badOf, finishOf, flipBit, healedOf, runVerify, type VerifyReport} from './verify-run.ts';

const CARD: Tree = {
  'DCIM/100CANON/IMG_0001.CR3': 10_000,
  'DCIM/100CANON/IMG_0002.CR3': 70_000,
  'DCIM/100CANON/IMG_0002.JPG': 8192,
  'DCIM/100CANON/IMG_0002.XMP': 'rating 1',
  'DCIM/101CANON/MVI_0003.MP4': 150_001,
};
const RAW = 'Shoot/EOS/DCIM/100CANON/IMG_0001.CR3';
const XMP = 'Shoot/EOS/DCIM/100CANON/IMG_0002.XMP';
const FILM = 'Shoot/EOS/DCIM/101CANON/MVI_0003.MP4';

/** What the photographer made, beside what the card gave. */
const WORK: Tree = {
  'Exports/a.jpg': 4096,
  'Exports/b.jpg': 6000,
  'Exports/deep/poster.psd': 9000,
  'Exports/list.txt': 'one, two',
};

interface Drives extends Trial {
  readonly scene: BackupScene;
  readonly source: string;
  readonly target: string;
  /** A third drive with the shoot. */
  readonly c: string;
}

/** A shoot on the working drive and on a third one, and a backup of the working drive. */
async function makeDrives(t: ExecutionContext, setting: BackupSetting = {}): Promise<Drives> {
  const scene = await makeBackup(t, WORK);
  const {folder, w, b, source, target} = scene;
  const drives = {
    folder,
    card: join(folder, 'EOS'),
    w,
    b,
    c: join(folder, 'C'),
    source,
    target,
    scene,
  };
  for (const place of [drives.card, drives.c]) await mkdir(place);
  await makeTree(drives.card, CARD);
  const offloaded = await offloadTrial(drives, {to: [source, drives.c]});
  t.true(offloaded.verdicts[0]?.safe);
  t.is((await runBackup(scene, setting)).end.result, 'good');
  return drives;
}

const backUpLater = async (t: ExecutionContext, {scene}: Drives, days = 1) =>
  t.is(
    (await runBackup(scene, {atMs: FIRST_RUN + days * DAY_MS, acceptDeletions: true})).end.result,
    'good',
  );

const verifyTarget = (drives: Drives, setting: Parameters<typeof runVerify>[1] = {}) =>
  runVerify(drives, {paths: [drives.b], ...setting});

const statesOf = (report: VerifyReport) =>
  Object.fromEntries(badOf(report).map(({path, state, change}) => [path, change ?? state]));

const eventOf = <T extends OffloadEvent['type']>({events}: VerifyReport, type: T) =>
  events.find((event): event is Extract<OffloadEvent, {type: T}> => event.type === type);

/** Exports of the work: no offload has recorded them. */
const WORKS = Object.keys(WORK).length;
const CARDS = Object.keys(CARD).length;

test('what only the backup knows is read back too, and counted once for the target folder', async (t) => {
  const drives = await makeDrives(t);
  const report = await verifyTarget(drives);
  t.is(report.end.exitCode, 0, report.lines.join('\n'));
  t.like(eventOf(report, 'shoot-verified'), {files: CARDS, good: CARDS, followed: 0});
  const mirror = eventOf(report, 'mirror-verified');
  // The records of the offload and its list of checksums are files of the backup like others.
  t.true((mirror?.files ?? 0) > WORKS, JSON.stringify(mirror));
  t.like(mirror, {folder: drives.target, bad: 0, problems: 0, allGood: true, good: mirror?.files});
  t.like(finishOf(report), {files: CARDS + (mirror?.files ?? 0), mirrors: 1, allGood: true});
  const read = report.events.flatMap((event) => (event.type === 'copy-checked' ? event.path : []));
  t.is(new Set(read).size, read.length, 'no copy is read twice');
  for (const name of Object.keys(WORK)) t.true(read.includes(join(drives.target, name)), name);
});

test('rot, edits, loss and links among them are told like those of a shoot', async (t) => {
  const drives = await makeDrives(t);
  const place = (name: string) => join(drives.target, 'Exports', name);
  await flipBit(place('a.jpg'), 100);
  await writeFile(place('deep/poster.psd'), 'edited on the backup');
  await appendFile(place('list.txt'), ', three');
  await rm(place('b.jpg'));
  await mkdir(place('b.jpg'));
  await rm(join(drives.target, RAW));
  const report = await verifyTarget(drives);
  t.is(report.end.exitCode, 1);
  t.deepEqual(statesOf(report), {
    [place('a.jpg')]: 'rotten',
    [place('deep/poster.psd')]: 'edited',
    [place('list.txt')]: 'altered',
    [place('b.jpg')]: 'unreadable',
    // The backup says that it is there, so nobody let it go.
    [join(drives.target, RAW)]: 'missing',
  });
  t.like(eventOf(report, 'mirror-verified'), {bad: 4, rotten: 1, edited: 1, allGood: false});
  t.like(finishOf(report), {bad: 5, rotten: 1, edited: 1, followed: 0});
});

test('deleted, moved and edited on the working drive: no copy is bad, and nothing is brought back', async (t) => {
  const drives = await makeDrives(t);
  await rm(join(drives.source, RAW));
  await rename(join(drives.source, FILM), join(drives.source, 'Shoot/EOS/best.mp4'));
  await writeFile(join(drives.source, XMP), 'rating 5');
  await backUpLater(t, drives);
  const before = await readTree(drives.b);
  const report = await verifyTarget(drives, {
    heal: true,
    connected: [drives.w, drives.b, drives.c],
  });
  t.is(report.end.exitCode, 0, report.lines.join('\n'));
  t.deepEqual(statesOf(report), {});
  t.deepEqual(healedOf(report), []);
  t.deepEqual(await readTree(drives.b), before);
  t.like(eventOf(report, 'shoot-verified'), {files: CARDS - 2, good: CARDS - 2, followed: 3});
  t.true(
    report.lines.includes(
      '  3 files were deleted, moved or replaced on the working drive, and the backup followed',
    ),
    report.lines.join('\n'),
  );
});

test('a replaced file is judged by what the backup wrote: its rot and its loss are told', async (t) => {
  const drives = await makeDrives(t);
  await writeFile(join(drives.source, XMP), 'rating 5');
  await backUpLater(t, drives);
  await flipBit(join(drives.target, XMP), 3);
  const rotten = await verifyTarget(drives);
  t.deepEqual(statesOf(rotten), {[join(drives.target, XMP)]: 'rotten'});
  await rm(join(drives.target, XMP));
  const missing = await verifyTarget(drives);
  t.is(missing.end.exitCode, 1);
  t.deepEqual(statesOf(missing), {[join(drives.target, XMP)]: 'missing'});
});

test('what was let go long ago is known by the working drive when its archive is gone', async (t) => {
  const drives = await makeDrives(t);
  await rm(join(drives.source, RAW));
  await backUpLater(t, drives);
  await rm(join(drives.target, '_archive'), {recursive: true});
  const connected = await verifyTarget(drives);
  t.is(connected.end.exitCode, 0, connected.lines.join('\n'));
  t.like(eventOf(connected, 'shoot-verified'), {followed: 1, bad: 0});
  const alone = await verifyTarget(drives, {connected: [drives.b]});
  t.is(alone.end.exitCode, 1);
  t.deepEqual(statesOf(alone), {[join(drives.target, RAW)]: 'missing'});
});

test('the catalog knows what was let go when the archive is purged and the working drive is away', async (t) => {
  const catalog = await openTrial(t);
  const program = {openCatalog: async () => ok(catalog)};
  const drives = await makeDrives(t, {program});
  const other = 'Shoot/EOS/DCIM/100CANON/IMG_0002.JPG';
  await rm(join(drives.source, RAW));
  await rm(join(drives.source, 'Exports/a.jpg'));
  const later = {atMs: FIRST_RUN + DAY_MS, acceptDeletions: true, program};
  t.is((await runBackup(drives.scene, later)).end.result, 'good');
  await rm(join(drives.target, '_archive'), {recursive: true});
  const alone = {connected: [drives.b]};
  const known = await verifyTarget(drives, {...alone, catalog});
  t.is(known.end.exitCode, 0, known.lines.join('\n'));
  t.like(eventOf(known, 'shoot-verified'), {followed: 1, bad: 0});
  const told = known.events.find((event) => event.type === 'noticed' && event.level === 'info');
  t.like(told, {code: 'archive-purged', path: join(drives.target, 'Shoot')});
  t.regex(told?.type === 'noticed' ? told.message : '', /^1 file was deleted, .* on 2026-11-24, /);
  const unknown = await verifyTarget(drives, alone);
  t.is(unknown.end.exitCode, 1);
  t.deepEqual(statesOf(unknown), {[join(drives.target, RAW)]: 'missing'});
  // What the backup holds is not let go, whatever else is.
  await rm(join(drives.target, other));
  const lost = await verifyTarget(drives, {...alone, catalog});
  t.deepEqual(statesOf(lost), {[join(drives.target, other)]: 'missing'});
});

test('a file that the backup could never copy is missing, whatever ran since', async (t) => {
  const drives = await makeDrives(t, {leaveOut: ['*.MP4']});
  const report = await verifyTarget(drives);
  t.is(report.end.exitCode, 1);
  t.deepEqual(statesOf(report), {[join(drives.target, FILM)]: 'missing'});
});

test('a shoot on the target that the backup does not know is compared with its own records', async (t) => {
  const drives = await makeDrives(t);
  const own = join(drives.target, 'Stranger');
  await rename(join(drives.c, 'Shoot'), own);
  const gone = RAW.replace('Shoot', 'Stranger');
  await rm(join(drives.target, gone));
  await backUpLater(t, drives);
  const report = await verifyTarget(drives);
  t.deepEqual(statesOf(report), {[join(drives.target, gone)]: 'missing'});
});

test('a target folder without any record of an offload is verified', async (t) => {
  const scene = await makeBackup(t, WORK);
  await runBackup(scene);
  const drives = {...scene, card: join(scene.folder, 'EOS')};
  for (const path of [scene.b, scene.target, join(scene.target, 'Exports/deep')]) {
    const report = await runVerify(drives, {paths: [path]});
    t.is(report.end.exitCode, 0, report.lines.join('\n'));
    const files = path.endsWith('deep') ? 1 : WORKS;
    t.like(finishOf(report), {shoots: 0, mirrors: 1, files, good: files, allGood: true});
  }
  await flipBit(join(scene.target, 'Exports/deep/poster.psd'), 8000);
  t.is((await runVerify(drives, {paths: [join(scene.target, 'Exports/deep')]})).end.exitCode, 1);
});

test('an offload wrote to both drives and the backup went on: its record is judged by what the backup knows', async (t) => {
  const scene = await makeBackup(t, WORK);
  const {folder, w, b, source, target} = scene;
  const drives = {folder, card: join(folder, 'EOS'), w, b};
  for (const place of [drives.card, target]) await mkdir(place);
  await makeTree(drives.card, CARD);
  const describeVolume = async (path: string) =>
    path.startsWith(b) ? diskVolume(b, 'b') : diskVolume(w, 'w');
  await offloadTrial(drives, {to: [source, target], program: {describeVolume}});
  t.is((await runBackup(scene)).end.result, 'good');
  await rm(join(source, RAW));
  await writeFile(join(source, XMP), 'rating 5');
  await runBackup(scene, {atMs: FIRST_RUN + DAY_MS, acceptDeletions: true});
  const noted: NotedReadings[] = [];
  const catalog = {
    ...forgetfulCatalog,
    noteReadings: async (readings: NotedReadings) => {
      noted.push(readings);
      return ok(undefined);
    },
  };
  const report = await runVerify(drives, {paths: [b], catalog});
  t.is(report.end.exitCode, 0, report.lines.join('\n'));
  t.like(eventOf(report, 'shoot-verified'), {files: CARDS - 1, good: CARDS - 1, followed: 2});
  const copies = noted.flatMap((one) => one.copies);
  t.is(copies.length, CARDS - 2, 'what was replaced or let go is no bad reading');
  t.true(copies.every(({mediumRead}) => mediumRead === 'direct'));
  // Back on the target by an offload of the same card: its own record is the later one.
  await rm(join(target, XMP));
  await offloadTrial(drives, {
    to: [target],
    program: {describeVolume, clock: tickingClock(FIRST_RUN + 3 * DAY_MS)},
  });
  const later = await runVerify(drives, {paths: [b]});
  t.is(later.end.exitCode, 0, later.lines.join('\n'));
  t.like(eventOf(later, 'shoot-verified'), {files: CARDS, followed: 0});
});

test('a backup that runs while the drive is read: what it lets go and replaces is no bad copy', async (t) => {
  const drives = await makeDrives(t);
  const first = join(drives.target, 'Shoot/EOS/DCIM/100CANON/IMG_0001.CR3');
  let ran: Promise<void> | undefined;
  const files = interceptCalls(testFiles, async ({method, path}, proceed) => {
    if (method === 'openToRead' && path === first) {
      ran ??= (async () => {
        await rm(join(drives.source, FILM));
        await rm(join(drives.source, 'Exports/a.jpg'));
        await writeFile(join(drives.source, XMP), 'rating 5');
        await writeFile(join(drives.source, 'Exports/deep/poster.psd'), 'next version');
        await backUpLater(t, drives);
      })();
      await ran;
    }
    return await proceed();
  });
  const report = await verifyTarget(drives, {files, heal: true});
  t.not(ran, undefined);
  t.is(report.end.exitCode, 0, report.lines.join('\n'));
  t.deepEqual(healedOf(report), []);
  t.is(finishOf(report)?.followed, 2, 'of the shoot, which was read before');
  const poster = join(drives.target, 'Exports/deep/poster.psd');
  t.true(report.events.some((event) => event.type === 'copy-checked' && event.path === poster));
});

test('slices cover every file once', async (t) => {
  const drives = await makeDrives(t);
  const whole = finishOf(await verifyTarget(drives))?.files ?? 0;
  const read: string[] = [];
  for (const part of [1, 2, 3]) {
    const report = await verifyTarget(drives, {part: {kind: 'exact', slice: {part, of: 3}}});
    t.is(report.end.exitCode, 0);
    for (const event of report.events) if (event.type === 'copy-checked') read.push(event.path);
  }
  t.is(read.length, whole);
  t.is(new Set(read).size, whole);
});

test('a state that is damaged is told, and the result is not all good', async (t) => {
  const drives = await makeDrives(t);
  const folder = join(drives.target, '.offload-mirror');
  const [name = ''] = (await readdir(folder)).filter((one) => one.endsWith('.state'));
  const path = join(folder, name);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('list.txt', 'lost.txt'));
  const report = await verifyTarget(drives);
  t.is(report.end.exitCode, 1);
  t.deepEqual(report.codes, ['mirror-damaged']);
  t.like(eventOf(report, 'mirror-verified'), {problems: 1, allGood: false});
  t.like(eventOf(report, 'shoot-verified'), {files: CARDS, allGood: true});
  // Not only the records of one folder: nothing of it is used.
  await writeFile(path, text.replace('"records":', '"Records":'));
  const unusable = await verifyTarget(drives);
  t.is(unusable.end.exitCode, 1);
  t.deepEqual(unusable.codes, ['mirror-damaged']);
  t.like(eventOf(unusable, 'mirror-verified'), {files: 0, problems: 1, allGood: false});
});

test('a state of another drive is told and says nothing', async (t) => {
  const drives = await makeDrives(t);
  await rm(join(drives.target, 'Exports'), {recursive: true});
  const marker = join(drives.b, '.offload-volume.json');
  const text = await readFile(marker, 'utf8');
  await writeFile(marker, text.replace('22222222-', '44444444-'));
  const report = await verifyTarget(drives);
  t.is(report.end.exitCode, 0);
  t.deepEqual(report.codes, ['mirror-foreign']);
  t.is(eventOf(report, 'mirror-verified'), undefined);
});

test('the catalog hears of good and of bad copies, and of none that was let go', async (t) => {
  const drives = await makeDrives(t);
  await rm(join(drives.source, RAW));
  await writeFile(join(drives.source, XMP), 'rating 5');
  await backUpLater(t, drives);
  await flipBit(join(drives.target, 'Exports/a.jpg'), 100);
  const mirrored: MirrorReadings[] = [];
  const noted: NotedReadings[] = [];
  const catalog = {
    ...forgetfulCatalog,
    noteMirrorReadings: async (readings: MirrorReadings) => {
      mirrored.push(readings);
      return ok(undefined);
    },
    noteReadings: async (readings: NotedReadings) => {
      noted.push(readings);
      return ok(undefined);
    },
  };
  await verifyTarget(drives, {catalog});
  const copies = new Map(
    mirrored.flatMap((one) => one.copies.map(({path, mediumRead}) => [path, mediumRead] as const)),
  );
  t.is(copies.get('Mirror/Exports/a.jpg'), null);
  t.is(copies.get('Mirror/Exports/b.jpg'), 'direct');
  t.is(copies.get(`Mirror/${XMP}`), 'direct');
  t.false(copies.has(`Mirror/${RAW}`));
  t.deepEqual(noted, []);
});

test('the times of a drive that was edited by nobody do not matter, and a stop ends the pass', async (t) => {
  const drives = await makeDrives(t);
  const at = new Date(FIRST_RUN + 90 * DAY_MS);
  await utimes(join(drives.target, 'Exports/a.jpg'), at, at);
  t.is((await verifyTarget(drives)).end.exitCode, 0);
  const stop = new AbortController();
  stop.abort();
  t.is((await verifyTarget(drives, {stop})).end.exitCode, 130);
});

test('--heal brings back what only the backup knows from the folder that it copies from, and keeps the bad bytes', async (t) => {
  const drives = await makeDrives(t);
  const sound = await readTree(join(drives.target, 'Exports'));
  const source = await readTree(drives.source);
  await flipBit(join(drives.target, 'Exports/a.jpg'), 100);
  const rotten = await readFile(join(drives.target, 'Exports/a.jpg'));
  await rm(join(drives.target, 'Exports/deep'), {recursive: true});
  await writeFile(join(drives.target, 'Exports/b.jpg'), 'edited');
  const report = await verifyTarget(drives, {heal: true});
  t.is(report.end.exitCode, 1, 'what somebody edited stays');
  t.deepEqual(
    healedOf(report).map(({state, path, from}) => [state, path, from]),
    ['a.jpg', 'deep/poster.psd'].map((name) => [
      'healed',
      join(drives.target, 'Exports', name),
      join(drives.source, 'Exports', name),
    ]),
  );
  t.like(eventOf(report, 'mirror-verified'), {bad: 1, edited: 1, rotten: 0, healed: 2});
  const kept = healedOf(report)[0]?.evidence ?? '';
  t.true(kept.startsWith(join(drives.target, '.offload-mirror/evidence/')), kept);
  t.deepEqual(await readFile(kept), rotten);
  await writeFile(
    join(drives.target, 'Exports/b.jpg'),
    await readFile(join(drives.source, 'Exports/b.jpg')),
  );
  t.deepEqual(await readTree(join(drives.target, 'Exports')), sound);
  t.deepEqual(await readTree(drives.source), source);
  t.false((await readdir(join(drives.target, '.offload-mirror'))).includes('lock'));
  t.is((await verifyTarget(drives)).end.exitCode, 0);
  const again = await runBackup(drives.scene, {atMs: FIRST_RUN + DAY_MS});
  t.like(again.end, {result: 'good', copied: 0, replaced: 0});
});

test('--heal: the working drive went on, and another backup has the bytes', async (t) => {
  const drives = await makeDrives(t);
  const other = join(drives.folder, 'C/Mirror');
  await rename(join(drives.c, 'Shoot'), join(drives.folder, 'elsewhere'));
  await mkdir(other);
  // Another drive with the same backup, as a second target of the job makes it.
  for (const name of ['.offload-mirror', 'Exports']) {
    await cp(join(drives.target, name), join(other, name), {
      recursive: true,
      preserveTimestamps: true,
    });
  }
  const text = await readFile(join(drives.b, '.offload-volume.json'), 'utf8');
  const id = '55555555-5555-4555-8555-555555555555';
  await writeFile(
    join(drives.c, '.offload-volume.json'),
    text.replace('22222222-2222-4222-8222-222222222222', id),
  );
  await writeState(other, id);
  await writeFile(join(drives.source, 'Exports/a.jpg'), 'next version');
  await flipBit(join(drives.target, 'Exports/a.jpg'), 100);
  const report = await verifyTarget(drives, {
    heal: true,
    connected: [drives.w, drives.b, drives.c],
    to: [drives.w, drives.b, drives.c],
  });
  t.is(report.end.exitCode, 0, report.lines.join('\n'));
  t.deepEqual(
    healedOf(report).map(({state, from}) => [state, from]),
    [['healed', join(other, 'Exports/a.jpg')]],
  );
  t.deepEqual(Object.keys(statesOf(report)), [join(drives.target, 'Exports/a.jpg')]);
});

test('--heal: no drive has the bytes', async (t) => {
  const drives = await makeDrives(t);
  await rm(join(drives.target, 'Exports/a.jpg'));
  const report = await verifyTarget(drives, {heal: true, connected: [drives.b]});
  t.is(report.end.exitCode, 1);
  t.deepEqual(
    healedOf(report).map(({state, code}) => [state, code]),
    [['failed', 'copy-missing']],
  );
});

test('--heal: a backup that is at work keeps the folder', async (t) => {
  const drives = await makeDrives(t);
  await rm(join(drives.target, 'Exports/a.jpg'));
  runningPids.add(77);
  t.teardown(() => runningPids.delete(77));
  const lock = {host: 'studio', pid: 77, mark: 'started-77', token: 'x', since: '2026-11-23'};
  await writeFile(join(drives.target, '.offload-mirror/lock'), JSON.stringify(lock));
  const report = await verifyTarget(drives, {heal: true});
  t.deepEqual(
    healedOf(report).map(({state, code}) => [state, code]),
    [['failed', 'target-locked']],
  );
});

test('--heal: a replaced file of a shoot comes back as the backup knows it', async (t) => {
  const drives = await makeDrives(t);
  await writeFile(join(drives.source, XMP), 'rating 5');
  await backUpLater(t, drives);
  await rm(join(drives.target, XMP));
  const report = await verifyTarget(drives, {
    heal: true,
    connected: [drives.w, drives.b, drives.c],
  });
  t.is(report.end.exitCode, 0, report.lines.join('\n'));
  t.is(await readFile(join(drives.target, XMP), 'utf8'), 'rating 5');
});

test('what an earlier job left is over where the later one has let it go', async (t) => {
  const drives = await makeDrives(t);
  const folder = join(drives.target, '.offload-mirror');
  const [name = ''] = (await readdir(folder)).filter((one) => one.endsWith('.state'));
  const old = await readFile(join(folder, name), 'utf8');
  await rm(join(drives.source, 'Exports/a.jpg'));
  await writeFile(join(drives.source, 'Exports/b.jpg'), 'next version');
  await backUpLater(t, drives);
  await rm(join(drives.target, 'Exports/list.txt'));
  const earlier = 'earlier'.padEnd(name.length - '.state'.length, '-');
  await writeFile(
    join(folder, `${earlier}.state`),
    sealState(old.replace(/"job":"[^"]*"/, `"job":"${earlier}"`)),
  );
  const report = await verifyTarget(drives);
  t.deepEqual(report.codes, []);
  t.deepEqual(statesOf(report), {[join(drives.target, 'Exports/list.txt')]: 'missing'});
  t.like(eventOf(report, 'mirror-verified'), {followed: 1, bad: 1});
});

/** A copy of a state as the same job would have made it on another volume. */
async function writeState(target: string, volume: string): Promise<void> {
  const folder = join(target, '.offload-mirror');
  const [name = ''] = (await readdir(folder)).filter((one) => one.endsWith('.state'));
  const text = await readFile(join(folder, name), 'utf8');
  const own = text.replace(/"targetVolume":"[^"]*"/, `"targetVolume":"${volume}"`);
  await writeFile(join(folder, name), sealState(own));
}

/** Puts the right sum under a state whose head was changed to one of the same length. */
function sealState(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const start = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
  const trailer: {readonly index: number} = JSON.parse(bytes.toString('utf8', start));
  const head = text.slice(0, text.indexOf('\n') + 1);
  const blake3 = hashOfText(head + bytes.toString('utf8', trailer.index, start));
  return `${bytes.toString('utf8', 0, start)}${JSON.stringify({...trailer, blake3})}\n`;
}

test('the drive is pulled at any moment: nothing is told missing, and the result is not good', async (t) => {
  const drives = await makeDrives(t);
  await flipBit(join(drives.target, 'Exports/a.jpg'), 100);
  const calls: Call[] = [];
  await verifyTarget(drives, {files: recordsCalls(testFiles, calls)});
  const count = calls.filter(({path}) => path.startsWith(drives.b)).length;
  for (const heal of [false, true]) {
    for (let n = 1; n < count; n += 7) {
      const files = vanishesAfter(testFiles, drives.b, n);
      const report = await verifyTarget(drives, {files, heal});
      t.not(report.end.exitCode, 0, `${n}: ${report.lines.join('\n')}`);
      t.deepEqual(
        badOf(report).filter(({state}) => state === 'missing'),
        [],
        `${n}`,
      );
    }
  }
});

test('reading the records fails at any call: never all good while a file is bad, and never a crash', async (t) => {
  const drives = await makeDrives(t);
  await flipBit(join(drives.target, 'Exports/a.jpg'), 100);
  const own = (path: string) => path.includes('/.offload-mirror/');
  const calls: Call[] = [];
  await verifyTarget(drives, {files: recordsCalls(testFiles, calls)});
  const count = calls.filter(({path}) => own(path)).length;
  t.true(count > 10);
  for (let n = 1; n <= count; n++) {
    let seen = 0;
    const files = interceptCalls(testFiles, async ({method, path}, proceed) => {
      if (own(path) && method !== 'close' && ++seen === n)
        throw Object.assign(new Error('EIO'), {code: 'EIO'});
      return await proceed();
    });
    const report = await verifyTarget(drives, {files});
    t.is(report.end.exitCode, 1, `${n}: ${report.lines.join('\n')}`);
  }
});

test('without a marker no state of a backup is believed', async (t) => {
  const drives = await makeDrives(t);
  await rm(join(drives.b, '.offload-volume.json'));
  const report = await verifyTarget(drives);
  t.deepEqual(report.codes, ['mirror-foreign']);
  t.is(eventOf(report, 'mirror-verified'), undefined);
});
