import test from 'ava';
import type {PhysicalDrives} from '../../src/core/drive.ts';
import type {Destination} from '../../src/engine/destination.ts';
import {MismatchTally} from '../../src/engine/mismatch-tally.ts';
import {namingRulesOf} from '../../src/system/naming-rules.ts';
import {diskVolume} from '../helpers/run-offload.ts';

function destination(to: string, physical: PhysicalDrives): Destination {
  const volume = diskVolume(to, 'x', {physical});
  return {to, name: to.slice(1), volume, rules: namingRulesOf(volume), device: 1n};
}

const disk = (...ids: readonly string[]): PhysicalDrives => ({known: true, ids});
const W = destination('/W', disk('disk:a'));
const B = destination('/B', disk('disk:b'));
const UNKNOWN: PhysicalDrives = {known: false, why: 'nobody says'};

test('one mismatch is an accident, two on one destination are not', (t) => {
  const tally = new MismatchTally();
  tally.add(W);
  tally.add(B);
  t.is(tally.suspect(W), undefined);
  tally.add(W);
  t.deepEqual(tally.suspect(W), {count: 2, names: ['W']});
  t.is(tally.suspect(B), undefined);
});

test('destinations that share a disk are counted together', (t) => {
  const other = destination('/other', disk('disk:c', 'disk:a'));
  const tally = new MismatchTally();
  tally.add(W);
  tally.add(other);
  t.deepEqual(tally.suspect(other), {count: 2, names: ['W', 'other']});
});

test('destinations of which nobody knows the disk are counted by themselves', (t) => {
  const [one, two] = [destination('/1', UNKNOWN), destination('/2', UNKNOWN)];
  const tally = new MismatchTally();
  tally.add(one);
  tally.add(two);
  t.is(tally.suspect(one), undefined);
  tally.add(two);
  t.deepEqual(tally.suspect(two), {count: 2, names: ['2']});
});

test('each drive is news once', (t) => {
  const tally = new MismatchTally();
  for (const one of [W, W, B, B]) tally.add(one);
  t.deepEqual(
    [W, W, B, B].map((one) => tally.isNews(one)),
    [true, false, true, false],
  );
});
