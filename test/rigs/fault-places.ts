/** The setting of a rig with faults: a small card whose content is known, and two destinations. */
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {type CardWitness, watchCard} from './card-witness.ts';
import {fillFaultCard} from './fault-card.ts';
import {expectGoodEnd, expectNothingWrong, expectProvedStands} from './fault-checks.ts';
import type {Lab} from './lab.ts';
import type {Drive} from './mounts.ts';
import {type RunResult, runOffload} from './offload-run.ts';
import {makeZram} from './zram.ts';

export interface FaultPlaces<D extends Drive = Drive> {
  readonly lab: Lab;
  readonly card: Drive;
  readonly witness: CardWitness;
  readonly drives: readonly [D, D];
  /** Of the destinations. */
  readonly roots: readonly [string, string];
  /** `--card … --to … --to … --shoot rig`. */
  readonly args: readonly string[];
  /** The shoot folders that these arguments lead to. */
  readonly shoots: readonly [string, string];
}

/** An ext4 card on a disk in memory, filled. */
export async function makeFaultCard(lab: Lab): Promise<Drive> {
  const card = await makeZram(lab, {megabytes: 64, fs: 'ext4', label: 'CARD'});
  await fillFaultCard(card.mountPoint);
  return card;
}

/** Puts a card that is filled and two destinations together. */
export async function describePlaces<D extends Drive>(
  lab: Lab,
  card: Drive,
  drives: readonly [D, D],
): Promise<FaultPlaces<D>> {
  const roots = [drives[0].mountPoint, drives[1].mountPoint] as const;
  return {
    lab,
    card,
    witness: await watchCard(card.mountPoint),
    drives,
    roots,
    args: ['--card', card.mountPoint, ...roots.flatMap((to) => ['--to', to]), '--shoot', 'rig'],
    shoots: [join(roots[0], 'rig'), join(roots[1], 'rig')],
  };
}

/** Two disks in memory of these file systems, and the card. */
export async function makeFaultPlaces(
  lab: Lab,
  systems: readonly [Drive['fs'], Drive['fs']] = ['ext4', 'xfs'],
): Promise<FaultPlaces> {
  const card = await makeFaultCard(lab);
  const [w, b] = systems;
  // xfs takes 300 MB at least.
  const working = await makeZram(lab, {megabytes: w === 'xfs' ? 320 : 128, fs: w, label: 'W'});
  const backup = await makeZram(lab, {megabytes: b === 'xfs' ? 320 : 128, fs: b, label: 'B'});
  return await describePlaces(lab, card, [working, backup]);
}

/** As if nothing had ever been offloaded to these drives. */
export async function emptyPlaces({roots}: FaultPlaces): Promise<void> {
  for (const root of roots) {
    await rm(join(root, 'rig'), {recursive: true, force: true});
    await rm(join(root, '.offload-volume.json'), {force: true});
  }
}

/** What must be true of every run that a fault hit, for the destinations that can be read. */
export async function expectSoundFault(
  {witness, roots, shoots}: FaultPlaces,
  first: Pick<RunResult, 'events'>,
): Promise<void> {
  await expectNothingWrong(shoots, witness);
  await expectProvedStands(first, {witness, to: roots});
}

/** Runs the same command without the fault, and looks at the end. */
export async function finishWell(
  places: FaultPlaces,
  first: Pick<RunResult, 'events'>,
): Promise<RunResult> {
  const {lab, args, card, witness, shoots, roots} = places;
  const second = await runOffload(lab, args);
  await expectGoodEnd({first, second, witness, card: card.mountPoint, shoots, roots});
  return second;
}
