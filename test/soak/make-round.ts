import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {OffloadOptions} from '../../src/commands/offload/options.ts';
import type {Volume} from '../../src/core/drive.ts';
import {type CardTruth, learnCard} from '../faults/card-truth.ts';
import type {SeededRandom} from '../faults/seeded-random.ts';
import {makeTree} from '../helpers/run-offload.ts';
import type {Attempt} from './attempt.ts';
import {makeRandomCard} from './random-card.ts';
import {type CallFault, makeCallFault, type Places, type StandingFault} from './soak-fault.ts';

/** One card on its way: run after run until it is safe. */
export interface Round {
  readonly card: string;
  readonly destinations: readonly string[];
  readonly truth: CardTruth;
  readonly options: Partial<OffloadOptions>;
  readonly volumes: Readonly<Record<string, Partial<Volume>>>;
  /** Faults that are there until they are mended. */
  readonly standing: readonly StandingFault[];
  /** Runs with faults, before the one without. */
  readonly tries: number;
}

export async function makeRound(random: SeededRandom, folder: string): Promise<Round> {
  const card = join(folder, 'EOS');
  await mkdir(card);
  await makeTree(card, makeRandomCard(random));
  const count = random.chance(0.08) ? 1 : random.chance(0.3) ? 3 : 2;
  const destinations = Array.from({length: count}, (_, index) => join(folder, `D${index + 1}`));
  for (const place of destinations) await mkdir(place);
  const truth = await learnCard(card);
  return {
    card,
    destinations,
    truth,
    options: {
      verify: random.chance(0.35) ? 'full' : 'copies',
      order: random.pick(['auto', 'overlap', 'after']),
      salvage: random.chance(0.2),
      fromCopy: random.chance(0.25),
      layout: random.chance(0.15) ? '{shoot}/{path}' : '{shoot}/{card}/{path}',
    },
    volumes: Object.fromEntries(
      destinations.flatMap((place) =>
        random.chance(0.2) ? [[place, {fileSystem: 'exfat', rotating: random.chance(0.5)}]] : [],
      ),
    ),
    standing: makeStanding(random, {truth, destinations}),
    tries: random.whole(0, 5),
  };
}

function makeStanding(
  random: SeededRandom,
  {truth, destinations}: Pick<Round, 'truth' | 'destinations'>,
): readonly StandingFault[] {
  const faults: StandingFault[] = [];
  const sizes = [...truth.files].map(([path, {size}]) => ({path, size}));
  const bytes = sizes.reduce((sum, {size}) => sum + size, 0);
  const large = sizes.filter(({size}) => size > 0);
  if (random.chance(0.15) && large.length > 0) {
    const {path, size} = random.pick(large);
    const from = random.whole(0, size - 1);
    faults.push({
      kind: 'bad-sector',
      path: join(truth.root, path),
      from,
      to: from + random.whole(1, 9000),
    });
  }
  if (random.chance(0.12)) {
    faults.push({kind: 'full', root: random.pick(destinations), bytes: random.whole(0, bytes)});
  }
  if (random.chance(0.2)) faults.push({kind: 'no-tools'});
  return faults;
}

/** A run with faults. @param share how likely each of them is. */
export function makeAttempt(random: SeededRandom, round: Round): Attempt {
  const {card, destinations, options, volumes, standing} = round;
  const inChild = random.chance(0.12);
  // A child that is killed cannot say what it read wrong.
  const rereads = options.verify === 'full' && !inChild;
  const places: Places = {card, destinations, rereads};
  const kills = !inChild && random.chance(0.3);
  const count = random.pick([0, 1, 1, 1, 2, 3]);
  const calls: CallFault[] = Array.from({length: count}, () =>
    makeCallFault(random, places, false),
  );
  if (kills) calls.push(makeCallFault(random, places, true));
  const stops = !kills && !inChild && random.chance(0.15);
  return {
    card,
    destinations,
    options,
    volumes,
    standing,
    calls,
    stopAt: stops ? random.whole(1, 500) : null,
    takenAt: random.chance(0.1) ? random.whole(1, 20) : null,
    killAfter: inChild
      ? random.whole(1, 12 + 2 * round.truth.files.size * destinations.length)
      : null,
  };
}

/** The same command when everything that was broken is mended. */
export function mendAll({card, destinations, options, volumes}: Round): Attempt {
  return {
    card,
    destinations,
    options,
    volumes,
    standing: [],
    calls: [],
    stopAt: null,
    takenAt: null,
    killAfter: null,
  };
}
