/** Where a copy lay when it was recorded. */

/** @returns the absolute path of a copy. @param shoot the shoot folder on its drive, absolute. @param target below it, parts joined by `/`. */
export function placeOfCopy(shoot: string, target: string): string {
  const separator = /^(?:[A-Za-z]:[\\/]|\\\\)/.test(shoot) ? '\\' : '/';
  const folder = shoot.endsWith(separator) ? shoot : shoot + separator;
  return folder + target.replaceAll('/', separator);
}

/** @returns null when the target is where the default layout puts a file: half of all the catalog's text is such. */
export function shortenTarget(target: string, folder: string, path: string): string | null {
  return target === `${folder}/${path}` ? null : target;
}

/** @returns the target that {@link shortenTarget} was given. */
export function restoreTarget(short: string | null, folder: string, path: string): string {
  return short ?? `${folder}/${path}`;
}
