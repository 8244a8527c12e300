/** Drives on which copies were found and read, as the verdict and its event see them. */
import type {DestinationEvidence} from '../../../verify/evidence.ts';
import type {CopySummary} from '../../core/events.ts';
import {nameDrive} from '../name-drive.ts';
import type {KnownRoot} from './collect-copies.ts';

export function rootsAsDestinations(roots: readonly KnownRoot[]): readonly DestinationEvidence[] {
  return roots.map(({folder: {path, volume}, name}) => ({
    to: path,
    name,
    kind: volume.kind,
    drives: volume.physical,
    lost: false,
    // These copies were compared with the card itself just now: where they lie is all that records and the catalog told.
    manifest: true,
  }));
}

/** @param proved files of the card that are proved there now. */
export function summarizeRoot(
  {folder: {path, volume}, newestManifest, mediumRead}: KnownRoot,
  proved: number,
): CopySummary {
  return {
    to: path,
    shoot: path,
    manifest: newestManifest ?? null,
    checksums: null,
    drive: nameDrive(volume),
    mediumRead,
    proved,
  };
}
