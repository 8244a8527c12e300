import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {OffloadEvent} from '../../../src/core/events.ts';
import {interceptCalls} from '../../helpers/faulty-files.ts';
import {makeTree, makeTrial, readCopies, SMALL_CARD, testFiles} from '../../helpers/run-offload.ts';
import {markDrive, startWatching} from './watch-run.ts';

const is =
  (type: OffloadEvent['type']) =>
  (event: OffloadEvent): boolean =>
    event.type === type;
const noticed = (code: string) => (event: OffloadEvent) =>
  event.type === 'noticed' && event.code === code;
const arrivedAt = (path: string) => (event: OffloadEvent) =>
  event.type === 'volume-arrived' && event.path === path;

test('what is there, what comes and what goes is told, and nothing is copied without --auto', async (t) => {
  const {card, w, b} = await makeTrial(t);
  await markDrive(w, 'working');
  const run = startWatching(t, {auto: false});
  run.plug(w);
  await run.waitFor(arrivedAt(w));
  run.plug(card, {label: 'EOS_DIGITAL'});
  await run.waitFor(arrivedAt(card));
  run.plug(b);
  await run.waitFor(is('volume-arrived'), 3);
  run.pull(card);
  await run.waitFor(is('volume-left'));
  t.deepEqual(
    run.events.map((event) =>
      event.type === 'volume-arrived' || event.type === 'volume-left'
        ? [event.type, event.role, event.name]
        : [event.type],
    ),
    [
      ['volume-arrived', 'working', 'W'],
      ['volume-arrived', 'card', 'EOS_DIGITAL'],
      ['volume-arrived', 'none', 'B'],
      ['volume-left', 'card', 'EOS_DIGITAL'],
    ],
  );
  t.deepEqual(await run.stop(), {outcome: 'complete', exitCode: 0});
});

test('the system is not told', async (t) => {
  const {card} = await makeTrial(t);
  const run = startWatching(t, {auto: false});
  run.plug('/boot');
  run.plug(card);
  await run.waitFor(arrivedAt(card));
  t.is(run.events.length, 1);
});

test('a card that comes is offloaded to the drives with roles and becomes safe', async (t) => {
  const {folder, card, w, b} = await makeTrial(t);
  const vault = join(folder, 'VAULT');
  await mkdir(vault);
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  await markDrive(vault, 'off-site');
  const run = startWatching(t);
  for (const drive of [b, w, vault]) run.plug(drive);
  run.plug(card, {label: 'EOS'});
  await run.waitFor(is('verdict'));
  const verdict = run.events.find((event) => event.type === 'verdict');
  t.like(verdict, {safe: true, card: {path: card}});
  t.deepEqual(
    verdict?.copies.map(({to}) => to),
    [w, b],
    'the working drive first, the off-site drive not',
  );
  t.false(run.events.some(noticed('waits-for-drives')));
  t.deepEqual(await run.stop(), {outcome: 'complete', exitCode: 0});
  t.is(Object.keys(await readCopies(join(w, 'Shoot/EOS/DCIM/100CANON'))).length, 2);
  t.deepEqual(await readCopies(join(w, 'Shoot')), await readCopies(join(b, 'Shoot')));
});

test('a card waits for its drives, which is said once, and starts when they are there', async (t) => {
  const {card, w, b} = await makeTrial(t);
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  const run = startWatching(t);
  run.plug(card);
  await run.waitFor(noticed('waits-for-drives'));
  run.plug(w);
  await run.waitFor(arrivedAt(w));
  t.false(run.events.some(is('phase-started')), 'the backup is missing still');
  run.plug(b);
  await run.waitFor(is('verdict'));
  t.is(run.events.filter(noticed('waits-for-drives')).length, 1);
  t.like(run.events.find(noticed('waits-for-drives')), {
    path: card,
    message: 'the card waits: no working drive and no backup are connected',
  });
  t.is((await run.stop()).exitCode, 0);
});

test('cards are offloaded one after the other, each once, and again when they come again', async (t) => {
  const {folder, card, w, b} = await makeTrial(t);
  const second = join(folder, 'NIKON');
  await makeTree(second, {'DCIM/100NIKON/DSC_0001.NEF': 20_000});
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  const run = startWatching(t);
  for (const volume of [w, b, card, second]) run.plug(volume);
  await run.waitFor(is('verdict'), 2);
  const order = run.events.flatMap((event) =>
    event.type === 'phase-started' && event.phase === 'scan'
      ? `start ${event.card.path}`
      : event.type === 'verdict'
        ? `end ${event.card.path}`
        : [],
  );
  t.deepEqual(order, [`start ${card}`, `end ${card}`, `start ${second}`, `end ${second}`]);
  // Drives that come and go do not start a card again.
  run.pull(b);
  await run.waitFor(is('volume-left'));
  run.plug(b);
  await run.waitFor(arrivedAt(b), 2);
  run.pull(card);
  await run.waitFor(is('volume-left'), 2);
  t.is(run.events.filter(is('verdict')).length, 2);
  run.plug(card);
  await run.waitFor(is('verdict'), 3);
  t.like(run.events.filter((event) => event.type === 'verdict').at(-1), {
    safe: true,
    card: {path: card},
    account: {copied: 0},
  });
  t.is((await run.stop()).exitCode, 0);
});

test('a refused run does not stop the watch', async (t) => {
  const {folder, card, w, b} = await makeTrial(t);
  const empty = join(folder, 'EMPTY');
  await makeTree(empty, {'DCIM/': 0});
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  const run = startWatching(t);
  for (const volume of [w, b, empty]) run.plug(volume);
  await run.waitFor((event) => event.type === 'refused' || event.type === 'verdict');
  run.plug(card);
  await run.waitFor((event) => event.type === 'verdict' && event.card.path === card);
  t.like(
    run.events.findLast((event) => event.type === 'verdict'),
    {safe: true},
  );
  t.is((await run.stop()).exitCode, 1, 'not every card is safe');
});

test('two roles on one disk: warned of, and run all the same', async (t) => {
  const {card, w, b} = await makeTrial(t);
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  const oneDisk = {physical: {known: true, ids: ['disk:one']}} as const;
  const run = startWatching(t);
  run.plug(w, oneDisk);
  run.plug(b, oneDisk);
  run.plug(card);
  await run.waitFor(is('verdict'));
  t.like(run.events.find(noticed('roles-on-one-disk')), {level: 'warning', path: b});
  t.like(
    run.events.find((event) => event.type === 'verdict'),
    {safe: false, reasons: [{code: 'same-drive'}]},
  );
  t.deepEqual(await run.stop(), {outcome: 'complete', exitCode: 1});
});

test('the waivers of the command line hold', async (t) => {
  const {card, w, b} = await makeTrial(t);
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  const oneDisk = {physical: {known: true, ids: ['disk:one']}} as const;
  const run = startWatching(t, {offload: {allowSameDrive: true}});
  run.plug(w, oneDisk);
  run.plug(b, oneDisk);
  run.plug(card);
  await run.waitFor(is('verdict'));
  t.like(
    run.events.find((event) => event.type === 'verdict'),
    {safe: true, waived: ['same-drive']},
  );
  t.is((await run.stop()).exitCode, 0);
});

test('a signal while a card is copied: 130, and the same card goes on next time', async (t) => {
  const {card, w, b} = await makeTrial(t);
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  let stopped: Promise<unknown> | undefined;
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'read' && call.path.startsWith(card) && call.path.endsWith('.MP4'))
      stopped ??= run.stop();
    return await proceed();
  });
  const run = startWatching(t, {files});
  for (const volume of [w, b, card]) run.plug(volume);
  await run.waitFor(() => stopped !== undefined);
  t.deepEqual(await run.stop(), {outcome: 'cancelled', exitCode: 130});
  const next = startWatching(t);
  for (const volume of [w, b, card]) next.plug(volume);
  await next.waitFor(is('verdict'));
  t.like(next.events.find(is('verdict')), {safe: true});
  t.like(next.events.find(is('run-planned')), {resumed: true});
  t.is((await next.stop()).exitCode, 0);
});

test('a card that is pulled while it waits is forgotten', async (t) => {
  const {card, w, b} = await makeTrial(t);
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  const run = startWatching(t);
  run.plug(card);
  await run.waitFor(noticed('waits-for-drives'));
  run.pull(card);
  await run.waitFor(is('volume-left'));
  run.plug(w);
  run.plug(b);
  await run.waitFor(is('volume-arrived'), 3);
  t.deepEqual(await run.stop(), {outcome: 'complete', exitCode: 0});
  t.false(run.events.some(is('phase-started')));
});

test('what breaks in a run ends the watch', async (t) => {
  const {card, w, b} = await makeTrial(t);
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  const run = startWatching(t, {
    onEvent(event) {
      if (event.type === 'run-planned') throw new Error('broken');
    },
  });
  for (const volume of [w, b, card]) run.plug(volume);
  await t.throwsAsync(() => run.waitFor(is('verdict')), {message: 'broken'});
});

test('a backup with a DCIM folder is no card', async (t) => {
  const {w, b} = await makeTrial(t);
  await makeTree(b, SMALL_CARD);
  await writeFile(join(b, 'note.txt'), 'old pictures');
  await markDrive(w, 'working');
  await markDrive(b, 'backup');
  const run = startWatching(t);
  run.plug(w);
  run.plug(b);
  await run.waitFor(is('volume-arrived'), 2);
  t.like(run.events.find(arrivedAt(b)), {role: 'backup'});
  await run.stop();
  t.false(run.events.some(is('phase-started')));
});
