/** Reads a `b3sum --check` list: what an offload recorded of the files of a shoot (`src/core/checksum-list.ts` writes it). */

const LINE = /^(\\?)([0-9a-f]{64}) {2}(.+)$/;

/** @returns hashes by paths below the folder in which the list is checked; lines that are none are passed over. */
export function readChecksumList(text: string): ReadonlyMap<string, string> {
  const found = text.split('\n').flatMap((line) => {
    const [, escaped = '', hash, path] = LINE.exec(line) ?? [];
    if (hash === undefined || path === undefined) return [];
    const plain = path.replace(/\\(\\|n)/g, (_, sign: string) => (sign === 'n' ? '\n' : '\\'));
    return [[escaped === '' ? path : plain, hash] as const];
  });
  return new Map(found);
}
