/** Words that the sentences of reasons share. */
import {formatCount} from '../src/core/format-amounts.ts';
import {printable} from '../src/core/printable.ts';
import type {Reason, ReasonCode} from '../src/core/verdict.ts';
import {joinWithAnd} from '../src/core/words.ts';
import type {DestinationEvidence, FileEvidence} from './evidence.ts';

export const reason = (code: ReasonCode, message: string): Reason => ({code, message});

export const nameOf = ({name}: DestinationEvidence) => printable(name);
export const namesOf = (destinations: readonly DestinationEvidence[]) =>
  joinWithAnd(destinations.map(nameOf));
export const isOrAre = ({length}: readonly unknown[]) => (length === 1 ? 'is' : 'are');
export const wasOrWere = ({length}: readonly unknown[]) => (length === 1 ? 'was' : 'were');

export const countFiles = (files: readonly FileEvidence[]) =>
  files.length === 1 ? '1 file' : `${formatCount(files.length)} files`;

/** As many are named in a sentence; the failures above the verdict and the record have them all. */
const NAMED = 3;

/** "1 file (DCIM/A.JPG) is", "5 files (DCIM/A.JPG, DCIM/B.JPG, DCIM/C.JPG and 2 more) are". */
export function filesAre(files: readonly FileEvidence[]): string {
  const names = files.slice(0, NAMED).map(({path}) => printable(path));
  const more = files.length - names.length;
  const named = more > 0 ? `${names.join(', ')} and ${formatCount(more)} more` : joinWithAnd(names);
  return `${countFiles(files)} (${named}) ${isOrAre(files)}`;
}
