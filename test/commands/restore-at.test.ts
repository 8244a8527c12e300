/** `restore --at`: versions of files from the archives of mirrors. */
import {cp, mkdir, rename, rm, stat, symlink} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {flipsFirstWrites, interceptCalls, type Match} from '../helpers/faulty-files.ts';
import {findLitter, hashOfText, readTree, type Tree, testFiles} from '../helpers/run-offload.ts';
import {
  archiveOf,
  hashesOf,
  makeRestoreScene,
  noonOf,
  putFile,
  type RestoreScene,
  runRestore,
} from './restore-trial.ts';

const CARD: Tree = {
  'DCIM/100CANON/IMG_0001.JPG': 10_000,
  'DCIM/100CANON/IMG_0002.CR3': 20_000,
};
const PICTURE = 'Shoot/EOS/DCIM/100CANON/IMG_0001.JPG';
const RAW = 'Shoot/EOS/DCIM/100CANON/IMG_0002.CR3';
const SIDECAR = 'Shoot/EOS/DCIM/100CANON/IMG_0002.xmp';

/**
 * A card offloaded on the 20th to W and B. The picture was edited on the 22nd and on the 24th, a sidecar was written on the 22nd, edited on the 24th and deleted before the 28th; B was
 * put in step at noon of the 23rd, the 25th and the 28th.
 */
async function makeScene(t: ExecutionContext): Promise<RestoreScene> {
  const scene = await makeRestoreScene(t, CARD);
  const {b, w} = scene;
  await mkdir(dirname(join(b, archiveOf(23), PICTURE)), {recursive: true});
  await rename(join(b, PICTURE), join(b, archiveOf(23), PICTURE));
  await putFile(join(b, archiveOf(25), PICTURE), 'picture, edited once', noonOf(22));
  await putFile(join(b, PICTURE), 'picture, edited twice', noonOf(24));
  await putFile(join(w, PICTURE), 'picture, edited twice', noonOf(24));
  await putFile(join(b, archiveOf(25), SIDECAR), 'sidecar 1', noonOf(22));
  await putFile(join(b, archiveOf(28), SIDECAR), 'sidecar 2', noonOf(24));
  return scene;
}

test('each moment has its versions: recorded, archived, as they are now', async (t) => {
  const scene = await makeScene(t);
  const card = await readTree(scene.card);
  const [picture, raw] = [card['DCIM/100CANON/IMG_0001.JPG'], card['DCIM/100CANON/IMG_0002.CR3']];
  const once = hashOfText('picture, edited once');
  const twice = hashOfText('picture, edited twice');
  const [first, second] = [hashOfText('sidecar 1'), hashOfText('sidecar 2')];
  const cases: readonly (readonly [string, Record<string, string | undefined>])[] = [
    ['2026-11-23', {[PICTURE]: once, [RAW]: raw, [SIDECAR]: first}],
    ['2026-11-24T12:00Z', {[PICTURE]: once, [RAW]: raw, [SIDECAR]: first}],
    ['2026-11-25T12:00Z', {[PICTURE]: once, [RAW]: raw, [SIDECAR]: first}],
    ['2026-11-25', {[PICTURE]: twice, [RAW]: raw, [SIDECAR]: second}],
    ['2026-12-01', {[PICTURE]: twice, [RAW]: raw}],
    ['2026-11-23T11:00Z', {[PICTURE]: picture, [RAW]: raw, [SIDECAR]: first}],
  ];
  for (const [at, expected] of cases) {
    const {code} = await runRestore(scene, {at});
    t.is(code, 0, at);
    t.deepEqual(await hashesOf(scene.back), expected, at);
    await rm(scene.back, {recursive: true});
    await mkdir(scene.back);
  }
});

test('a version that no record knows is proved against the archive and told as such', async (t) => {
  const scene = await makeScene(t);
  const before = [await readTree(scene.w), await readTree(scene.b)];
  const {sum, results, lines, codes} = await runRestore(scene, {at: '2026-11-24'});
  t.like(sum, {files: 3, restored: 3, unrecorded: 2});
  t.true(codes.includes('restore-moment'));
  const sidecar = results.find(({path}) => path.endsWith('.xmp'));
  t.like(sidecar, {
    state: 'restored',
    version: {until: '2026-11-25T12:00:00.000Z'},
    hash: hashOfText('sidecar 1'),
    from: join(scene.b, archiveOf(25), SIDECAR),
    mediumRead: 'direct',
  });
  t.is(results.find(({path}) => path.endsWith('.CR3'))?.version, undefined);
  t.is(
    lines.at(-1),
    '  2 files as archived: the bytes are those of the archive, and no record says what they should be',
  );
  t.is(Math.round((await stat(join(scene.back, SIDECAR))).mtimeMs), noonOf(22));
  t.deepEqual([await readTree(scene.w), await readTree(scene.b)], before);
  // The same command again finds everything there, and another version stands beside it.
  t.like((await runRestore(scene, {at: '2026-11-24'})).sum, {
    restored: 0,
    present: 3,
    unrecorded: 2,
  });
  t.like((await runRestore(scene, {at: '2026-11-26'})).sum, {restored: 2, present: 1});
  const names = Object.keys(await hashesOf(scene.back));
  t.true(names.includes(SIDECAR.replace('.xmp', '-2.xmp')));
  t.deepEqual(await findLitter(scene.back), []);
});

test('a part of a path finds what only the archive has, and without --at nothing of it', async (t) => {
  const scene = await makeScene(t);
  const {code, sum} = await runRestore(scene, {what: ['img_0002.XMP'], at: '2026-11-24'});
  t.is(code, 0);
  t.like(sum, {files: 1, restored: 1});
  t.deepEqual(await hashesOf(scene.back), {[SIDECAR]: hashOfText('sidecar 1')});
  const without = await runRestore(scene, {what: ['img_0002.XMP']});
  t.deepEqual([without.code, without.codes.includes('nothing-found')], [2, true]);
  const later = await runRestore(scene, {what: ['img_0002.XMP'], at: '2026-12-01'});
  t.is(later.code, 2);
  t.is((await runRestore(scene, {at: 'yesterday'})).codes[0], 'no-moment');
});

test('what was recorded and then deleted comes from the archive, proved by its record', async (t) => {
  const scene = await makeScene(t);
  await mkdir(join(scene.b, archiveOf(28), 'Shoot'), {recursive: true});
  await mkdir(dirname(join(scene.b, archiveOf(28), RAW)), {recursive: true});
  await rename(join(scene.b, RAW), join(scene.b, archiveOf(28), RAW));
  await rm(join(scene.w, RAW));
  const {code, results} = await runRestore(scene, {what: ['IMG_0002.CR3'], at: '2026-11-24'});
  t.is(code, 0);
  t.like(results[0], {state: 'restored', from: join(scene.b, archiveOf(28), RAW)});
  t.is(results[0]?.version, undefined);
});

test('what was changed after the moment and is in no archive is told', async (t) => {
  const scene = await makeScene(t);
  const {code, codes} = await runRestore(scene, {at: '2026-11-20'});
  t.is(code, 0);
  t.true(codes.includes('version-unknown'));
  const rows = await hashesOf(scene.back);
  t.is(rows[PICTURE], (await readTree(scene.card))['DCIM/100CANON/IMG_0001.JPG']);
});

test('a mirror of a drive whose shoots lie in folders, and files in no shoot', async (t) => {
  const scene = await makeScene(t);
  const target = join(scene.b, 'Mirror/Photos');
  await mkdir(target, {recursive: true});
  for (const name of ['Shoot', '_archive'])
    await cp(join(scene.b, name), join(target, name), {recursive: true, preserveTimestamps: true});
  await rm(join(scene.b, '_archive'), {recursive: true});
  await putFile(join(target, archiveOf(25), 'list.txt'), 'list', noonOf(22));
  const {code} = await runRestore(scene, {what: ['IMG_0001', 'list.txt'], at: '2026-11-24'});
  t.is(code, 0);
  t.deepEqual(await hashesOf(scene.back), {
    [PICTURE]: hashOfText('picture, edited once'),
    'list.txt': hashOfText('list'),
  });
});

test('links and folders that are no run lead nowhere', async (t) => {
  const scene = await makeScene(t);
  await putFile(join(scene.folder, 'secret/Shoot/secret.txt'), 'secret', noonOf(22));
  await symlink(join(scene.folder, 'secret'), join(scene.b, archiveOf(26)));
  await putFile(join(scene.b, '_archive/old/Shoot/secret.txt'), 'secret', noonOf(22));
  await symlink(
    join(scene.folder, 'secret/Shoot/secret.txt'),
    join(scene.b, archiveOf(25), 'Shoot/secret.txt'),
  );
  const {codes} = await runRestore(scene, {what: ['secret.txt'], at: '2026-11-24'});
  t.true(codes.includes('nothing-found'));
});

test('a transfer that is spoiled is written again; a version that changes while it is read is not taken', async (t) => {
  const scene = await makeScene(t);
  const isTemporary: Match = (path) => /Shoot\/.*\.offload-restore-/.test(path);
  const files = flipsFirstWrites(testFiles, isTemporary, 1);
  const spoiled = await runRestore(scene, {what: ['IMG_0002.xmp'], at: '2026-11-24', files});
  t.is(spoiled.code, 0);
  t.deepEqual(await hashesOf(scene.back), {[SIDECAR]: hashOfText('sidecar 1')});
  await rm(join(scene.back, 'Shoot'), {recursive: true});
  const place = join(scene.b, archiveOf(25), SIDECAR);
  const changing = interceptCalls(testFiles, async (call, proceed) => {
    const answer = await proceed();
    if (call.method === 'createFile' && isTemporary(call.path))
      await putFile(place, 'sidecar X', noonOf(27));
    return answer;
  });
  const {code, results} = await runRestore(scene, {
    what: ['IMG_0002.xmp'],
    at: '2026-11-24',
    files: changing,
  });
  t.deepEqual([code, results[0]?.state], [1, 'missing']);
  t.deepEqual(await hashesOf(scene.back), {});
});

test('without a backup drive files come as they were offloaded, and that is said', async (t) => {
  const scene = await makeScene(t);
  await rm(join(scene.b, '_archive'), {recursive: true});
  const {code, codes, sum} = await runRestore(scene, {what: ['IMG_0002.CR3'], at: '2026-11-24'});
  t.deepEqual([code, codes.includes('no-versions')], [0, true]);
  t.like(sum, {restored: 1, unrecorded: 0});
});

test('a dry run writes nothing and shows where versions would go', async (t) => {
  const scene = await makeScene(t);
  const {code, events} = await runRestore(scene, {at: '2026-11-24', dryRun: true});
  t.is(code, 0);
  t.is(events.filter(({type}) => type === 'copy-planned').length, 3);
  t.deepEqual(await readTree(scene.back), {});
});

test('--versions lists what there is of each file, writes nothing, and what it says can be had', async (t) => {
  const scene = await makeScene(t);
  const before = [await readTree(scene.folder)];
  const {code, events, lines, sum} = await runRestore(scene, {versions: true, to: undefined});
  t.deepEqual([code, sum], [0, undefined]);
  t.deepEqual([await readTree(scene.folder)], before);
  const files = events.filter((event) => event.type === 'file-versions');
  const rows = files.map(({target, versions}) => [
    target.slice(target.lastIndexOf('/') + 1),
    versions.map(({state, name, at}) => [state, name, at].join(' ').trim()),
  ]);
  t.deepEqual(Object.fromEntries(rows), {
    'IMG_0001.JPG': [
      'current B 2026-11-25T12:00:01Z',
      'archived B 2026-11-25T12:00:00Z',
      'offloaded B 2026-11-23T12:00:00Z',
    ],
    'IMG_0002.CR3': ['offloaded W', 'offloaded B'],
    'IMG_0002.xmp': ['archived B 2026-11-28T12:00:00Z', 'archived B 2026-11-25T12:00:00Z'],
  });
  t.true(
    lines.some((line) => /^ {2}until 2026-11-25 .* on B {2}--at 2026-11-25T12:00:00Z$/.test(line)),
  );
  for (const {target, versions} of files) {
    for (const {at, size} of versions) {
      if (at === null) continue;
      await rm(scene.back, {recursive: true});
      await mkdir(scene.back);
      t.is((await runRestore(scene, {at})).code, 0);
      t.is((await stat(join(scene.back, 'Shoot', target))).size, size, `${target} ${at}`);
    }
  }
});

test('--versions names drives that are away, and what nothing is left of is exit code 1', async (t) => {
  const scene = await makeScene(t);
  await rm(join(scene.w, RAW));
  const away = await runRestore(scene, {
    versions: true,
    to: undefined,
    from: [scene.w],
    what: ['0002.CR3'],
  });
  const [file] = away.events.filter((event) => event.type === 'file-versions');
  t.deepEqual(
    file?.versions.map(({state, name, path}) => [state, name, path]),
    [['away', 'B', null]],
  );
  t.is(away.code, 0);
  await rm(join(scene.b, RAW));
  const gone = await runRestore(scene, {versions: true, to: undefined, what: ['0002.CR3']});
  t.is(gone.code, 1);
  t.true(gone.lines.includes('  nothing is left of it on what is connected or known'));
  const unknown = await runRestore(scene, {versions: true, to: undefined, what: ['nobody']});
  t.deepEqual([unknown.code, unknown.codes], [2, ['nothing-found']]);
});

test('where two backups differ, --from says whose version is meant', async (t) => {
  const scene = await makeScene(t);
  await putFile(join(scene.w, archiveOf(24), SIDECAR), 'sidecar of another backup', noonOf(23));
  const {events} = await runRestore(scene, {versions: true, to: undefined, what: ['xmp']});
  const [file] = events.filter((event) => event.type === 'file-versions');
  for (const {at, from, size} of file?.versions ?? []) {
    await rm(scene.back, {recursive: true});
    await mkdir(scene.back);
    const asked = {what: ['xmp'], ...(from === null ? {} : {from: [from]})};
    t.is((await runRestore(scene, {...asked, at: at ?? undefined})).code, 0);
    t.is((await stat(join(scene.back, SIDECAR))).size, size, `${at} ${from}`);
  }
  t.is(file?.versions.length, 3);
  t.true(file?.versions.some(({from}) => from !== null));
});
