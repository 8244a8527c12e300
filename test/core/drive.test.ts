import test from 'ava';
import fc from 'fast-check';
import {type PhysicalDrives, relateDrives} from '../../src/core/drive.ts';

const on = (...ids: readonly string[]): PhysicalDrives => ({known: true, ids});
const unknown: PhysicalDrives = {known: false, why: 'no tool'};

test('different needs two known sets that share nothing', (t) => {
  t.is(relateDrives(on('disk:sda'), on('disk:sdb')), 'different');
  t.is(relateDrives(on('disk:sda', 'disk:sdb'), on('disk:sdc')), 'different');
  t.is(relateDrives(on('disk:sda'), on('disk:sda')), 'same');
  t.is(relateDrives(on('disk:sda', 'disk:sdb'), on('disk:sdc', 'disk:sdb')), 'same');
});

test('what is unknown or empty is never different, not even from itself', (t) => {
  for (const one of [unknown, on()]) {
    for (const two of [unknown, on(), on('disk:sda')]) {
      t.is(relateDrives(one, two), 'unknown');
      t.is(relateDrives(two, one), 'unknown');
    }
  }
});

test('ids are compared letter by letter', (t) => {
  t.is(relateDrives(on('disk:sda'), on('disk:SDA')), 'different');
  t.is(relateDrives(on('disk:sda'), on('net:sda')), 'different');
});

test('property: it does not matter who is asked first, and another disk never makes two sets more different', (t) => {
  const drives = fc.oneof(
    fc.constant(unknown),
    fc.subarray(['a', 'b', 'c']).map((ids) => on(...ids)),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(drives, drives, fc.constantFrom('a', 'b', 'd'), (one, two, id) => {
        const relation = relateDrives(one, two);
        if (relation !== relateDrives(two, one)) return false;
        if (!one.known || one.ids.length === 0) return relation === 'unknown';
        const more = relateDrives(on(...one.ids, id), two);
        return more === relation || (relation === 'different' && more === 'same');
      }),
    ),
  );
});
