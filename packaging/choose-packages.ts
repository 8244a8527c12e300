/** Which packages of the lock file go into an archive (npm's documentation, package-lock.json, lockfileVersion 3). */
import * as z from 'zod';
import type {Tarball, Target} from './targets.ts';

/**
 * What the built program loads from a package at run time: the `external` ones of build.mjs. Without drivelist: its addon is not in the registry, and the program asks the
 * system's own tools alone then.
 */
export const ROOTS: readonly string[] = [
  '@napi-rs/blake-hash',
  '@photostructure/sqlite',
  'blake3',
  'exiftool-vendored',
  'hash-wasm',
  'sharp',
];

/** Needed by a compiler only. */
const isForBuilding = (name: string) => name === 'node-addon-api' || name.startsWith('@types/');

const names = z.record(z.string(), z.string()).optional();
const fits = z.array(z.string()).optional();

const lockForm = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      integrity: z.string().optional(),
      license: z.string().optional(),
      os: fits,
      cpu: fits,
      libc: fits,
      dependencies: names,
      optionalDependencies: names,
    }),
  ),
});

type Locked = z.infer<typeof lockForm>['packages'][string];

export interface ChosenPackage extends Tarball {
  /** Where it lies below the program's folder: `node_modules/sharp`. */
  readonly place: string;
  /** What the package says of itself: an SPDX expression. */
  readonly licence: string;
}

type Platform = Pick<Target, 'os' | 'cpu' | 'libc'>;

/**
 * @param lock the parsed lock file.
 * @returns what the program needs on that system, by place.
 * @throws Error when the lock file lacks a package that must be there.
 */
export function choosePackages(lock: unknown, platform: Platform): readonly ChosenPackage[] {
  const {packages} = lockForm.parse(lock);
  const chosen = new Map<string, ChosenPackage>();
  const open = ROOTS.map((name) => ({name, from: '', isOptional: false}));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const place = findPlace(packages, next);
    const locked = place === undefined ? undefined : packages[place];
    if (place === undefined || locked === undefined) {
      if (next.isOptional) continue;
      throw new Error(
        `The lock file has no ${next.name}, which ${next.from || 'the program'} needs.`,
      );
    }
    if (chosen.has(place) || isForBuilding(next.name)) continue;
    if (!fitsPlatform(locked, platform)) {
      if (next.isOptional) continue;
      throw new Error(`${next.name} is not made for ${platform.os} ${platform.cpu}.`);
    }
    chosen.set(place, readPackage(next.name, place, locked));
    for (const name of Object.keys(locked.dependencies ?? {}))
      open.push({name, from: place, isOptional: false});
    for (const name of Object.keys(locked.optionalDependencies ?? {}))
      open.push({name, from: place, isOptional: true});
  }
  return [...chosen.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** As Node looks for a package: in the folder of who asks, then in each one above (nodejs.org/api/modules.html, "Loading from node_modules folders"). */
function findPlace(
  packages: Readonly<Record<string, Locked>>,
  {name, from}: {readonly name: string; readonly from: string},
): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (folder === '') return undefined;
  }
}

function fitsPlatform({os, cpu, libc}: Locked, platform: Platform): boolean {
  return (
    isListed(os, platform.os) &&
    isListed(cpu, platform.cpu) &&
    (platform.libc === null || isListed(libc, platform.libc))
  );
}

/** `!win32` means every other one (npm's documentation, package.json, `os`). */
function isListed(list: readonly string[] | undefined, word: string): boolean {
  if (list === undefined || list.length === 0) return true;
  if (list.includes(`!${word}`)) return false;
  return list.includes(word) || list.every((one) => one.startsWith('!'));
}

function readPackage(name: string, place: string, locked: Locked): ChosenPackage {
  const {version, integrity, license} = locked;
  if (version === undefined || integrity === undefined) {
    throw new Error(`The lock file has no integrity of ${name}.`);
  }
  return {name, version, integrity, place, licence: license ?? 'unknown'};
}
