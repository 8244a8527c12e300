import test from 'ava';
import type {Volume} from '../../../src/core/drive.ts';
import {
  diffVolumes,
  findUnmounted,
  markVolumes,
  sameSignature,
  settleVolumes,
} from '../../../src/core/volumes/diff-volumes.ts';
import {unknownVolume} from '../../../src/core/volumes/disk-facts.ts';

const volume = (mountPoint: string, change: Partial<Volume> = {}): Volume => ({
  ...unknownVolume(mountPoint, ''),
  device: '/dev/sdb1',
  ...change,
});
const sign = (marks: Readonly<Record<string, string>>) => new Map(Object.entries(marks));

test('two signatures are the same when all places and marks are', (t) => {
  t.true(sameSignature(sign({'/E': '1'}), sign({'/E': '1'})));
  t.false(sameSignature(sign({'/E': '1'}), sign({'/E': '2'})));
  t.false(sameSignature(sign({'/E': '1'}), sign({})));
  t.false(sameSignature(sign({}), sign({'/E': ''})));
});

test('what came and what went', (t) => {
  const told = markVolumes([volume('/E')], sign({'/E': '1'}));
  const now = sign({'/F': '2'});
  const diff = diffVolumes(told, markVolumes([volume('/F')], now), now);
  t.deepEqual(
    diff.left.map((one) => one.mountPoint),
    ['/E'],
  );
  t.deepEqual(
    diff.fresh.map((one) => one.volume.mountPoint),
    ['/F'],
  );
});

test('another volume at the same place has left and arrived', (t) => {
  const before = markVolumes([volume('/E', {uuid: 'A'})], sign({'/E': '1'}));
  const others: readonly [volume: Volume, mark: string][] = [
    [volume('/E', {uuid: 'A'}), '2'],
    [volume('/E', {uuid: 'B'}), '1'],
    [volume('/E', {uuid: 'A', device: '/dev/sdc1'}), '1'],
  ];
  for (const [other, mark] of others) {
    const now = sign({'/E': mark});
    const diff = diffVolumes(before, markVolumes([other], now), now);
    t.is(diff.left.length, 1);
    t.is(diff.fresh.length, 1);
  }
});

test('what a tool once does not tell proves nothing', (t) => {
  const now = sign({'/E': '1'});
  const before = markVolumes([volume('/E', {uuid: 'A', size: 5})], now);
  const forgetful = diffVolumes(before, markVolumes([volume('/E')], now), now);
  t.deepEqual(forgetful, {left: [], fresh: [], untold: []});
  const silent = diffVolumes(before, markVolumes([], now), now);
  t.deepEqual(silent.left, []);
  t.is(silent.untold.length, 1);
});

test('a volume that no signature names leaves when the list has it no more', (t) => {
  const before = markVolumes([volume('N:\\')], sign({}));
  t.is(diffVolumes(before, markVolumes([], sign({})), sign({})).left.length, 1);
  t.deepEqual(findUnmounted(before, sign({'E:\\': '1'})), []);
});

test('the signature alone tells what is gone', (t) => {
  const told = markVolumes([volume('/E'), volume('/F')], sign({'/E': '1', '/F': '1'}));
  t.deepEqual(findUnmounted(told, sign({'/E': '1', '/F': '2'})), ['/F']);
  t.deepEqual(findUnmounted(told, sign({'/E': '1'})), ['/F']);
});

test('a volume is told when two looks saw the same', (t) => {
  const now = sign({'/E': '1'});
  const look = (change: Partial<Volume>) => [...markVolumes([volume('/E', change)], now).values()];
  const first = settleVolumes(look({}), new Map(), false);
  t.is(first.settled.length, 0);
  const second = settleVolumes(look({label: 'EOS'}), first.waiting, false);
  t.is(second.settled.length, 0);
  const third = settleVolumes(look({label: 'EOS'}), second.waiting, false);
  t.is(third.settled[0]?.volume.label, 'EOS');
  t.is(third.waiting.size, 0);
});

test('a volume that never looks the same is told at the fourth look', (t) => {
  const now = sign({'/E': '1'});
  let waiting: Parameters<typeof settleVolumes>[1] = new Map();
  const told: number[] = [];
  for (const size of [1, 2, 3, 4]) {
    const fresh = [...markVolumes([volume('/E', {size})], now).values()];
    const settled = settleVolumes(fresh, waiting, false);
    waiting = settled.waiting;
    told.push(settled.settled.length);
  }
  t.deepEqual(told, [0, 0, 0, 1]);
});

test('nothing waits where it is known that all stands still', (t) => {
  const now = sign({'/E': '1'});
  const fresh = [...markVolumes([volume('/E')], now).values()];
  t.is(settleVolumes(fresh, new Map(), true).settled.length, 1);
});
