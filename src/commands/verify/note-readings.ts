/** What a verify found out is told to the catalog, so that `offload status` knows how old the last proof is, and what is none any more. */
import {relative, sep} from 'node:path';
import {type CheckedCopy, copiesHere} from '../../../verify/verify-shoot.ts';
import type {ReadMirror} from '../../catalog/mirrored.ts';
import type {NotedCopy} from '../../catalog/readings.ts';
import type {Cause, Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import type {Manifest} from '../../core/manifest.ts';
import {volumeOf} from '../../core/volumes/volume-id.ts';
import type {RecordedShoot} from '../find-records.ts';
import type {Program} from '../program.ts';
import type {TrustedVolume} from './find-trusted.ts';

export interface ShootReadings {
  readonly shoot: RecordedShoot;
  /** The last word on each place below the shoot folder. */
  readonly checked: ReadonlyMap<string, CheckedCopy>;
  /** Places whose bytes a mirror has replaced: what the records say of them is over, and no bad reading. */
  readonly replaced: ReadonlySet<string>;
  /** When the reading began; ISO 8601, UTC. */
  readonly at: string;
}

interface Noting {
  /** The volume that a folder lies on, when it is what its marker says. */
  readonly findTrusted: (folder: string) => Promise<TrustedVolume | undefined>;
  readonly emit: Emit;
}

/** @returns what takes the readings of one shoot after the other. A catalog that cannot be had is told once, and stops nothing. */
export function openNotes(
  program: Program,
  {findTrusted, emit}: Noting,
): (readings: ShootReadings) => Promise<void> {
  let isTold = false;
  const warn = (cause: Cause) => {
    if (!isTold) emit({type: 'noticed', level: 'warning', ...cause});
    isTold = true;
  };
  return async ({shoot, checked, replaced, at}) => {
    if (checked.size === 0) return;
    const trusted = await findTrusted(shoot.shoot);
    if (trusted === undefined) return;
    const catalog = await program.openCatalog();
    if (!catalog.ok) return warn(catalog.cause);
    const {id: volume, folder} = trusted;
    const mirrored = await catalog.value.noteMirrorReadings({
      volume,
      at,
      copies: mirroredOf(relative(folder, shoot.shoot), checked),
    });
    if (!mirrored.ok) return warn(mirrored.cause);
    const own = new Map([...checked].filter(([target]) => !replaced.has(target)));
    for (const {manifest} of shoot.manifests) {
      // The record of another drive that was copied here says nothing of this one.
      if (volumeOf(manifest.writtenTo) !== trusted.id) continue;
      const copies = copiesOf(manifest, own);
      if (copies.length === 0) continue;
      const {offload, writtenTo: destination} = manifest;
      const recorded: Result<unknown> = await catalog.value.recordManifest(manifest);
      if (!recorded.ok) return warn(recorded.cause);
      const noted = await catalog.value.noteReadings({offload, destination, at, copies});
      if (!noted.ok) return warn(noted.cause);
    }
  };
}

/** Every copy that was read, in case a mirror made it, or has found it there. @param shoot its folder below that of the marker. */
function mirroredOf(
  shoot: string,
  checked: ReadonlyMap<string, CheckedCopy>,
): readonly ReadMirror[] {
  const start = shoot === '' ? '' : `${shoot.split(sep).join('/')}/`;
  return [...checked].flatMap(
    ([
      target,
      {
        file: {blake3: hash},
        state,
      },
    ]) => {
      if (hash === null) return [];
      const mediumRead = state.kind === 'good' ? state.mediumRead : null;
      return {path: start + target, hash, mediumRead};
    },
  );
}

/** Two records may name one place: for each it is good when what was read is what that record says. */
function copiesOf(
  manifest: Manifest,
  checked: ReadonlyMap<string, CheckedCopy>,
): readonly NotedCopy[] {
  const numbers = new Map(manifest.files.map((file, number) => [file, number]));
  return copiesHere(manifest).flatMap(({file, target}) => {
    const read = checked.get(target);
    const number = numbers.get(file);
    const {path, blake3: hash} = file;
    if (read === undefined || number === undefined || hash === null) return [];
    const {state} = read;
    const isGood = state.kind === 'good' && read.file.blake3 === hash;
    return {number, path, hash, mediumRead: isGood ? state.mediumRead : null};
  });
}
