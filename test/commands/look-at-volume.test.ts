import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {drives} from '../../src/commands/drives.ts';
import {lookAtVolume} from '../../src/commands/look-at-volume.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import type {Files} from '../../src/system/files.ts';
import {below, changes, interceptCalls, systemError} from '../helpers/faulty-files.ts';
import {
  diskVolume,
  makeTree,
  makeTrial,
  SMALL_CARD,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';
import {markDrive} from './watch/watch-run.ts';

const programWith = (files: Files = testFiles) => testProgram({cards: [], to: []}, files);

test('a card: role, names, space, and how a file two folders down is read', async (t) => {
  const {card} = await makeTrial(t);
  const volume = diskVolume(card, 'sdb', {label: 'EOS_DIGITAL', removable: true, model: 'Reader'});
  const seen = await lookAtVolume(programWith(), volume);
  t.like(seen, {
    type: 'drive',
    path: card,
    role: 'card',
    name: 'EOS_DIGITAL',
    label: 'EOS_DIGITAL',
    fileSystem: 'ext4',
    size: 64_000_000_000,
    drive: 'Reader (disk:sdb)',
    mediumRead: 'direct',
    why: null,
  });
  t.true((seen.free ?? 0) > 0);
});

test('a folder named like a card is none, nor is a link or a file named DCIM', async (t) => {
  const {folder, w, b} = await makeTrial(t);
  const named = join(folder, 'EOS_DIGITAL');
  await makeTree(named, {'Pictures/a.jpg': 10});
  await writeFile(join(w, 'DCIM'), 'a file');
  await mkdir(join(folder, 'elsewhere/100CANON'), {recursive: true});
  await symlink(join(folder, 'elsewhere'), join(b, 'DCIM'));
  for (const place of [named, w, b]) {
    const seen = await lookAtVolume(programWith(), diskVolume(place, 'sdb', {removable: true}));
    t.is(seen.role, 'none', place);
  }
});

test('a drive is known by its marker, whatever folders it has', async (t) => {
  const {w} = await makeTrial(t);
  await makeTree(w, SMALL_CARD);
  await markDrive(w, 'backup');
  t.like(await lookAtVolume(programWith(), diskVolume(w, 'sdb')), {role: 'backup', name: 'W'});
});

test('a look writes nothing, and looks at few entries however many there are', async (t) => {
  const {w} = await makeTrial(t);
  const folders = Array.from({length: 60}, (_, index) => `empty-${index}/deep/`);
  const files = Array.from({length: 60}, (_, index) => `full/nothing-${index}.txt`);
  await makeTree(w, Object.fromEntries([...folders, ...files].map((path) => [path, 0])));
  let calls = 0;
  const counting = interceptCalls(testFiles, (call, proceed) => {
    t.false(changes(call), call.method);
    calls += 1;
    return proceed();
  });
  t.is((await lookAtVolume(programWith(counting), diskVolume(w, 'sdb'))).mediumRead, null);
  t.true(calls < 300, `${calls} calls`);
});

test('a file of another volume that is mounted below is no sample', async (t) => {
  const {w} = await makeTrial(t);
  await makeTree(w, {'mounted/file.bin': 5000});
  const other: Files = {
    ...interceptCalls(testFiles, (_call, proceed) => proceed()),
    async look(path) {
      const facts = await testFiles.look(path);
      return path.startsWith(join(w, 'mounted')) ? {...facts, device: 999n} : facts;
    },
  };
  t.is((await lookAtVolume(programWith(other), diskVolume(w, 'sdb'))).mediumRead, null);
});

test('a card that gives only errors is a volume of which little is known', async (t) => {
  const {card} = await makeTrial(t);
  const dead = interceptCalls(testFiles, async (call, proceed) => {
    if (below(card)(call.path)) throw systemError('EIO', call);
    return await proceed();
  });
  t.like(await lookAtVolume(programWith(dead), diskVolume(card, 'sdb')), {
    role: 'none',
    free: null,
    mediumRead: null,
  });
});

test('the volumes of the computer are asked for once', async (t) => {
  const {card, w} = await makeTrial(t);
  const asked: string[] = [];
  const program = testProgram(
    {
      cards: [],
      to: [],
      program: {
        async describeVolume(path) {
          asked.push(path);
          return diskVolume('/', 'own');
        },
      },
    },
    testFiles,
  );
  for (const place of [card, w]) await lookAtVolume(program, diskVolume(place, 'sdb'));
  t.is(asked.length, 2);
  t.is((await lookAtVolume(program, diskVolume(card, 'own'))).role, 'none', 'its own disk');
});

test('`offload drives`: cards first, then drives by role, the system last', async (t) => {
  const {card, w, b, folder} = await makeTrial(t);
  const plain = join(folder, 'PLAIN');
  await mkdir(plain);
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  const places = ['/', plain, b, w, card];
  const volumes = places.map((place, index) => diskVolume(place, `sd${index}`));
  const program = testProgram(
    {cards: [], to: [], program: {listVolumes: async () => volumes}},
    testFiles,
  );
  const events: OffloadEvent[] = [];
  t.deepEqual(await drives(program, (event) => events.push(event)), {
    outcome: 'complete',
    exitCode: 0,
  });
  t.deepEqual(
    events.map((event) => event.type === 'drive' && [event.role, event.path]),
    [
      ['card', card],
      ['working', w],
      ['backup', b],
      ['none', plain],
      ['system', '/'],
    ],
  );
});
