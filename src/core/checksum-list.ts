/**
 * The list that `b3sum --check` reads (b3sum 1.x, README "Usage" and its check mode): hash, two spaces, path. A path with a newline or a backslash is
 * escaped and its line begins with a backslash.
 */

/** One line of the list. @param target path below the folder in which the list is checked. */
export function checksumLine(hash: string, target: string): string {
  const escaped = target.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `${escaped === target ? '' : '\\'}${hash}  ${escaped}\n`;
}

/** @returns the whole list, in the order given. */
export function checksumList(
  rows: readonly {readonly hash: string; readonly target: string}[],
): string {
  return rows.map(({hash, target}) => checksumLine(hash, target)).join('');
}
