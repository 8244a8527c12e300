/**
 * Names of copies that are not proved, hidden and in the folder of the copy. They begin with the offload's id, so that its next run knows them, and nobody else makes such names.
 */
const PART = '.part';
const MISMATCH = '.mismatch';

const startOf = (offload: string) => `.offload-${offload}-`;

/** @param word a word that no other run has. @returns the name of a copy while it is written: `.offload-<offload>-<word>-<number>.part`. */
export function nameTemporary(offload: string, word: string, number: number): string {
  return `${startOf(offload)}${word}-${number}${PART}`;
}

/** @returns the place under which the bytes of a temporary file are kept when they do not match. */
export function evidenceOf(temporary: string): string {
  return `${cutEnd(temporary, PART)}${MISMATCH}`;
}

/** @returns the place where the bytes that are kept were written, and still lie when they could not be renamed. */
export function temporaryOf(evidence: string): string {
  return `${cutEnd(evidence, MISMATCH)}${PART}`;
}

const cutEnd = (path: string, end: string) =>
  path.endsWith(end) ? path.slice(0, -end.length) : path;

export function isTemporary(name: string, offload: string): boolean {
  return name.startsWith(startOf(offload)) && name.endsWith(PART);
}

/** @returns the offload that made a temporary file, or undefined when the name is none of these. */
export function offloadOf(name: string): string | undefined {
  return /^\.offload-(\d{8}T\d{6}Z-\w+)-\w+-\d+\.part$/.exec(name)?.[1];
}

export function isEvidence(name: string, offload: string): boolean {
  return name.startsWith(startOf(offload)) && name.endsWith(MISMATCH);
}
