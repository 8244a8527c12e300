import test from 'ava';
import type {CardState} from '../../src/core/card-state.ts';
import {
  cardPerCent,
  cardSpeed,
  lanePerCent,
  perCentOf,
  runTimeLeft,
} from '../../src/core/figures.ts';
import {evolve, initialRunState} from '../../src/core/run-state.ts';
import {lane, nikon, progress} from '../helpers/run-events.ts';

function cardWith(...samples: Parameters<typeof progress>[0][]): CardState {
  const state = samples.reduce(
    (folded, sample, second) => evolve(folded, progress({bytes: 1000, ...sample}), second * 1000),
    initialRunState,
  );
  const [card] = state.cards;
  if (card === undefined) throw new Error('no card');
  return card;
}

test('100 per cent is all of it', (t) => {
  t.is(perCentOf(0, 0), 0);
  t.is(perCentOf(999, 1000), 99);
  t.is(perCentOf(1000, 1000), 100);
  t.is(perCentOf(1001, 1000), 100);
});

test('a destination that has everything but proofs is not at 100', (t) => {
  const [written] = cardWith({lanes: [lane({written: 1000, proved: 999})]}).lanes;
  const [proved] = cardWith({lanes: [lane({written: 1000, proved: 1000})]}).lanes;
  if (written === undefined || proved === undefined) throw new Error('one lane');
  t.is(lanePerCent(written, 1000), 99);
  t.is(lanePerCent(proved, 1000), 100);
});

test('a card is as far as the destination that is furthest behind, lost ones aside', (t) => {
  const ahead = lane({written: 800, proved: 600});
  const behind = lane({to: '/mnt/B', written: 500, proved: 100});
  t.is(cardPerCent(cardWith({read: 900, lanes: [ahead, behind]})), 30);
  t.is(cardPerCent(cardWith({read: 900, lanes: [ahead, {...behind, lost: true}]})), 70);
});

test('when all is read the speed is that of the slowest destination', (t) => {
  const card = cardWith(
    {read: 1000, lanes: [lane({written: 1000}), lane({to: '/mnt/B', written: 400})]},
    {
      read: 1000,
      lanes: [lane({written: 1000, proved: 300}), lane({to: '/mnt/B', written: 600})],
    },
  );
  t.is(cardSpeed(card), 200);
});

test('the run takes as long as its slowest card, and is measured as long as one is', (t) => {
  const read = (second: number, perSecond: number) =>
    progress({bytes: 1000, read: second * perSecond, lanes: []});
  let state = initialRunState;
  t.is(runTimeLeft(state), null);
  for (let second = 0; second <= 4; second += 1) {
    state = evolve(state, read(second, 100), second * 1000);
    state = evolve(state, {...read(second, 50), card: nikon}, second * 1000);
  }
  t.is(runTimeLeft(state), 16_000);
  state = evolve(state, {...read(0, 0), card: {path: '/mnt/G', label: 'GOPRO'}}, 4000);
  t.is(runTimeLeft(state), null);
});
