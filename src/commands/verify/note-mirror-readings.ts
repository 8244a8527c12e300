/** What was found out about copies that mirrors made, told to the catalog: of those that no record of an offload names. */
import {join, relative, sep} from 'node:path';
import type {Cause} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import type {Program} from '../program.ts';
import type {TrustedVolume} from './find-trusted.ts';
import type {ReadCopy} from './verify-mirrors.ts';

interface Noting {
  /** Target folder, absolute. */
  readonly folder: string;
  /** The volume that a folder lies on, when it is what its marker says. */
  readonly findTrusted: (folder: string) => Promise<TrustedVolume | undefined>;
  readonly emit: Emit;
}

/** @returns what takes the readings. A catalog that cannot be had is told once, and stops nothing. */
export function openMirrorNotes(
  program: Program,
  {folder, findTrusted, emit}: Noting,
): (read: readonly ReadCopy[]) => Promise<void> {
  // All was read then or later.
  let at = program.clock.now().toISOString();
  let isTold = false;
  const warn = (cause: Cause) => {
    if (!isTold) emit({type: 'noticed', level: 'warning', ...cause});
    isTold = true;
  };
  return async (read) => {
    const since = at;
    at = program.clock.now().toISOString();
    const trusted = await findTrusted(folder);
    if (trusted === undefined) return;
    const catalog = await program.openCatalog();
    if (!catalog.ok) return warn(catalog.cause);
    const noted = await catalog.value.noteMirrorReadings({
      volume: trusted.id,
      at: since,
      copies: read.map(({record: {target, hash}, state}) => ({
        path: relative(trusted.folder, join(folder, target)).split(sep).join('/'),
        hash,
        mediumRead: state.kind === 'good' ? state.mediumRead : null,
      })),
    });
    if (!noted.ok) warn(noted.cause);
  };
}
