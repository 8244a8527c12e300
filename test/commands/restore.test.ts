/** `restore`: brings back what an offload proved, under the same promises. */

import {mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {FileRestored, OffloadEvent} from '../../src/core/events.ts';
import {sealManifest} from '../../src/core/manifest.ts';
import type {Files} from '../../src/system/files.ts';
import {openTrial, unwrap} from '../catalog/made-records.ts';
import {
  below,
  type Call,
  changes,
  failsReading,
  flipsFirstReads,
  flipsFirstWrites,
  flipsLastByte,
  fullAfter,
  givesShort,
  type Match,
  recordsCalls,
  vanishesAfter,
} from '../helpers/faulty-files.ts';
import {
  FIRST_MTIME_MS,
  findLitter,
  hashOfBytes,
  hashOfText,
  makeTree,
  readManifests,
  readTree,
  testFiles,
} from '../helpers/run-offload.ts';
import {makeRestoreScene, type RestoreScene, runRestore} from './restore-trial.ts';

const PICTURE = 'DCIM/100CANON/IMG_0001.JPG';
const FILM = 'DCIM/101CANON/MVI_0003.MP4';

/** What the card holds, as it should lie below a folder. */
async function expectedBelow({card}: RestoreScene, at: string) {
  const rows = Object.entries(await readTree(card)).filter(([name]) => name !== 'MISC');
  const parents = at.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  return Object.fromEntries([
    ...parents.map((folder) => [folder, 'folder'] as const),
    ...rows.map(([name, what]) => [`${at}/${name}`, what] as const),
  ]);
}

async function rot(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
  await writeFile(path, bytes);
}

/** Files while they are restored, in any folder. */
const restoringBelow =
  (folder: string): Match =>
  (path) =>
    path.startsWith(`${folder}/`) && /\/\.offload-restore-[^/]*-[1-9]\d*\.part$/.test(path);

const ofPicture = (results: readonly FileRestored[]): FileRestored | undefined =>
  results.find(({path}) => path === PICTURE);

test('a whole shoot comes back with its folders, bytes and times, and no drive is written', async (t) => {
  const scene = await makeRestoreScene(t);
  const before = [await readTree(scene.w), await readTree(scene.b)];
  const {code, lines, sum} = await runRestore(scene);
  t.is(code, 0);
  t.deepEqual(await readTree(scene.back), await expectedBelow(scene, 'Shoot/EOS'));
  const {mtimeMs} = await stat(join(scene.back, 'Shoot/EOS', PICTURE));
  t.is(Math.round(mtimeMs), FIRST_MTIME_MS);
  t.like(sum, {files: 4, restored: 4, present: 0, missing: 0, failed: 0, bytes: 168_193});
  t.deepEqual(lines, [`ALL RESTORED: 4 files, 168 kB, in ${scene.back}, read back and proved`]);
  t.deepEqual([await readTree(scene.w), await readTree(scene.b)], before);
});

test('a path, a camera, a date and a hash mean files; what nobody knows is refused', async (t) => {
  const scene = await makeRestoreScene(t);
  const hash = hashOfBytes(await readFile(join(scene.card, FILM)));
  const asked: readonly (readonly [string, number])[] = [
    ['shoot', 4],
    ['img_000', 2],
    ['Shoot/EOS/DCIM/101CANON', 2],
    ['2026-11-20', 4],
    [hash, 1],
    [hash.slice(0, 12), 1],
  ];
  for (const [what, files] of asked) {
    const {results, code} = await runRestore(scene, {what: [what]});
    t.deepEqual([what, results.length, code], [what, files, 0]);
  }
  for (const what of ['2026-11-21', 'Canon EOS R6', 'f'.repeat(64), 'IMG_9999']) {
    const {refusal, code} = await runRestore(scene, {what: ['Shoot', what]});
    t.deepEqual([what, refusal?.code, code], [what, 'nothing-found', 2]);
  }
});

test('nothing is replaced: the same bytes count as present, others make a second name', async (t) => {
  const scene = await makeRestoreScene(t);
  const place = join(scene.back, 'Shoot/EOS', PICTURE);
  await makeTree(scene.back, {[`Shoot/EOS/${PICTURE}`]: 'mine'});
  const sameSize = join(scene.back, 'Shoot/EOS', FILM);
  await makeTree(scene.back, {[`Shoot/EOS/${FILM}`]: Buffer.alloc(150_001, 7)});
  const {code, results} = await runRestore(scene);
  t.is(code, 0);
  t.is(await readFile(place, 'utf8'), 'mine');
  t.deepEqual(await readFile(sameSize), Buffer.alloc(150_001, 7));
  const second = join(scene.back, 'Shoot/EOS/DCIM/100CANON/IMG_0001-2.JPG');
  t.is(ofPicture(results)?.target, second);
  t.deepEqual(await readFile(second), await readFile(join(scene.card, PICTURE)));
  const tree = await readTree(scene.back);
  const again = await runRestore(scene);
  t.deepEqual([again.code, new Set(Object.values(again.states))], [0, new Set(['present'])]);
  t.like(again.sum, {present: 4, restored: 0});
  t.deepEqual(await readTree(scene.back), tree);
});

test('a rotten copy is told, and the other drive gives the file', async (t) => {
  const scene = await makeRestoreScene(t);
  const rotten = join(scene.w, 'Shoot/EOS', PICTURE);
  await rot(rotten);
  const gone = join(scene.w, 'Shoot/EOS', FILM);
  await rm(gone);
  const {code, results, bad, lines} = await runRestore(scene);
  t.is(code, 0);
  t.deepEqual(
    new Map(bad.map(([state, path]) => [path, state])),
    new Map([
      [rotten, 'changed'],
      [gone, 'missing'],
    ]),
  );
  t.true(lines.some((line) => line.startsWith(`CHANGED: ${rotten}: `)));
  t.is(ofPicture(results)?.from, join(scene.b, 'Shoot/EOS', PICTURE));
  t.deepEqual(await readTree(scene.back), await expectedBelow(scene, 'Shoot/EOS'));
});

test('a copy that cannot be read, or is too short, stops no file that another drive has', async (t) => {
  const scene = await makeRestoreScene(t);
  await writeFile(join(scene.w, 'Shoot/EOS', PICTURE), 'short');
  const film = join(scene.w, 'Shoot/EOS', FILM);
  const files = failsReading(testFiles, (path) => path === film, 'EIO', 100_000);
  const {code, bad} = await runRestore(scene, {files});
  t.is(code, 0);
  t.deepEqual(bad.map(([state]) => state).sort(), ['changed', 'unreadable']);
  t.deepEqual(await readTree(scene.back), await expectedBelow(scene, 'Shoot/EOS'));
});

test('where no good copy is connected, it says which drive to plug in, and goes on', async (t) => {
  const scene = await makeRestoreScene(t);
  await rot(join(scene.w, 'Shoot/EOS', PICTURE));
  const {code, results, states, lines, sum} = await runRestore(scene, {connected: [scene.w]});
  t.is(code, 1);
  t.deepEqual([states[PICTURE], states[FILM]], ['missing', 'restored']);
  const [drive] = ofPicture(results)?.drives ?? [];
  t.is(drive?.name, 'B');
  t.regex(ofPicture(results)?.next ?? '', /^Plug in B \(last seen 2026-11-22\), then run the same/);
  t.true(lines.some((line) => line.startsWith(`MISSING: Shoot: ${PICTURE}: `)));
  t.like(sum, {restored: 3, missing: 1});
  t.is(
    Object.keys(await readTree(scene.back)).filter((name) => name.endsWith('0001.JPG')).length,
    0,
  );
  const later = await runRestore(scene);
  t.deepEqual([later.code, later.sum?.restored, later.sum?.present], [0, 1, 3]);
});

test('drives that are all away are known from the catalog', async (t) => {
  const scene = await makeRestoreScene(t);
  const catalog = await openTrial(t);
  for (const manifest of await readManifests(join(scene.w, 'Shoot')))
    unwrap(await catalog.recordManifest(manifest));
  await rename(scene.w, `${scene.w}-away`);
  await rename(scene.b, `${scene.b}-away`);
  for (const what of ['Shoot', 'IMG_0001', '2026-11-20']) {
    const {code, results} = await runRestore(scene, {connected: [], catalog, what: [what]});
    t.is(code, 1);
    t.deepEqual(
      ofPicture(results)?.drives?.map(({name}) => name),
      ['W', 'B'],
    );
  }
  t.deepEqual(await readdir(scene.back), []);
  // Plugged in again, without records: the catalog says where the copies were.
  await rename(`${scene.w}-away`, scene.w);
  await rm(join(scene.w, 'Shoot/_offload'), {recursive: true});
  const {code} = await runRestore(scene, {connected: [scene.w], catalog});
  t.is(code, 0);
  t.deepEqual(await readTree(scene.back), await expectedBelow(scene, 'Shoot/EOS'));
});

test('a drive that no list of volumes shows is found by the catalog and its marker', async (t) => {
  const scene = await makeRestoreScene(t);
  const catalog = await openTrial(t);
  for (const manifest of await readManifests(join(scene.w, 'Shoot')))
    unwrap(await catalog.recordManifest(manifest));
  const {code, sum} = await runRestore(scene, {connected: [], catalog});
  t.deepEqual([code, sum?.restored], [0, 4]);
});

test('--from looks nowhere else', async (t) => {
  const scene = await makeRestoreScene(t);
  const {code, results} = await runRestore(scene, {from: [scene.b]});
  t.is(code, 0);
  t.true(results.every(({from}) => from?.startsWith(`${scene.b}/`)));
  const nothing = await runRestore(scene, {from: [scene.back]});
  t.deepEqual([nothing.code, nothing.refusal?.code], [2, 'nothing-found']);
  const wrong = await runRestore(scene, {from: [join(scene.folder, 'none')]});
  t.deepEqual([wrong.code, wrong.refusal?.code], [2, 'source-missing']);
});

test('bytes that come to the disk wrong never get a final name', async (t) => {
  const scene = await makeRestoreScene(t);
  const {code, states, sum} = await runRestore(scene, {
    files: flipsLastByte(testFiles, restoringBelow(scene.back)),
  });
  t.is(code, 1);
  t.like(sum, {restored: 0, failed: 4});
  t.deepEqual(new Set(Object.values(states)), new Set(['failed']));
  const left = Object.values(await readTree(scene.back));
  t.deepEqual(new Set(left), new Set(['folder']));
});

test('one transfer that is spoiled is done again', async (t) => {
  const scene = await makeRestoreScene(t);
  const hit = restoringBelow(scene.back);
  for (const files of [flipsFirstWrites(testFiles, hit, 1), flipsFirstReads(testFiles, hit, 1)]) {
    const calls: Call[] = [];
    const setting = {files: recordsCalls(files, calls), what: ['MVI_0003']};
    const {code, results} = await runRestore(scene, setting);
    t.deepEqual([code, results.length], [0, 1]);
    const made = calls.filter(({method, path}) => method === 'createFile' && hit(path));
    t.is(made.length, 2);
    const film = await readFile(join(scene.back, 'Shoot/EOS', FILM));
    t.deepEqual(film, await readFile(join(scene.card, FILM)));
    t.deepEqual(await findLitter(scene.back), []);
    await rm(join(scene.back, 'Shoot'), {recursive: true});
  }
});

test('short reads and short writes change nothing', async (t) => {
  const scene = await makeRestoreScene(t);
  t.is((await runRestore(scene, {files: givesShort(testFiles)})).code, 0);
  t.deepEqual(await readTree(scene.back), await expectedBelow(scene, 'Shoot/EOS'));
});

test('a full destination fails the file that does not fit, leaves nothing half, and goes on later', async (t) => {
  const scene = await makeRestoreScene(t);
  const {code, states} = await runRestore(scene, {
    files: fullAfter(testFiles, scene.back, 60_000),
  });
  t.is(code, 1);
  t.is(states[FILM], 'failed');
  t.deepEqual(await findLitter(scene.back), []);
  t.false((await readdir(join(scene.back, 'Shoot/EOS/DCIM/101CANON'))).includes('MVI_0003.MP4'));
  t.is((await runRestore(scene)).code, 0);
  t.deepEqual(await readTree(scene.back), await expectedBelow(scene, 'Shoot/EOS'));
});

test('a destination that is pulled out, at any moment, leaves no wrong name, and the run ends', async (t) => {
  const scene = await makeRestoreScene(t);
  const calls: Call[] = [];
  await runRestore(scene, {files: recordsCalls(testFiles, calls)});
  const isBelow = below(scene.back);
  const count = calls.filter(({path}) => isBelow(path)).length;
  await rm(join(scene.back, 'Shoot'), {recursive: true});
  const whole = await expectedBelow(scene, 'Shoot/EOS');
  for (let n = 1; n < count; n += 5) {
    const {code} = await runRestore(scene, {files: vanishesAfter(testFiles, scene.back, n)});
    const rows = Object.entries(await readTree(scene.back));
    const tree = Object.fromEntries(rows.filter(([name]) => !name.endsWith('.part')));
    // The last calls come after the last proof.
    if (code === 0) t.deepEqual(tree, whole);
    else t.true(code === 1 || code === 2, `after ${n} calls`);
    for (const [name, what] of Object.entries(tree)) {
      t.is(what, whole[name] ?? '', `${name} after ${n} calls`);
    }
    await rm(join(scene.back, 'Shoot'), {recursive: true, force: true});
  }
});

test('stopped, it cleans up, and the same command copies only the rest', async (t) => {
  const scene = await makeRestoreScene(t);
  const stop = new AbortController();
  const {code, sum} = await runRestore(scene, {
    stop,
    onEvent(event) {
      if (event.type === 'file-restored') stop.abort();
    },
  });
  t.is(code, 130);
  t.deepEqual(await findLitter(scene.back), []);
  const done = sum?.restored ?? 0;
  t.true(done >= 1 && done < 4);
  const again = await runRestore(scene);
  t.deepEqual([again.code, again.sum?.present, again.sum?.restored], [0, done, 4 - done]);
});

test('what a restore that died left is removed by the next one, and nothing else', async (t) => {
  const scene = await makeRestoreScene(t);
  const folder = 'Shoot/EOS/DCIM/100CANON';
  const mine = `${folder}/.offload-restore-studio-999999-w00001-1.part`;
  const others = [
    `${folder}/.offload-restore-laptop-999999-w00001-1.part`,
    `${folder}/.offload-restore-notes.part`,
  ];
  await makeTree(scene.back, {[mine]: 'x', ...Object.fromEntries(others.map((o) => [o, 'x']))});
  t.is((await runRestore(scene)).code, 0);
  const names = Object.keys(await readTree(scene.back));
  t.false(names.includes(mine));
  for (const other of others) t.true(names.includes(other), other);
});

test('refused before anything is written: a shoot, a card, a folder that is not there, no space', async (t) => {
  const scene = await makeRestoreScene(t);
  const before = await readTree(scene.folder);
  const inside = join(scene.w, 'Shoot/EOS');
  t.is((await runRestore(scene, {to: inside})).refusal?.code, 'destination-inside-shoot');
  t.is(
    (await runRestore(scene, {to: join(scene.w, 'Shoot')})).refusal?.code,
    'destination-inside-shoot',
  );
  t.is((await runRestore(scene, {to: scene.card})).refusal?.code, 'destination-is-card');
  t.is(
    (await runRestore(scene, {to: join(scene.card, 'MISC')})).refusal?.code,
    'destination-is-card',
  );
  t.is(
    (await runRestore(scene, {to: join(scene.folder, 'no')})).refusal?.code,
    'destination-missing',
  );
  const full: Files = {...bind(testFiles), freeBytes: async () => 1000};
  const {refusal, code} = await runRestore(scene, {files: full});
  t.deepEqual([refusal?.code, code], ['not-enough-space', 2]);
  t.deepEqual(await readTree(scene.folder), before);
});

/** The methods of a class do not spread. */
function bind(files: Files): Files {
  const bound: Call[] = [];
  return recordsCalls(files, bound);
}

test('into the folder of the shoots themselves it puts back what a drive lacks', async (t) => {
  const scene = await makeRestoreScene(t);
  const before = await readTree(scene.w);
  await rm(join(scene.w, 'Shoot/EOS', PICTURE));
  const {code, sum} = await runRestore(scene, {to: scene.w});
  t.deepEqual([code, sum?.restored, sum?.present], [0, 1, 3]);
  t.deepEqual(await readTree(scene.w), before);
});

test('a dry run writes nothing and says where everything would go', async (t) => {
  const scene = await makeRestoreScene(t);
  await rm(join(scene.w, 'Shoot/EOS', PICTURE));
  const calls: Call[] = [];
  const {code, events, lines, results} = await runRestore(scene, {
    dryRun: true,
    connected: [scene.w],
    files: recordsCalls(testFiles, calls),
  });
  t.is(code, 1);
  t.deepEqual(calls.filter(changes), []);
  t.is(events.filter(({type}) => type === 'copy-planned').length, 3);
  t.deepEqual(
    results.map(({path, state}) => [path, state]),
    [[PICTURE, 'missing']],
  );
  t.true(lines.includes(`to ${join(scene.back, 'Shoot')}:`));
  const at = lines.indexOf(`  ${FILM} (150 kB)`);
  t.is(lines[at + 1], `    -> EOS/${FILM}`);
  t.deepEqual(await readdir(scene.back), []);
});

test('a test restores some files by chance, proves them, and removes them again', async (t) => {
  const scene = await makeRestoreScene(t);
  await makeTree(scene.back, {'mine.txt': 'mine'});
  const before = await readTree(scene.folder);
  const {code, results, sum, lines} = await runRestore(scene, {what: [], test: 3});
  t.is(code, 0);
  t.is(results.filter(({state}) => state === 'restored').length, 3);
  t.true(results.every(({target}) => target?.startsWith(`${scene.back}/offload-restore-test-`)));
  t.like(sum, {files: 3, restored: 3, test: 'removed'});
  t.regex(lines[0] ?? '', /^ALL TEST: 3 files/);
  t.regex(lines.at(-1) ?? '', /was removed again$/);
  t.deepEqual(await readTree(scene.folder), before);
  t.is((await runRestore(scene, {what: ['Shoot'], test: 100})).sum?.files, 4);
  t.deepEqual(await readTree(scene.folder), before);
});

test('a test finds rot, fails, and removes what it made; so does one that is stopped', async (t) => {
  const scene = await makeRestoreScene(t);
  await rot(join(scene.w, 'Shoot/EOS', PICTURE));
  await rot(join(scene.b, 'Shoot/EOS', PICTURE));
  const before = await readTree(scene.folder);
  const {code, states, bad} = await runRestore(scene, {test: 4});
  t.deepEqual([code, states[PICTURE], bad.length], [1, 'missing', 2]);
  t.deepEqual(await readTree(scene.folder), before);
  const stop = new AbortController();
  const onEvent = (event: OffloadEvent) => {
    if (event.type === 'file-restored') stop.abort();
  };
  t.is((await runRestore(scene, {test: 4, stop, onEvent})).code, 130);
  t.deepEqual(await readTree(scene.folder), before);
});

/** Rewrites the record of a shoot and seals it again, as somebody who means harm can. */
async function forge(shoot: string, change: (text: string) => string): Promise<void> {
  const folder = join(shoot, '_offload');
  const [name = ''] = (await readdir(folder)).filter((one) => one.endsWith('.json'));
  const path = join(folder, name);
  const {seal: _, signature: __, ...body} = JSON.parse(change(await readFile(path, 'utf8')));
  await writeFile(path, sealManifest(body, hashOfText));
}

test('a record leads nowhere out of its shoot and out of the destination', async (t) => {
  const scene = await makeRestoreScene(t);
  const secret = 'SECRET of somebody else, long enough to be one';
  await writeFile(join(scene.folder, 'secret'), secret);
  const hash = hashOfBytes(Buffer.from(secret));
  const {length: size} = secret;
  await rm(join(scene.w, 'Shoot/EOS', PICTURE));
  await symlink(scene.folder, join(scene.w, 'Shoot/out'));
  for (const target of ['out/secret', '../../secret', '/etc/passwd', '_offload/x.json']) {
    await forge(join(scene.w, 'Shoot'), (text) => {
      const record = JSON.parse(text);
      const [first] = record.files;
      record.shoot = '../../escape';
      record.files = [{...first, size, blake3: hash}];
      for (const copy of record.files[0].copies) copy.target = target;
      return JSON.stringify(record);
    });
    const {code} = await runRestore(scene, {what: ['../../escape'], connected: [scene.w]});
    t.true(code > 0, target);
    const names = Object.keys(await readTree(scene.folder));
    t.false(
      names.some((name) => name.endsWith('escape')),
      target,
    );
    t.deepEqual(await readdir(scene.back), []);
  }
});

test('names of a record become names that the destination holds, and stay in it', async (t) => {
  const scene = await makeRestoreScene(t);
  await forge(join(scene.w, 'Shoot'), (text) => {
    const record = JSON.parse(text);
    record.shoot = '../a:b';
    return JSON.stringify(record);
  });
  const setting = {what: ['IMG_0001'], connected: [scene.w], fileSystem: 'exfat'};
  const {code, results} = await runRestore(scene, setting);
  t.is(code, 0);
  t.is(ofPicture(results)?.target, join(scene.back, '..%2Fa%3Ab/EOS', PICTURE));
});

test('a link in the destination is not followed', async (t) => {
  const scene = await makeRestoreScene(t);
  const outside = join(scene.folder, 'outside');
  await mkdir(outside);
  await mkdir(join(scene.back, 'Shoot'));
  await symlink(outside, join(scene.back, 'Shoot/EOS'));
  const {code, sum} = await runRestore(scene);
  t.deepEqual([code, sum?.failed], [1, 4]);
  t.deepEqual(await readdir(outside), []);
});
