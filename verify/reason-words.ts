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

/** "1 file (DCIM/A.JPG) is", "3 files are". */
export function filesAre(files: readonly FileEvidence[]): string {
  const [only] = files;
  if (files.length === 1 && only !== undefined) return `1 file (${printable(only.path)}) is`;
  return `${countFiles(files)} are`;
}
