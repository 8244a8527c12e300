/** The packages that npm's lock file names, for every platform (npm's documentation, package-lock.json, lockfileVersion 3). */
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import * as z from 'zod';

const PROJECT = new URL('../../', import.meta.url);

const lockForm = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      optional: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

/** A package that comes with the program. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** What the package says of itself: an SPDX expression; `unknown` when it says nothing. */
  readonly licence: string;
  /** Where it lies, below the project's folder. */
  readonly place: string;
  /** Installed where it fits, or not at all. */
  readonly isOptional: boolean;
  readonly hasInstallScript: boolean;
}

/** @returns every package that is installed with the program or may be on some platform, by name; none that only develops it. */
export function listPackages(lock: unknown): readonly Package[] {
  const {packages} = lockForm.parse(lock);
  return Object.entries(packages)
    .filter(([place, {dev}]) => place !== '' && dev !== true)
    .map(([place, one]) => ({
      name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: one.version ?? 'unknown',
      licence: one.license ?? 'unknown',
      place,
      isOptional: one.optional === true || one.devOptional === true,
      hasInstallScript: one.hasInstallScript === true,
    }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** Not `localeCompare`: the order must not depend on the machine. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export const inProject = (path: string) => fileURLToPath(new URL(path, PROJECT));

export async function readLock(): Promise<unknown> {
  return JSON.parse(await readFile(inProject('package-lock.json'), 'utf8'));
}
