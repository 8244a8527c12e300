/** What became of each file of a card, read from its manifest alone. */
import {letterOf} from '../card-state.ts';
import type {Manifest, RecordedFile} from '../manifest.ts';

/**
 * `proved`: on every destination. `partly`: on some of them. `lost`: on none, and the card did not give it whole. `missing`: on none, though the card was not at fault.
 */
export type FileState = 'proved' | 'partly' | 'missing' | 'lost';

/** From good to bad. */
const ORDER: readonly FileState[] = ['proved', 'partly', 'missing', 'lost'];

export interface ReportFile {
  readonly file: RecordedFile;
  readonly state: FileState;
  /** Letters of the destinations that have no proved copy. */
  readonly without: readonly string[];
}

type Destinations = Pick<Manifest, 'destinations'>['destinations'];

/** @returns the file with what became of it. */
export function judgeFile(file: RecordedFile, destinations: Destinations): ReportFile {
  // Its proved copies are on drives that this offload did not write to.
  if ((file.alreadyOn?.length ?? 0) > 0) return {file, without: [], state: 'proved'};
  const having = new Set(file.copies.map(({destination}) => destination));
  const without = destinations.flatMap(({id}, index) => (having.has(id) ? [] : [letterOf(index)]));
  return {file, without, state: stateOf(file, {has: having.size > 0, lacks: without.length > 0})};
}

function stateOf(file: RecordedFile, {has, lacks}: {has: boolean; lacks: boolean}): FileState {
  if (has) return lacks ? 'partly' : 'proved';
  const {failures = [], salvaged = []} = file;
  const isCardAtFault = failures.some(({destination}) => destination === undefined);
  if (salvaged.length > 0 || isCardAtFault) return 'lost';
  return failures.length > 0 ? 'missing' : file.blake3 === null ? 'lost' : 'missing';
}

/** @returns the worst of several states. */
export function worstState(states: readonly FileState[]): FileState {
  return ORDER[Math.max(0, ...states.map((state) => ORDER.indexOf(state)))] ?? 'proved';
}

/** True for what is nowhere: it is shown before everything else. */
export const isGone = (state: FileState): boolean => state === 'lost' || state === 'missing';
