import test from 'ava';
import fc from 'fast-check';
import {
  chooseRemovals,
  type Generation,
  isSnapshotName,
  NEWEST_KEPT,
  nameSnapshot,
} from '../../../src/core/lightroom/generations.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const START = Date.UTC(2024, 0, 1, 12);

const taken = (number: number, day: number): Generation => {
  const at = new Date(START + day * DAY_MS);
  return {name: nameSnapshot(at, `w${number}`), number, takenAt: at.toISOString()};
};

const monthOf = ({takenAt}: Generation) => takenAt.slice(0, 7);

/** A history: a snapshot after each pause, in days, and the old ones removed each time. */
function live(pauses: readonly number[]): {kept: Generation[]; all: Generation[]} {
  let kept: Generation[] = [];
  const all: Generation[] = [];
  let day = 0;
  pauses.forEach((pause, index) => {
    day += pause;
    const one = taken(index + 1, day);
    all.push(one);
    kept.push(one);
    const removals = new Set(chooseRemovals(kept));
    kept = kept.filter((generation) => !removals.has(generation));
  });
  return {kept, all};
}

const pauses = fc.array(fc.integer({min: 0, max: 40}), {minLength: 1, maxLength: 120});

test('the newest ten stay, whatever their age', (t) => {
  fc.assert(
    fc.property(pauses, (days) => {
      const {kept, all} = live(days);
      return all.slice(-NEWEST_KEPT).every((one) => kept.includes(one));
    }),
  );
  t.pass();
});

test('of what is older the last of each month stays, and nothing else', (t) => {
  fc.assert(
    fc.property(pauses, (days) => {
      const {kept, all} = live(days);
      const older = all.slice(0, -NEWEST_KEPT);
      const lasts = [...new Map(older.map((one) => [monthOf(one), one])).values()];
      t.deepEqual(kept, [...lasts, ...all.slice(-NEWEST_KEPT)]);
    }),
  );
});

test('removing again removes nothing, in whatever order they are listed', (t) => {
  fc.assert(
    fc.property(pauses, fc.infiniteStream(fc.integer()), (days, words) => {
      const {kept, all} = live(days);
      t.deepEqual(chooseRemovals(kept), []);
      const keys = new Map(all.map((one) => [one, words.next().value ?? 0]));
      const shuffled = [...all].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
      t.deepEqual(chooseRemovals(shuffled), chooseRemovals(all));
    }),
  );
});

test('a clock that was set back by years makes the newest one not the oldest', (t) => {
  const many = Array.from({length: 20}, (_, index) => taken(index + 1, 900 + index));
  const late = taken(21, 0);
  t.false(chooseRemovals([...many, late]).includes(late));
  t.is(chooseRemovals([...many, late]).length, 10, 'of eleven older ones the last stays');
});

test('names sort by time, and no other folder has such a name', (t) => {
  t.is(nameSnapshot(new Date(START), 'x3k9ab'), '2024-01-01T12-00-00-x3k9ab');
  t.true(isSnapshotName('2024-01-01T12-00-00-x3k9ab'));
  for (const name of ['2024-01-01', '.offload-lightroom-ab.part', '2024-01-01T12:00:00-ab', 'x'])
    t.false(isSnapshotName(name), name);
});
