import {mkdir, readdir, readFile, rename, rm, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {describeClouds, runDueClouds} from '../../../src/commands/offsite/cloud/index.ts';
import {lose, rot} from '../../helpers/fake-rclone.ts';
import {HOUR, NOON, pull} from '../backup/backup-trial.ts';
import {
  add,
  makeCloudTrial,
  programFor,
  readFar,
  run,
  textOf,
  verify,
  write,
} from './cloud-trial.ts';

const ALL = ['Shoot/IMG_1.CR3', 'Shoot/IMG_1.xmp', 'Shoot/IMG_2.JPG', 'notes.txt'];

for (const isBucket of [false, true]) {
  const kind = isBucket ? 'a bucket' : 'a server';

  test(`${kind}: all files are uploaded and proved, and a second run has nothing to do`, async (t) => {
    const trial = await makeCloudTrial(t, {remote: {isBucket}});
    t.is((await add(trial)).end.exitCode, 0);
    const first = await run(trial);
    t.deepEqual([first.end.exitCode, first.codes], [0, []]);
    t.like(first.finished, {result: 'good', files: 4, proved: 4, uploaded: 4, failed: 0});
    const far = await readFar(trial);
    t.deepEqual(Object.keys(far), ALL);
    for (const path of ALL) t.is(far[path], await textOf(trial, path));
    const calls = trial.rclone.calls.length;
    const second = await run(trial);
    t.like(second.finished, {result: 'good', unchanged: 4, uploaded: 0, proved: 4});
    const made = trial.rclone.calls.slice(calls);
    t.false(made.some((call) => /^(?:copy|lsjson|moveto|copyto)/.test(call)));
  });

  test(`${kind}: a changed sidecar is replaced and its old version archived; what was deleted here stays there`, async (t) => {
    const trial = await makeCloudTrial(t, {remote: {isBucket}});
    await add(trial);
    await run(trial);
    await write(trial, 'Shoot/IMG_1.xmp', 'rating 5, longer');
    await rm(join(trial.source, 'notes.txt'));
    await utimes(join(trial.source, 'Shoot/IMG_2.JPG'), 1e9, 1e9);
    const told = await run(trial);
    t.is(told.end.exitCode, 0);
    t.deepEqual(told.steps, [
      'keep done notes.txt',
      'replace done Shoot/IMG_1.xmp',
      'retime done Shoot/IMG_2.JPG',
    ]);
    t.like(told.finished, {files: 3, proved: 3, replaced: 1, kept: 1, retimed: 1});
    const far = await readFar(trial);
    t.is(far['Shoot/IMG_1.xmp'], 'rating 5, longer');
    t.is(far['_archive/*/Shoot/IMG_1.xmp'], 'rating 1');
    t.is(far['notes.txt'], 'notes');
    t.like((await run(trial)).finished, {unchanged: 3, kept: 0});
  });

  test(`${kind}: a raw file that changed is an alarm and not uploaded, until it is accepted`, async (t) => {
    const trial = await makeCloudTrial(t, {remote: {isBucket}});
    await add(trial);
    await run(trial);
    const before = await readFar(trial);
    await write(trial, 'Shoot/IMG_1.CR3', 'other bytes');
    const alarmed = await run(trial);
    t.is(alarmed.end.exitCode, 1);
    t.like(alarmed.finished, {result: 'incomplete', alarms: 1, replaced: 0});
    t.true(alarmed.codes.includes('original-changed'));
    t.deepEqual(await readFar(trial), before);
    const accepted = await run(trial, {acceptChanges: true});
    t.like(accepted.finished, {result: 'good', alarms: 0, replaced: 1});
    const far = await readFar(trial);
    t.is(far['Shoot/IMG_1.CR3'], 'other bytes');
    t.is(far['_archive/*/Shoot/IMG_1.CR3'], before['Shoot/IMG_1.CR3']);
  });

  test(`${kind}: rot and loss are found by verify, and healed by the next run`, async (t) => {
    const trial = await makeCloudTrial(t, {remote: {isBucket}});
    await add(trial);
    await run(trial);
    t.is((await verify(trial)).end.exitCode, 0);
    await rot(trial.rclone, 'bucket/Shoot/IMG_1.CR3');
    await lose(trial.rclone, 'bucket/notes.txt');
    const found = await verify(trial);
    t.is(found.end.exitCode, 1);
    t.like(found.verified, {
      result: 'bad',
      files: 4,
      proved: 2,
      damaged: 1,
      missing: 1,
      since: null,
    });
    t.deepEqual(found.steps, ['verify failed Shoot/IMG_1.CR3', 'verify failed notes.txt']);
    const healed = await run(trial);
    t.like(healed.finished, {result: 'good', healed: 2, proved: 4});
    const far = await readFar(trial);
    t.is(far['Shoot/IMG_1.CR3'], await textOf(trial, 'Shoot/IMG_1.CR3'));
    t.true('_archive/*/Shoot/IMG_1.CR3' in far);
    t.is((await verify(trial)).end.exitCode, 0);
  });

  test(`${kind}: exit code 0 proves nothing`, async (t) => {
    const trial = await makeCloudTrial(t, {remote: {isBucket}});
    await add(trial);
    trial.rclone.faults.lies = true;
    const told = await run(trial);
    t.is(told.end.exitCode, 1);
    t.like(told.finished, {result: 'incomplete', proved: 0, failed: 4, uploaded: 0});
    t.true(told.codes.includes('cloud-not-there'));
    trial.rclone.faults.lies = false;
    t.like((await run(trial)).finished, {result: 'good', proved: 4});
  });

  test(`${kind}: what arrives short or spoiled is never proved`, async (t) => {
    const trial = await makeCloudTrial(t, {remote: {isBucket}});
    await add(trial);
    Object.assign(trial.rclone.faults, {cuts: 'IMG_2', spoils: 'notes'});
    const told = await run(trial);
    t.is(told.end.exitCode, 1);
    t.like(told.finished, {proved: 2, failed: 2, uploaded: 2});
    const far = await readFar(trial);
    // Only where objects appear whole under their names.
    t.is('notes.txt' in far, isBucket);
    Object.assign(trial.rclone.faults, {cuts: undefined, spoils: undefined});
    const again = await run(trial);
    if (isBucket) t.like(again.finished, {result: 'good', proved: 4});
    else t.like(again.finished, {result: 'good', proved: 4, uploaded: 2});
    t.is((await readFar(trial))['notes.txt'], 'notes');
  });
}

test('what lies there already is found by its hash and not sent again', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  await run(trial);
  await rm(join(trial.home, 'offsite'), {recursive: true});
  const told = await run(trial);
  t.like(told.finished, {result: 'good', adopted: 4, uploaded: 0, proved: 4, bytesSent: 0});
});

test('a damaged memory is put aside, and everything is looked at again', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  await run(trial);
  const [job = ''] = await readdir(join(trial.home, 'offsite'));
  const folder = join(trial.home, 'offsite', job);
  const path = join(folder, 'state.sqlite');
  // The log beside it would be read in its place; and SQLite knows a file that is open in this process by its inode.
  for (const part of ['-wal', '-shm', '']) await rm(path + part, {force: true});
  await writeFile(path, 'this is no database, and long enough to be taken for one. '.repeat(40));
  const told = await run(trial);
  t.true(told.codes.includes('cloud-state-damaged'));
  t.like(told.finished, {result: 'good', adopted: 4, proved: 4});
  t.true((await readdir(folder)).some((name) => name.includes('.damaged-')));
});

test('a stranger of the name of a raw file is not replaced; one of a sidecar goes to the archive', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  const far = join(trial.rclone.root, 'bucket/Shoot');
  await run(trial, {preview: true});
  await mkdir(far, {recursive: true});
  await writeFile(join(far, 'IMG_1.CR3'), 'of somebody else');
  await writeFile(join(far, 'IMG_1.xmp'), 'older');
  const told = await run(trial);
  t.is(told.end.exitCode, 1);
  t.true(told.codes.includes('cloud-differs'));
  t.like(told.finished, {proved: 3, alarms: 1, replaced: 1, uploaded: 2});
  const after = await readFar(trial);
  t.is(after['Shoot/IMG_1.CR3'], 'of somebody else');
  t.is(after['_archive/*/Shoot/IMG_1.xmp'], 'older');
});

test('without hashes at the remote nothing is proved, until it is downloaded', async (t) => {
  const trial = await makeCloudTrial(t, {remote: {hashes: [], type: 'webdav'}});
  const added = await add(trial);
  t.true(added.codes.includes('remote-without-hashes'));
  const told = await run(trial);
  t.is(told.end.exitCode, 1);
  t.like(told.finished, {result: 'incomplete', code: 'cloud-size-only', proved: 0, sizeOnly: 4});
  t.is((await verify(trial)).end.exitCode, 1);
  t.like((await verify(trial, {download: true})).verified, {result: 'good', proved: 4});
  await rot(trial.rclone, 'bucket/notes.txt');
  t.like((await verify(trial)).verified, {result: 'bad', damaged: 0, sizeOnly: 4});
  t.like((await verify(trial, {download: true})).verified, {result: 'bad', damaged: 1});
});

for (const [type, hashes, how] of [
  ['crypt', [], 'cryptcheck'],
  ['dropbox', ['dropbox'], 'check'],
] as const) {
  test(`${type}: proved by ${how} against the source, and by download without it`, async (t) => {
    const configured =
      type === 'crypt' ? {far: 'type = crypt\nremote = box:x', box: 'type = sftp'} : {};
    const remote = {type, hashes, configured, innerHashes: ['md5', 'sha1']};
    const trial = await makeCloudTrial(t, {remote});
    t.deepEqual((await add(trial)).codes, []);
    const told = await run(trial);
    t.like(told.finished, {result: 'good', proved: 4});
    const proofs = told.events.flatMap((event) =>
      event.type === 'cloud-step' ? [event.proof] : [],
    );
    t.deepEqual(proofs, [how, how, how, how]);
    await rot(trial.rclone, 'bucket/notes.txt');
    // A file that was worked on here says nothing about what lies there.
    await write(trial, 'Shoot/IMG_1.xmp', 'worked on meanwhile');
    t.like((await verify(trial)).verified, {result: 'bad', damaged: 1, sizeOnly: 1, proved: 2});
    t.like((await run(trial)).finished, {result: 'good', healed: 1, replaced: 1});
    await pull(trial, trial.w);
    t.like((await verify(trial)).verified, {result: 'bad', proved: 0, sizeOnly: 4});
    t.like((await verify(trial, {download: true})).verified, {result: 'good', proved: 4});
  });
}

test('a raw file that is not what its record says is an alarm and never uploaded', async (t) => {
  const hash = 'ab'.repeat(32);
  const trial = await makeCloudTrial(t, {
    tree: {'Shoot/C/IMG_1.CR3': 900, 'Shoot/_offload/x.b3': `${hash}  C/IMG_1.CR3\n`},
  });
  await add(trial);
  const told = await run(trial);
  t.true(told.codes.includes('record-differs'));
  t.like(told.finished, {alarms: 1, uploaded: 1});
  t.false('Shoot/C/IMG_1.CR3' in (await readFar(trial)));
});

test('an empty source, and one that is away, change nothing', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  await run(trial);
  const before = await readFar(trial);
  await rename(trial.source, `${trial.source}-x`);
  t.is((await run(trial)).end.exitCode, 2);
  await mkdir(trial.source);
  const empty = await run(trial);
  t.like(empty.finished, {result: 'refused', code: 'source-empty'});
  await pull(trial, trial.w);
  const away = await run(trial);
  t.is(away.end.exitCode, 1);
  t.like(away.finished, {result: 'away', code: 'source-away'});
  t.deepEqual(await readFar(trial), before);
});

test('each trouble has one clear cause, told once', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  const cases = [
    ['read metadata failed: Unauthorized: 401 Unauthorized', 'cloud-credentials'],
    ['dial tcp: lookup nas.local: no such host', 'cloud-unreachable'],
    ['googleapi: Error 403: storageQuotaExceeded', 'cloud-full'],
    ["didn't find section in config file", 'remote-unknown'],
  ] as const;
  for (const [words, code] of cases) {
    trial.rclone.faults.refuse = (command) => (command === 'lsjson' ? words : undefined);
    const told = await run(trial);
    t.is(told.end.exitCode, 1);
    t.like(told.finished, {result: 'incomplete', code, failed: 0}, code);
    t.true(told.finished?.message?.includes(words), code);
    t.is(told.steps.length, 0, code);
  }
});

test('a run that is stopped goes on where it was, and reads nothing again', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  const stop = new AbortController();
  trial.rclone.faults.onUpload = () => stop.abort();
  const stopped = await run(trial, {stop});
  t.is(stopped.end.exitCode, 130);
  t.is(stopped.finished?.result, 'stopped');
  trial.rclone.faults.onUpload = () => {};
  const again = await run(trial);
  t.like(again.finished, {result: 'good', proved: 4});
  t.false(
    again.events.some(
      (event) => event.type === 'cloud-progress' && event.phase === 'read' && event.sent > 0,
    ),
  );
});

test('quiet hours: nothing that is due begins, and a run ends softly', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial, {every: '1h', quietHours: '12:00-13:00'});
  trial.clock.set(NOON + HOUR + 60_000);
  t.is((await run(trial, {due: true})).finished, undefined);
  trial.clock.set(NOON + HOUR / 2);
  trial.rclone.faults.onUpload = () => trial.clock.set(NOON + HOUR + 1000);
  const told = await run(trial);
  t.true(trial.rclone.calls.some((call) => call.startsWith('copy')));
  // What was on its way is proved; a run that has all of it is good.
  t.is(told.finished?.result, 'good');
  await write(trial, 'more.txt', 'more');
  await write(trial, 'Shoot/again.txt', 'more');
  t.is((await run(trial, {due: true})).finished, undefined);
});

test('what is due runs, and nothing is said when nothing is', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial, {every: '6h'});
  t.is((await run(trial, {due: true})).finished?.result, 'good');
  trial.clock.set(NOON + HOUR);
  const quiet = await run(trial, {due: true});
  t.deepEqual([quiet.events.length, quiet.end.exitCode], [0, 0]);
  trial.clock.set(NOON + 7 * HOUR);
  t.is((await run(trial, {due: true})).finished?.result, 'good');
  const none = await makeCloudTrial(t);
  const events: unknown[] = [];
  const {signal} = new AbortController();
  await runDueClouds(programFor(none), {emit: (event) => events.push(event), signal});
  t.deepEqual(events, []);
});

test('a preview writes nothing, here or there', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  const told = await run(trial, {preview: true});
  t.deepEqual(
    told.steps,
    ALL.map((path) => `upload planned ${path}`),
  );
  t.deepEqual(await readFar(trial), {});
  t.like((await run(trial)).finished, {uploaded: 4});
});

test('secrets stand neither in calls nor in events nor on the disk', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  trial.rclone.faults.refuse = (command) =>
    command === 'copy'
      ? 'Post "https://me:hunter2@far/x?sig=hunter2": token=hunter2 denied'
      : undefined;
  const told = await run(trial);
  t.false(JSON.stringify([told.events, trial.rclone.calls]).includes('hunter2'));
  const [job = ''] = await readdir(join(trial.home, 'offsite'));
  for (const name of await readdir(join(trial.home, 'offsite', job))) {
    // What SQLite keeps beside its file may go meanwhile.
    const bytes = await readFile(join(trial.home, 'offsite', job, name)).catch(() => null);
    if (bytes === null) continue;
    t.false(bytes.includes('hunter2'), name);
  }
});

test('describes what is known, without a call of rclone', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial, {place: 'Frankfurt', bwLimit: '2M'});
  const before = trial.rclone.calls.length;
  const fresh = await describeClouds(programFor(trial));
  t.like(fresh.ok ? fresh.value[0] : undefined, {
    job: 'cloud',
    kind: 'cloud',
    place: 'Frankfurt',
    trigger: 'by hand, at most 2M',
    next: 'Run offload offsite run cloud.',
  });
  t.is(trial.rclone.calls.length, before);
  await run(trial);
  const known = await describeClouds(programFor(trial));
  const one = known.ok ? known.value[0] : undefined;
  t.like(one?.copies[0], {name: 'far', folder: 'bucket', lastResult: 'good', files: 4});
  t.is(one?.next, null);
});

test('a server that refuses names: the old file stays, and the next run gives the name', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  await run(trial);
  await write(trial, 'Shoot/IMG_1.xmp', 'rating 5, longer');
  let renames = 0;
  // The first puts the old one into the archive, the second gives the new one its name.
  trial.rclone.faults.refuse = (command) =>
    command === 'moveto' && ++renames === 2 ? 'SSH_FX_FAILURE' : undefined;
  const cut = await run(trial);
  t.is(cut.end.exitCode, 1);
  t.like(cut.finished, {result: 'incomplete', failed: 1, replaced: 0, proved: 3});
  const between = await readFar(trial);
  t.is(between['_archive/*/Shoot/IMG_1.xmp'], 'rating 1');
  t.is(between['_offload-incoming/*/Shoot/IMG_1.xmp'], 'rating 5, longer');
  t.false('Shoot/IMG_1.xmp' in between);
  trial.rclone.faults.refuse = () => undefined;
  t.like((await run(trial)).finished, {result: 'good', proved: 4});
  const after = await readFar(trial);
  t.is(after['Shoot/IMG_1.xmp'], 'rating 5, longer');
  t.is(after['_archive/*/Shoot/IMG_1.xmp'], 'rating 1');
});

test('a bucket that cannot archive keeps its old version, and that is told', async (t) => {
  for (const copies of [true, false]) {
    const trial = await makeCloudTrial(t, {remote: {isBucket: true, copies}});
    await add(trial);
    await run(trial);
    await write(trial, 'Shoot/IMG_1.xmp', 'rating 5, longer');
    trial.rclone.faults.refuse = (command) =>
      command === 'copyto' ? 'AccessControl: copy not allowed' : undefined;
    const told = await run(trial);
    t.like(told.finished, {result: 'incomplete', failed: 1, replaced: 0});
    t.is((await readFar(trial))['Shoot/IMG_1.xmp'], 'rating 1');
  }
});

test('what appears at a name in the last moment is not replaced', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  const place = join(trial.rclone.root, 'bucket/notes.txt');
  trial.rclone.faults.onUpload = async (path) => {
    if (path !== 'notes.txt') return;
    await mkdir(join(trial.rclone.root, 'bucket'), {recursive: true});
    await writeFile(place, 'of somebody else');
  };
  const told = await run(trial);
  t.true(told.codes.includes('cloud-differs'));
  t.is(await readFile(place, 'utf8'), 'of somebody else');
});

test('two runs of one job do not meet', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  let second: Awaited<ReturnType<typeof run>> | undefined;
  trial.rclone.faults.onUpload = async () => {
    second ??= await run(trial);
  };
  t.is((await run(trial)).finished?.result, 'good');
  t.like(second?.finished, {result: 'refused', code: 'cloud-running'});
});

test('odd names: what rclone cannot be given is told, all else arrives', async (t) => {
  const trial = await makeCloudTrial(t, {
    tree: {
      'a/ with blanks .CR3': 10,
      'a/-dash.txt': 'x',
      'a/#hash;"quote\'.txt': 'y',
      'a/Ä ö.txt': 'z',
    },
  });
  await writeFile(join(trial.source, 'line\nend.txt'), 'x');
  await add(trial);
  const told = await run(trial);
  t.like(told.finished, {files: 5, proved: 4, uploaded: 4, failed: 1, result: 'incomplete'});
  t.true(told.codes.includes('name-not-for-cloud'));
});
