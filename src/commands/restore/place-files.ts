import {readMedium} from '../../../verify/read-medium.ts';
import {staysInside} from '../../../verify/stays-inside.ts';
import {type Cause, causeFrom} from '../../core/cause.ts';
import type {MediumRead} from '../../core/drive.ts';
import {restoredPath} from '../../core/restore/restored-path.ts';
import type {WantedFile} from '../../core/restore/wanted-files.ts';
import type {Lane} from '../../engine/lane.ts';
import type {MediumMethod} from '../../system/medium.ts';
import type {Program} from '../program.ts';
import type {FoundPlace} from './collect-files.ts';

export type Wanted = WantedFile<FoundPlace>;

/** A file with the place that it gets. */
export interface PlacedFile {
  readonly wanted: Wanted;
  readonly lane: Lane;
  /** Below the lane's root. */
  readonly target: string;
  readonly standing: Standing;
}

export type Standing =
  /** Nothing has the name. */
  | {readonly kind: 'free'}
  /** A file of its size, not looked into: a dry run. */
  | {readonly kind: 'likely'}
  /** Its bytes stand there, read back just now. */
  | {readonly kind: 'present'; readonly hash: string; readonly mediumRead: MediumRead}
  | {readonly kind: 'unplaceable'; readonly cause: Cause};

interface Placing {
  readonly program: Program;
  readonly laneOf: (shoot: string) => Lane;
  readonly methodOf: (place: FoundPlace) => Promise<MediumMethod>;
  /** Only looks at sizes. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onPlaced: (placed: PlacedFile) => void;
}

/**
 * Gives every file its place, one after the other in their order, so that the same command finds the same places again. What stands there with other bytes keeps its
 * name. Ends early when the signal is given.
 */
export async function placeFiles(
  placing: Placing,
  files: readonly Wanted[],
): Promise<readonly PlacedFile[]> {
  const placed: PlacedFile[] = [];
  for (const wanted of files) {
    if (placing.signal.aborted) break;
    const one = await placeFile(placing, wanted);
    if (one === undefined) break;
    placed.push(one);
    placing.onPlaced(one);
  }
  return placed;
}

async function placeFile(placing: Placing, wanted: Wanted): Promise<PlacedFile | undefined> {
  const {laneOf, dryRun, program, signal} = placing;
  const {file} = wanted;
  const rules = laneOf('').destination.rules;
  const {shoot, target} = restoredPath(file, rules);
  const lane = laneOf(shoot);
  const placed = {wanted, lane};
  try {
    for (;;) {
      const place = await lane.places.claim(target, file.size);
      const one = {...placed, target: place.target};
      if (!place.taken) return {...one, standing: {kind: 'free'}};
      if (dryRun) return {...one, standing: {kind: 'likely'}};
      const path = lane.absolute(place.target);
      // A link on the way leads to something else than what is here; making the folder fails, and says why.
      if (!(await staysInside(program.files, lane.destination.to, path)))
        return {...one, standing: {kind: 'free'}};
      const {method} = lane.access;
      const reading = await readMedium(readerOf(program), {path, method, signal});
      if (reading.ok && (await isOfBytes(placing, wanted, reading.value.hash))) {
        const {hash, mediumRead} = reading.value;
        return {...one, standing: {kind: 'present', hash, mediumRead}};
      }
      if (!reading.ok && reading.cause.code === 'stopped') return undefined;
    }
  } catch (error) {
    const path = lane.absolute(target);
    const cause = causeFrom(error, `finding a place on ${lane.destination.name}`, path);
    return {...placed, target, standing: {kind: 'unplaceable', cause}};
  }
}

/** Where no record says the hash, the version itself is read for it. */
async function isOfBytes(
  {program, methodOf, signal}: Placing,
  {file, places}: Wanted,
  hash: string,
): Promise<boolean> {
  if (file.hash !== '') return file.hash === hash;
  for (const place of places) {
    const method = await methodOf(place);
    const reading = await readMedium(readerOf(program), {path: place.path, method, signal});
    if (reading.ok) return reading.value.hash === hash;
  }
  return false;
}

export const readerOf = ({files, run, hashEngine, proofBlocks: blocks}: Program) => ({
  files,
  run,
  hashEngine,
  blocks,
});
