export interface SplitName {
  readonly stem: string;
  /** With its dot: `.JPG`; empty when the name has none. */
  readonly ext: string;
}

/**
 * Splits a file name before its last dot: `DSC_0001.JPG.JPG` is `DSC_0001.JPG` and `.JPG`. A dot at the start or at the end begins no
 * extension, so `.hidden` and `name.` have none.
 */
export function splitName(name: string): SplitName {
  const dot = name.lastIndexOf('.');
  const hasExt = dot > 0 && dot < name.length - 1;
  return hasExt ? {stem: name.slice(0, dot), ext: name.slice(dot)} : {stem: name, ext: ''};
}
