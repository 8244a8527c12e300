/** Which version of a file was the current one at a moment, by what mirrors archived of it. */

/** One file of a mirror: as it lies there now, or as a run archived it. */
export interface Version {
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
  /** ms since 1970: the run that archived it, until which it was the current one; infinite for the one that lies there now. */
  readonly untilMs: number;
}

interface Span<V> {
  /** Undefined: the mirror had no such file then. */
  readonly version: V | undefined;
  /** The last run before the moment that archived another version: this one came after it. */
  readonly sinceMs: number;
}

/** @param versions of one path on one mirror. */
function spanAt<V extends Version>(versions: readonly V[], atMs: number): Span<V> {
  const sorted = [...versions].sort((a, b) => a.untilMs - b.untilMs);
  const version = sorted.find(({untilMs}) => untilMs >= atMs);
  const before = sorted.filter(({untilMs}) => untilMs < atMs).at(-1);
  return {version, sinceMs: before?.untilMs ?? Number.NEGATIVE_INFINITY};
}

/**
 * A file that run R archived was the current one until R. Mirrors run at different times: the one that saw the latest change before the moment knows best, and of those that saw
 * the same the one that archived it first.
 * @param mirrors versions of one path, for each mirror that has any.
 * @returns undefined when there was no such file.
 */
export function versionAt<V extends Version>(
  mirrors: readonly (readonly V[])[],
  atMs: number,
): V | undefined {
  const spans = mirrors.filter(({length}) => length > 0).map((one) => spanAt(one, atMs));
  const untilOf = ({version}: Span<V>) => version?.untilMs ?? Number.POSITIVE_INFINITY;
  // Infinities are not subtracted.
  const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
  return spans.sort((a, b) => compare(b.sinceMs, a.sinceMs) || compare(untilOf(a), untilOf(b)))[0]
    ?.version;
}
