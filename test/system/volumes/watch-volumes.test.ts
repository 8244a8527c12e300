import {getEventListeners} from 'node:events';
import test from 'ava';
import {watchVolumes} from '../../../src/system/volumes/watch-volumes.ts';
import {plainVolume, startWatch} from './watch-rig.ts';

const signature = (marks: Readonly<Record<string, string>>) => new Map(Object.entries(marks));

test('what is there at the start is told at once', async (t) => {
  const rig = await startWatch({mounted: {'/W': '1', '/B': '1'}});
  t.deepEqual(rig.take(), ['+/W', '+/B', 'looked']);
  t.is(rig.nowMs, 0);
  t.deepEqual(await rig.step(), []);
  await rig.stop();
});

test('a card is told after two looks, within two seconds', async (t) => {
  const rig = await startWatch();
  rig.take();
  rig.mounted = signature({'/E': '1'});
  t.deepEqual(await rig.step(), []);
  t.deepEqual(await rig.step(), ['+/E']);
  // Mounted right after a reading is the worst case: a whole pause, then the shorter one.
  t.true(rig.nowMs <= 1000, `${rig.nowMs} ms`);
  await rig.stop();
});

test('tools are asked only when something changed', async (t) => {
  const rig = await startWatch({mounted: {'/W': '1'}});
  for (let reading = 0; reading < 100; reading++) await rig.step();
  t.is(rig.lists, 1);
  rig.mounted = signature({'/W': '1', '/E': '1'});
  for (let reading = 0; reading < 100; reading++) await rig.step();
  t.is(rig.lists, 3);
  await rig.stop();
});

test('an automounter that mounts, unmounts and mounts again is told once', async (t) => {
  const rig = await startWatch();
  rig.take();
  const told: string[] = [];
  for (const marks of [{'/E': '1'}, {}, {'/E': '2'}, {'/E': '3'}, {'/E': '3'}, {'/E': '3'}]) {
    rig.mounted = signature(marks);
    told.push(...(await rig.step()));
  }
  t.deepEqual(told, ['+/E']);
  await rig.stop();
});

test('a card that vanishes before it has settled is never told', async (t) => {
  const rig = await startWatch();
  rig.take();
  rig.mounted = signature({'/E': '1'});
  await rig.step();
  rig.mounted = signature({});
  t.deepEqual(await rig.step(), []);
  t.deepEqual(await rig.step(), []);
  await rig.stop();
});

test('a label that comes late is told with the card', async (t) => {
  const rig = await startWatch();
  rig.take();
  rig.mounted = signature({'/E': '1'});
  rig.listed = [plainVolume('/E')];
  t.deepEqual(await rig.step(), []);
  rig.listed = [plainVolume('/E', {label: 'EOS'})];
  t.deepEqual(await rig.step(), []);
  t.deepEqual(await rig.step(), ['+/E EOS']);
  await rig.stop();
});

test('what leaves is told at the next reading, without asking a tool', async (t) => {
  const rig = await startWatch({mounted: {'/E': '1', '/W': '1'}});
  rig.take();
  rig.duringList = () => t.deepEqual(rig.take(), ['-/E'], 'told before the list');
  rig.mounted = signature({'/W': '1'});
  await rig.step();
  t.is(rig.lists, 2);
  t.true(rig.nowMs <= 700);
  await rig.stop();
});

test('pulled without being unmounted: the tools still list it, the signature does not', async (t) => {
  const rig = await startWatch({mounted: {'/E': '1'}});
  rig.take();
  rig.listed = [plainVolume('/E')];
  rig.mounted = signature({});
  t.deepEqual(await rig.step(), ['-/E']);
  for (let reading = 0; reading < 5; reading++) t.deepEqual(await rig.step(), []);
  await rig.stop();
});

test('another card at the same place has left and arrived', async (t) => {
  const rig = await startWatch({mounted: {'/E': '1'}});
  rig.take();
  rig.mounted = signature({'/E': '2'});
  t.deepEqual(await rig.step(), ['-/E']);
  t.deepEqual(await rig.step(), ['+/E']);
  await rig.stop();
});

test('mounted while the tools are asked: seen at the next reading', async (t) => {
  const rig = await startWatch();
  rig.take();
  rig.mounted = signature({'/E': '1'});
  rig.duringList = () => {
    rig.mounted = signature({'/E': '1', '/F': '1'});
  };
  t.deepEqual(await rig.step(), []);
  t.deepEqual(await rig.step(), ['+/E']);
  t.deepEqual(await rig.step(), ['+/F']);
  await rig.stop();
});

test('where a look takes long, one is enough when nothing changed meanwhile', async (t) => {
  const rig = await startWatch({knowsAll: false});
  rig.take();
  rig.listTakesMs = 1200;
  rig.mounted = signature({'/E': '1'});
  t.deepEqual(await rig.step(), ['+/E']);
  await rig.stop();
});

test('a tool that does not answer pulls no drive, is told once, and is asked again for a minute', async (t) => {
  const rig = await startWatch({mounted: {'/W': '1'}, knowsAll: false});
  rig.take();
  rig.mounted = signature({'/W': '1', '/E': '1'});
  rig.listed = [];
  t.deepEqual(await rig.step(), ['!volumes-untold']);
  const told: string[] = [];
  for (let reading = 0; reading < 200; reading++) told.push(...(await rig.step()));
  t.deepEqual(told, []);
  t.is(rig.lists, 7, 'the first, the one of the change, five more');
  await rig.stop();
});

test('when the tool answers again, what came meanwhile is told', async (t) => {
  const rig = await startWatch({mounted: {'/W': '1'}, knowsAll: false});
  rig.take();
  rig.mounted = signature({'/W': '1', '/E': '1'});
  rig.listed = [];
  await rig.step();
  rig.listed = undefined;
  const told: string[] = [];
  for (let reading = 0; reading < 5; reading++) told.push(...(await rig.step()));
  t.deepEqual(told, ['+/E']);
  await rig.stop();
});

test('a signature that cannot be read is told once, and nothing leaves', async (t) => {
  const rig = await startWatch({mounted: {'/W': '1'}});
  rig.take();
  rig.trouble = {code: 'EIO', message: 'reading failed', next: 'Wait.'};
  t.deepEqual(await rig.step(), ['!EIO']);
  t.deepEqual(await rig.step(), []);
  rig.trouble = undefined;
  t.deepEqual(await rig.step(), []);
  rig.trouble = {code: 'EIO', message: 'reading failed', next: 'Wait.'};
  t.deepEqual(await rig.step(), ['!EIO']);
  await rig.stop();
});

test('a share that no signature names is told with the list, and stays', async (t) => {
  const rig = await startWatch({mounted: {'C:\\': '1'}, knowsAll: false});
  rig.take();
  rig.listed = [plainVolume('C:\\'), plainVolume('N:\\'), plainVolume('E:\\')];
  rig.mounted = signature({'C:\\': '1', 'E:\\': '1'});
  await rig.step();
  t.deepEqual(await rig.step(), ['+N:\\', '+E:\\']);
  rig.listed = [plainVolume('C:\\'), plainVolume('N:\\')];
  rig.mounted = signature({'C:\\': '1'});
  t.deepEqual(await rig.step(), ['-E:\\']);
  await rig.stop();
});

test('the watch waits for what an arrival started, and ends when that fails', async (t) => {
  let finished = false;
  const slow = await startWatch({
    mounted: {'/E': '1'},
    onArrived: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      finished = true;
    },
  });
  await slow.stop();
  t.true(finished);
  const broken = await startWatch({
    mounted: {'/E': '1'},
    onArrived: () => Promise.reject(new Error('broken')),
  });
  await t.throwsAsync(() => broken.done, {message: 'broken'});
});

test('nothing is asked when the signal was given before, and no listener stays', async (t) => {
  const stop = new AbortController();
  stop.abort();
  const {signal} = stop;
  const never = () => t.fail();
  await watchVolumes({
    everyMs: 700,
    knowsAll: true,
    readSignature: async () => {
      throw new Error('not to be read');
    },
    listVolumes: async () => [],
    sleep: async () => {},
    monotonic: () => 0,
    signal,
    onArrived: never,
    onLeft: never,
    onTrouble: never,
  });
  t.is(getEventListeners(signal, 'abort').length, 0);
});
