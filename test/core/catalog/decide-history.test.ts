import test from 'ava';
import fc from 'fast-check';
import {
  type CardPast,
  decideHistory,
  type EndedOffload,
} from '../../../src/core/catalog/decide-history.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString();
const offload = (key: number, safe: boolean): EndedOffload => ({
  key,
  shoot: `shoot ${key}`,
  endedAt: at(key),
  safe,
});
/** Keys are minutes: the highest ended last. */
const past = (offloads: readonly EndedOffload[], startedAt: string | null = null): CardPast => ({
  offloads: [...offloads].sort((a, b) => b.key - a.key),
  startedAt,
});

const rows: readonly (readonly [
  what: string,
  past: CardPast,
  holders: readonly (readonly number[])[],
  expected: ReturnType<typeof decideHistory>,
])[] = [
  ['nothing known', past([]), [[], []], {state: 'new'}],
  ['begun, never ended', past([], at(1)), [[]], {state: 'interrupted', at: at(1)}],
  [
    'begun after the last end',
    past([offload(1, true)], at(2)),
    [[1]],
    {state: 'interrupted', at: at(2)},
  ],
  [
    'begun before the last end',
    past([offload(3, true)], at(2)),
    [[3]],
    {state: 'safe', at: at(3), shoot: 'shoot 3'},
  ],
  [
    'all safe, in two offloads',
    past([offload(1, true), offload(2, true)]),
    [[1], [1, 2]],
    {state: 'safe', at: at(2), shoot: 'shoot 2'},
  ],
  [
    'safe, though a later offload of other files was not',
    past([offload(1, true), offload(2, false)]),
    [[1]],
    {state: 'safe', at: at(1), shoot: 'shoot 1'},
  ],
  ['some new', past([offload(1, true)]), [[1], [], []], {state: 'more', count: 2, since: at(1)}],
  [
    'some new, some only in an offload before the last',
    past([offload(1, false), offload(2, true)]),
    [[2], [1]],
    {state: 'more', count: 1, since: at(2)},
  ],
  [
    'the last one was not safe',
    past([offload(1, false)]),
    [[1], []],
    {state: 'not-safe', at: at(1), shoot: 'shoot 1'},
  ],
  [
    'the last one was not safe and has what is missing',
    past([offload(1, true), offload(2, false)]),
    [[1, 2], [2]],
    {state: 'not-safe', at: at(2), shoot: 'shoot 2'},
  ],
  [
    'the last one was not safe and has nothing of it',
    past([offload(1, true), offload(2, false)]),
    [[1], []],
    {state: 'more', count: 1, since: at(1)},
  ],
  ['formatted since', past([offload(1, true)]), [[], []], {state: 'new'}],
  ['empty', past([offload(1, true)]), [], {state: 'new'}],
];
for (const [what, known, holders, expected] of rows) {
  test(what, (t) => {
    t.deepEqual(decideHistory(known, holders), expected);
  });
}

const someOffloads = fc
  .array(fc.boolean(), {maxLength: 5})
  .map((safes) => safes.map((safe, index) => offload(index + 1, safe)));
const someHolders = fc.array(fc.uniqueArray(fc.integer({min: 1, max: 5}), {maxLength: 3}), {
  maxLength: 6,
});
const someStart = fc.option(fc.integer({min: 0, max: 7}).map((minute) => `${at(minute)}`));

test('safe is never said of a card with a file that no safe offload holds, nor of one with an open start', (t) => {
  fc.assert(
    fc.property(someOffloads, someHolders, someStart, (offloads, all, startedAt) => {
      const keys = new Set(offloads.map(({key}) => key));
      const holders = all.map((list) => list.filter((key) => keys.has(key)));
      const known = past(offloads, startedAt);
      const history = decideHistory(known, holders);
      const isHeld = (list: readonly number[]) =>
        offloads.some(({key, safe}) => safe && list.includes(key));
      if (history.state === 'safe') {
        t.true(holders.length > 0 && holders.every(isHeld));
        t.true(startedAt === null || startedAt <= (known.offloads[0]?.endedAt ?? ''));
      }
      if (history.state === 'more') {
        t.is(history.count, holders.filter((list) => !isHeld(list)).length);
        t.true(history.count > 0 && history.count < holders.length);
      }
      if (history.state === 'not-safe') t.false(known.offloads[0]?.safe);
      if (history.state === 'new') t.false(holders.some(isHeld));
    }),
  );
});
