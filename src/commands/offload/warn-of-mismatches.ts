import {describeSuspect} from '../../core/describe-suspect.ts';
import {formatCount} from '../../core/format-amounts.ts';
import type {Warning} from '../../core/verdict.ts';
import type {Lane} from '../../engine/lane.ts';

/** Drives on which copies did not match more than once, and where such copies are kept. */
export function warnOfMismatches(lanes: readonly Lane[]): readonly Warning[] {
  return [...warnOfDrives(lanes), ...lanes.flatMap(warnOfEvidence)];
}

/** One warning for each physical drive. */
function warnOfDrives(lanes: readonly Lane[]): readonly Warning[] {
  const warnings = new Map<string, Warning>();
  for (const {tally, destination} of lanes) {
    const suspect = tally.suspect(destination);
    if (suspect === undefined) continue;
    const {code, message, next} = describeSuspect(suspect.names, suspect.count);
    warnings.set(message, {code, message: `${message}. ${next}`});
  }
  return [...warnings.values()];
}

/** On a drive that is gone nobody can look. */
function warnOfEvidence(lane: Lane): readonly Warning[] {
  if (lane.lost !== undefined) return [];
  const {kept, strangers} = lane.mismatched;
  const places = [...kept.flatMap((copy) => copy.kept ?? []), ...strangers];
  const [first] = places;
  if (first === undefined) return [];
  const isOne = places.length === 1;
  const what = isOne
    ? '1 copy that did not match is'
    : `${formatCount(places.length)} copies that did not match are`;
  const where = isOne ? 'it lies at' : 'the first lies at';
  const message = `${what} kept on ${lane.destination.name} as evidence: ${where} ${lane.absolute(first)}. The run that proves the file there removes it`;
  return [{code: 'mismatch-kept', message}];
}
