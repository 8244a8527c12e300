/** The usual setting of a rig: a card and two destinations on three disks. */
import {fillBigCard} from './card-content.ts';
import type {Lab} from './lab.ts';
import type {Drive} from './mounts.ts';
import {makeZram} from './zram.ts';

export interface Places {
  readonly card: Drive;
  readonly working: Drive;
  readonly backup: Drive;
  /** `--card … --to … --to … --shoot rig`. */
  readonly args: readonly string[];
  /** The shoot folders that these arguments lead to. */
  readonly shoots: readonly [string, string];
}

interface Making {
  /** Megabytes of the working drive; of all three if nothing else is said. */
  readonly megabytes: number;
  readonly workingMegabytes?: number;
}

/** Three empty disks: ext4, ext4 and xfs, which wants 300 MB at least. */
export async function makePlaces(
  lab: Lab,
  {megabytes, workingMegabytes = megabytes}: Making,
): Promise<Places> {
  const card = await makeZram(lab, {megabytes, fs: 'ext4', label: 'CARD'});
  const working = await makeZram(lab, {megabytes: workingMegabytes, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes, fs: 'xfs', label: 'B'});
  const [w, b] = [working.mountPoint, backup.mountPoint];
  const args = ['--card', card.mountPoint, '--to', w, '--to', b, '--shoot', 'rig'];
  return {card, working, backup, args, shoots: [`${w}/rig`, `${b}/rig`]};
}

const BIG_FILES = 96;
const BIG_SIZE = 4 * 1024 * 1024 + 1234;
/** Bytes of the big card. */
export const BIG_BYTES = BIG_FILES * BIG_SIZE;
/** Megabytes that hold the big card. */
export const BIG_DRIVE = 640;

/** The same with a card of 400 MB on it, so that something can be done while it is copied. */
export async function makeBigPlaces(lab: Lab): Promise<Places> {
  const places = await makePlaces(lab, {megabytes: BIG_DRIVE});
  await fillBigCard(places.card.mountPoint, {files: BIG_FILES, size: BIG_SIZE});
  return places;
}
