/** Copies that a backup let go so long ago that no archive holds them any more: the catalog was told when it did. */
import {join, relative, sep} from 'node:path';
import type {Cause} from '../../core/cause.ts';
import type {Program} from '../program.ts';
import {findTrusted} from './find-trusted.ts';
import type {MissingPlace} from './mirror-followed.ts';

/** @param folder of the target, absolute. @returns when each was let go, ISO 8601 (UTC), of those that were, with these very bytes, after they were proved there. */
export async function recallLetGo<P extends MissingPlace>(
  program: Program,
  folder: string,
  missing: readonly P[],
): Promise<ReadonlyMap<P, string>> {
  const known = missing.flatMap((one) => (one.hash === null ? [] : {one, hash: one.hash}));
  const found = new Map<P, string>();
  if (known.length === 0) return found;
  const trusted = await findTrusted(program, folder);
  const catalog = trusted === undefined ? undefined : await program.openCatalog();
  if (trusted === undefined || catalog?.ok !== true) return found;
  const placeOf = (place: string) =>
    relative(trusted.folder, join(folder, place)).split(sep).join('/');
  const copies = known.map(({one, hash}) => ({path: placeOf(one.place), hash}));
  const gone = await catalog.value.recallGone({volume: trusted.id, copies});
  // Without the catalog nobody knows better than the drive.
  if (!gone.ok) return found;
  for (const [index, {one}] of known.entries()) {
    const at = gone.value[index] ?? null;
    if (at !== null && Date.parse(at) >= one.sinceMs) found.set(one, at);
  }
  return found;
}

/** @param moments when they were let go, ISO 8601; at least one. */
export function archivePurged(moments: readonly string[], path: string): Cause {
  const days = [...new Set(moments.map((at) => at.slice(0, '2026-11-01'.length)))].sort();
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const when = first === last ? `on ${first}` : `between ${first} and ${last}`;
  const files = moments.length === 1 ? '1 file was' : `${moments.length} files were`;
  return {
    code: 'archive-purged',
    path,
    message: `${files} deleted, moved or replaced ${when}, the backup followed, and its archive of then is purged`,
    next: 'Nothing is to be done, if that was meant: the catalog knows it.',
  };
}
