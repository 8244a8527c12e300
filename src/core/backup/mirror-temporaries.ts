/** Names of copies while a mirror writes them, hidden and in the folder of the copy. Nobody else makes such names. */
const PART = /^\.offload-mirror-(\d{8}T\d{6}Z-[a-z0-9]+)-\d+\.part$/;

/** @param run id of the run. @param number that no other copy of the run has. */
export const nameMirrorPart = (run: string, number: number): string =>
  `.offload-mirror-${run}-${number}.part`;

/** @returns the run that made it, or undefined for any other name. */
export const runOfPart = (name: string): string | undefined => PART.exec(name)?.[1];
