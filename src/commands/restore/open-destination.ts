import {type Cause, causeFrom, failed, ok, type Result} from '../../core/cause.ts';
import type {Destination} from '../../engine/destination.ts';
import {Lane} from '../../engine/lane.ts';
import {MismatchTally} from '../../engine/mismatch-tally.ts';
import {nameRestoring, sweepRestores} from '../../engine/restore-temporaries.ts';
import {type MediumAccess, probeDestination} from '../../system/medium.ts';
import {namingRulesOf} from '../../system/naming-rules.ts';
import {lookAtVolume} from '../look-at-volume.ts';
import {nameDestination} from '../name-drive.ts';
import type {Program} from '../program.ts';
import {resolveFolder, type UserFolder} from '../resolve-folder.ts';

/** @returns the folder that is restored into, or why it cannot be: it is not there, may not be written, or lies on a card. */
export async function findDestination(program: Program, text: string): Promise<Result<UserFolder>> {
  const folder = await resolveFolder(program, text, 'destination');
  if (!folder.ok) return folder;
  const {path, real, volume} = folder.value;
  if ((await lookAtVolume(program, volume)).role === 'card') return failed(isCard(path));
  try {
    await program.files.checkWritable(real);
    return folder;
  } catch (error) {
    return failed(causeFrom(error, 'writing into the destination', path));
  }
}

/** Shoots grow by offloads alone: their records say what lies in them. @returns why the folder cannot be used. */
export async function findShootAround(
  {files}: Program,
  {path, lineage}: UserFolder,
  shoots: readonly string[],
): Promise<Cause | undefined> {
  for (const shoot of shoots) {
    const {device, inode} = await files.follow(shoot);
    // Where a platform gives no inodes, the path itself is the word.
    const word = inode === 0n ? shoot : `${device}:${inode}`;
    if (lineage.includes(word)) return insideShoot(path, shoot);
  }
  return undefined;
}

export interface OpenedRestore {
  readonly destination: Destination;
  /** One for each shoot folder, by its name. */
  readonly laneOf: (shoot: string) => Lane;
  readonly close: () => Promise<void>;
}

/** Without a probe nothing is written, and nothing may be read back. */
const NOT_TRIED: MediumAccess = {
  writesDirect: false,
  method: {kind: 'cached', why: 'it was not tried'},
  flushesFileSystem: false,
};

interface Opening {
  /** Writes nothing. */
  readonly dryRun: boolean;
  /** True for paths of copies that stay, whatever they are called. */
  readonly isCopy?: (path: string) => boolean;
}

/** Holds the drive and finds out how it is written and read back. */
export async function openDestination(
  program: Program,
  {real, path, device, volume}: UserFolder,
  {dryRun, isCopy = () => false}: Opening,
): Promise<Result<OpenedRestore>> {
  const {files, run, self, newWord} = program;
  const name = nameDestination(path, volume);
  const destination = {to: real, name, volume, rules: namingRulesOf(volume), device};
  let close = async () => {};
  let access = NOT_TRIED;
  try {
    if (!dryRun) {
      close = await files.hold(real);
      await sweepRestores(files, real, {self, isCopy});
      const probe = {files, run, volume, wantsBatches: false};
      access = await probeDestination(probe, real, nameRestoring(self, newWord(), 0));
    }
  } catch (error) {
    await close();
    return failed(causeFrom(error, `preparing ${name}`, path));
  }
  const tally = new MismatchTally();
  const lanes = new Map<string, Lane>();
  const laneOf = (shoot: string) => {
    const known = lanes.get(shoot);
    if (known !== undefined) return known;
    const setting = {files, run, destination, shoot, order: 'overlap', proofsAtOnce: 1} as const;
    const lane = new Lane({...setting, tally});
    lane.open({id: '', access});
    lanes.set(shoot, lane);
    return lane;
  };
  return ok({destination, laneOf, close});
}

const isCard = (path: string): Cause => ({
  code: 'destination-is-card',
  path,
  message: 'the destination is on a card, and no card is ever written',
  next: 'Give a --to on a drive.',
});

const insideShoot = (path: string, shoot: string): Cause => ({
  code: 'destination-inside-shoot',
  path,
  message: `the destination is inside the shoot ${shoot}`,
  next: 'Give a --to outside of it: the folder above puts back what the shoot lacks.',
});
