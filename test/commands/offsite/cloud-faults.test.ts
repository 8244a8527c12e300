/** What must not count as proved, and what must not be lost: faults of remotes, of moments and of the user's own settings. */
import {mkdir, rm, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {openCatalog} from '../../../src/catalog/open-catalog.ts';
import {editCloud, removeCloud} from '../../../src/commands/offsite/cloud/index.ts';
import {tellOffsite} from '../../../src/commands/offsite/tell-offsite.ts';
import {ok} from '../../../src/core/cause.ts';
import {relateVolumes} from '../../../src/core/volumes/drive-relations.ts';
import {makeRecord, unwrap} from '../../catalog/made-records.ts';
import {type FakeRemote, rot} from '../../helpers/fake-rclone.ts';
import {hashOfBytes} from '../../helpers/run-offload.ts';
import {HOUR, idOf, NOON, plug, pull} from '../backup/backup-trial.ts';
import {
  add,
  type CloudTrial,
  makeCloudTrial,
  programFor,
  readFar,
  run,
  typedCloud,
  verify,
  write,
} from './cloud-trial.ts';

async function openNotes(trial: CloudTrial) {
  const catalog = unwrap(await openCatalog({path: join(trial.folder, 'catalog.sqlite')}));
  const notes = {path: 'notes.txt', size: 5, blake3: hashOfBytes(Buffer.from('notes'))};
  unwrap(await catalog.recordManifest(makeRecord({shoot: 'Shoot', files: [notes]})));
  const recall = async () => unwrap(await catalog.recallVolumes());
  const count = async () => {
    const {groups} = unwrap(await catalog.countCopies('Shoot', {destinations: [], volumes: []}));
    const clouds = (await recall()).seen.flatMap(({id, role}) => (role === 'off-site' ? [id] : []));
    const inCloud = groups.filter(({destinations}) =>
      destinations.some((one) => clouds.includes(one)),
    );
    return inCloud.reduce((sum, {files}) => sum + files, 0);
  };
  return {catalog, count, recall, program: {openCatalog: async () => ok(catalog)}};
}

for (const type of ['hasher', 'chunker', 'compress', 'cache']) {
  test(`${type}: a hash that this computer remembers is no proof`, async (t) => {
    const configured = {far: `type = ${type}\nremote = box:x`, box: 'type = sftp\nhost = nas.lan'};
    const trial = await makeCloudTrial(t, {remote: {type, configured}});
    t.true((await add(trial)).codes.includes('remote-without-hashes'));
    t.like((await run(trial)).finished, {result: 'incomplete', proved: 0, sizeOnly: 4});
  });
}

test('crypt over a remote that remembers its hashes: cryptcheck is no proof', async (t) => {
  const configured = {
    far: 'type = crypt\nremote = memo:y',
    memo: 'type = hasher\nremote = box:x',
    box: 'type = sftp\nhost = nas.lan',
  };
  const trial = await makeCloudTrial(t, {remote: {type: 'crypt', hashes: [], configured}});
  await add(trial);
  t.like((await run(trial)).finished, {result: 'incomplete', proved: 0, sizeOnly: 4});
  t.false(trial.rclone.calls.some((call) => call.startsWith('cryptcheck')));
});

test('crypt over a remote without hashes is size only, and good with a download', async (t) => {
  const box = {far: 'type = crypt\nremote = box:y', box: 'type = webdav\nurl = https://dav.lan'};
  const remotes: readonly FakeRemote[] = [
    {configured: box, innerHashes: []},
    // Of one that only the environment knows nothing is seen before.
    {cryptcheck: 'dav:enc does not support any hashes'},
  ];
  for (const remote of remotes) {
    const cryptcheck = 'dav:enc does not support any hashes';
    const trial = await makeCloudTrial(t, {
      remote: {type: 'crypt', hashes: [], cryptcheck, ...remote},
    });
    await add(trial);
    const told = await run(trial);
    t.like(told.finished, {result: 'incomplete', code: 'cloud-size-only', failed: 0, sizeOnly: 4});
    const proved = await makeCloudTrial(t, {
      remote: {type: 'crypt', hashes: [], cryptcheck, ...remote},
    });
    await add(proved, {download: true});
    t.like((await run(proved)).finished, {result: 'good', proved: 4});
    t.like((await verify(proved)).verified, {result: 'good', proved: 4});
  }
});

const HERE: Readonly<Record<string, FakeRemote>> = {
  'an alias that only the environment knows': {type: 'alias', configured: {far: 'type = alias'}},
  'a union of folders': {
    type: 'union',
    configured: {far: 'type = union\nupstreams = /mnt/a "/mnt/b c:ro"'},
  },
  'a union with one folder': {
    type: 'union',
    configured: {far: 'type = union\nupstreams = box:x /mnt/b', box: 'type = s3'},
  },
  'a combination of folders': {
    type: 'combine',
    configured: {far: 'type = combine\nupstreams = a=/mnt/a b=/mnt/b'},
  },
  'crypt over an alias': {
    type: 'crypt',
    hashes: [],
    configured: {far: 'type = crypt\nremote = al:x', al: 'type = alias\nremote = /mnt/a'},
  },
};
for (const [name, remote] of Object.entries(HERE)) {
  test(`${name} is no drive of its own: its copies make no third drive`, async (t) => {
    const trial = await makeCloudTrial(t, {remote});
    const {catalog, recall, program} = await openNotes(trial);
    await add(trial);
    await run(trial, {program});
    const {seen, pairs} = await recall();
    const cloud = seen.find(({role}) => role === 'off-site');
    t.false(cloud?.drives.known);
    t.not(relateVolumes(pairs)(cloud?.id ?? '', idOf(trial.w)), 'different');
    await catalog.close();
  });
}

test('two remotes that wrap one service are one drive', async (t) => {
  const ids: string[][] = [];
  for (const configured of [
    {far: 'type = crypt\nremote = box:bucket', box: 'type = s3'},
    {far: 'type = alias\nremote = box:other', box: 'type = s3'},
  ]) {
    const trial = await makeCloudTrial(t, {remote: {type: 'crypt', configured}});
    const {catalog, recall, program} = await openNotes(trial);
    await add(trial);
    await run(trial, {program});
    const {drives} = (await recall()).seen.find(({role}) => role === 'off-site') ?? {};
    ids.push(drives?.known === true ? [...drives.ids] : []);
    await catalog.close();
  }
  t.deepEqual(ids, [['remote:s3:box'], ['remote:s3:box']]);
});

test('a remote that is a folder in the source is refused, and the source in it too', async (t) => {
  for (const inner of [['Photos', 'copies'], []]) {
    const trial = await makeCloudTrial(t);
    const path = join(trial.w, ...inner);
    const far = await makeCloudTrial(t, {
      remote: {type: 'alias', configured: {far: `type = alias\nremote = ${path}`}},
    });
    const told = await add({...trial, rclone: far.rclone}, {remote: 'far:'});
    t.deepEqual([told.end.exitCode, told.codes], [2, ['source-target-overlap']]);
  }
});

test('quiet hours in the middle of the last files: what is not there yet is not good', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial, {quietHours: '12:00-13:00'});
  trial.clock.set(NOON + 2 * HOUR);
  t.is((await run(trial)).finished?.result, 'good');
  await write(trial, 'notes.txt', 'notes, worked on');
  trial.clock.set(NOON + 24 * HOUR + HOUR / 2);
  trial.rclone.faults.lies = true;
  trial.rclone.faults.refuse = (command) => {
    if (command === 'copy') trial.clock.set(NOON + 25 * HOUR + 1000);
    return undefined;
  };
  const told = await run(trial);
  t.like(told.finished, {result: 'stopped', code: 'quiet-hours'});
  t.is(told.end.exitCode, 1);
});

for (const isBucket of [true, false]) {
  test(`what was put aside for bytes that did not arrive counts no more (${isBucket ? 'bucket' : 'server'})`, async (t) => {
    const trial = await makeCloudTrial(t, {remote: {isBucket}});
    const {catalog, count, program} = await openNotes(trial);
    await add(trial);
    await run(trial, {program});
    t.is(await count(), 1);
    await write(trial, 'notes.txt', 'other');
    if (isBucket) trial.rclone.faults.spoils = 'notes.txt';
    let renames = 0;
    trial.rclone.faults.refuse = (command) =>
      command === 'moveto' && ++renames === 2 ? 'SSH_FX_FAILURE' : undefined;
    t.like((await run(trial, {program})).finished, {result: 'incomplete', failed: 1});
    t.is(await count(), 0);
    trial.rclone.faults.refuse = () => undefined;
    delete trial.rclone.faults.spoils;
    t.like((await run(trial, {program})).finished, {result: 'good', proved: 4});
    t.is((await readFar(trial))['notes.txt'], 'other');
    await catalog.close();
  });
}

test('an upload that failed before anything was put aside leaves the old proof', async (t) => {
  for (const isBucket of [true, false]) {
    const trial = await makeCloudTrial(t, {remote: {isBucket}});
    const {catalog, count, program} = await openNotes(trial);
    await add(trial);
    await run(trial, {program});
    await write(trial, 'notes.txt', 'other');
    trial.rclone.faults.refuse = (command) =>
      command === (isBucket ? 'copyto' : 'copy') ? 'something' : undefined;
    await run(trial, {program});
    t.is(await count(), 1);
    await catalog.close();
  }
});

test('bytes that changed under their old time are read again after they did not fit', async (t) => {
  const other = await makeCloudTrial(t);
  await add(other);
  other.rclone.faults.lies = true;
  const path = join(other.source, 'notes.txt');
  await utimes(path, 1_700_000_000, 1_700_000_000);
  await run(other);
  other.rclone.faults.lies = false;
  await writeFile(path, 'netos');
  await utimes(path, 1_700_000_000, 1_700_000_000);
  t.true((await run(other)).codes.includes('cloud-mismatch'));
  t.like((await run(other)).finished, {result: 'good', proved: 4});
  t.is((await readFar(other))['notes.txt'], 'netos');
});

test('a remote without hashes: what an earlier run left on the way is not taken for the file', async (t) => {
  const trial = await makeCloudTrial(t, {remote: {hashes: []}});
  await add(trial);
  trial.rclone.faults.spoils = 'notes.txt';
  trial.rclone.faults.refuse = (command) => (command === 'moveto' ? 'SSH_FX_FAILURE' : undefined);
  await run(trial);
  trial.rclone.faults.refuse = () => undefined;
  delete trial.rclone.faults.spoils;
  await run(trial);
  t.is((await readFar(trial))['notes.txt'], 'notes');
});

test('the copies of a cloud that is removed, or left for another remote, count no more', async (t) => {
  for (const isEdited of [false, true]) {
    const trial = await makeCloudTrial(t);
    const {catalog, count, program} = await openNotes(trial);
    await add(trial);
    await run(trial, {program});
    t.is(await count(), 1);
    const change = programFor(trial, program);
    const typed = typedCloud({remote: 'far:other'});
    const {exitCode} = isEdited
      ? await editCloud(change, {name: 'cloud', typed}, () => {})
      : await removeCloud(change, 'cloud', () => {});
    t.is(exitCode, 0);
    t.is(await count(), 0);
    await catalog.close();
  }
});

test('names that rclone writes otherwise are told and never sent', async (t) => {
  const trial = await makeCloudTrial(t);
  for (const name of ['t\tab', 'bell\x07', 'quoted‛.txt'])
    await writeFile(join(trial.source, name), 'x');
  await add(trial);
  const told = await run(trial);
  t.like(told.finished, {files: 7, proved: 4, failed: 3, result: 'incomplete'});
  t.is(told.codes.filter((code) => code === 'name-not-for-cloud').length, 3);
});

test('on arrival: a source that was away and comes back is due', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial, {onArrival: true});
  t.is((await run(trial, {due: true})).finished?.result, 'good');
  trial.clock.set(NOON + HOUR);
  t.is((await run(trial, {due: true})).finished, undefined);
  await pull(trial, trial.w);
  t.deepEqual((await run(trial, {due: true})).events, []);
  trial.clock.set(NOON + 2 * HOUR);
  await plug(trial, trial.w);
  t.is((await run(trial, {due: true})).finished?.result, 'good');
  t.is((await run(trial, {due: true})).finished, undefined);
});

test('status: a cloud whose copies are damaged, or whose last run was not good, is not in step', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  const status = async () => (await tellOffsite(programFor(trial), [], () => {})).exitCode;
  await run(trial);
  t.is(await status(), 0);
  await rot(trial.rclone, 'bucket/notes.txt');
  await verify(trial);
  t.is(await status(), 1);
  t.is((await run(trial)).finished?.result, 'good');
  t.is(await status(), 0);
  await rm(join(trial.source, 'Shoot/IMG_1.xmp'));
  await mkdir(join(trial.source, 'more'));
  await write(trial, 'more/x.txt', 'x');
  trial.rclone.faults.lies = true;
  await run(trial);
  t.is(await status(), 1);
});

test('a damaged copy counts no more when the clock was set back since its proof', async (t) => {
  const trial = await makeCloudTrial(t);
  const {catalog, count, program} = await openNotes(trial);
  await add(trial);
  trial.clock.set(NOON + 48 * HOUR);
  await run(trial, {program});
  trial.clock.set(NOON);
  await rot(trial.rclone, 'bucket/notes.txt');
  t.like((await verify(trial, {program})).verified, {damaged: 1});
  t.is(await count(), 0);
  await run(trial, {program});
  t.is(await count(), 1);
  await catalog.close();
});

test('a server on this computer in an option of the remote is no drive of its own', async (t) => {
  for (const host of ['localhost', '127.0.0.1', '0.0.0.0']) {
    const trial = await makeCloudTrial(t);
    const told = await add(trial, {remote: `:sftp,host=${host},user=me:photos`});
    t.deepEqual(told.codes, ['remote-local'], host);
  }
});

test('what the remote itself cannot read is damaged, and healed by the next run', async (t) => {
  const trial = await makeCloudTrial(t);
  const {catalog, count, program} = await openNotes(trial);
  await add(trial);
  await run(trial, {program});
  trial.rclone.faults.unreadable = 'notes.txt';
  t.like((await verify(trial, {program})).verified, {result: 'bad', damaged: 1, sizeOnly: 0});
  t.is(await count(), 0);
  trial.rclone.faults.unreadable = undefined;
  t.like((await run(trial, {program})).finished, {result: 'good', proved: 4});
  await catalog.close();
});

test('a connection that breaks while the remote reads says nothing of the file', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  await run(trial);
  trial.rclone.faults.unreadable = 'notes.txt';
  trial.rclone.faults.unreadableWhy = 'connection lost';
  t.like((await verify(trial)).verified, {
    result: 'bad',
    damaged: 0,
    code: 'cloud-unreachable',
  });
});
