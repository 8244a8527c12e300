import {join} from 'node:path';
import {staysInside} from '../../../verify/stays-inside.ts';
import {copiesHere} from '../../../verify/verify-shoot.ts';
import type {MediumRead} from '../../core/drive.ts';
import type {Emit} from '../../core/events.ts';
import {type MediumMethod, mediumReadOf} from '../../system/medium.ts';
import {findRecordedShoots} from '../find-records.ts';
import {nameDestination} from '../name-drive.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import type {UserFolder} from '../resolve-folder.ts';

/** A drive or folder that may hold copies, with what its records promise. */
export interface KnownRoot {
  readonly folder: UserFolder;
  readonly name: string;
  readonly method: MediumMethod;
  readonly mediumRead: MediumRead;
  /** Absolute paths of recorded copies by BLAKE3; a record is a promise, not a proof. */
  readonly copies: ReadonlyMap<string, readonly string[]>;
  /** The same for places that no record here names and the catalog of this computer does. */
  readonly recalled: ReadonlyMap<string, readonly string[]>;
  /** Sizes of all these files, in bytes: a file of another size cannot be among them. */
  readonly sizes: ReadonlySet<number>;
  readonly newestManifest: string | undefined;
}

/** Reads all intact records below a folder. Damaged ones are told of and used for nothing. */
export async function collectCopies(
  program: Program,
  folder: UserFolder,
  emit: Emit,
): Promise<KnownRoot> {
  const copies = new Map<string, Set<string>>();
  const sizes = new Set<number>();
  let newest: {path: string; endedAt: string} | undefined;
  for (const {shoot, manifests, problems} of await findRecordedShoots(program, folder.real)) {
    // Another drive may be mounted below the folder, or the folder in a shoot of another drive.
    if ((await program.files.follow(shoot)).device !== folder.device) continue;
    for (const problem of problems) emit({type: 'noticed', level: 'warning', ...problem});
    for (const {path, manifest} of manifests) {
      if (newest === undefined || manifest.endedAt > newest.endedAt)
        newest = {path, endedAt: manifest.endedAt};
      for (const {file, target} of copiesHere(manifest)) {
        if (file.blake3 === null) continue;
        const known = copies.get(file.blake3) ?? new Set<string>();
        copies.set(file.blake3, known);
        const place = join(shoot, target);
        const isUsable = await staysInside(program.files, shoot, place);
        if (!isUsable || known.has(place)) continue;
        known.add(place);
        sizes.add(file.size);
      }
    }
  }
  const lists = new Map([...copies].map(([hash, places]) => [hash, [...places]]));
  const method = await chooseReadMethod(program, folder.volume, [...lists.values()].flat());
  const {path, volume} = folder;
  const name = nameDestination(path, volume);
  return {
    folder,
    name,
    ...mediumOf(method),
    copies: lists,
    recalled: new Map(),
    sizes,
    newestManifest: newest?.path,
  };
}

export const mediumOf = (method: MediumMethod): Pick<KnownRoot, 'method' | 'mediumRead'> => ({
  method,
  mediumRead: mediumReadOf(method),
});
