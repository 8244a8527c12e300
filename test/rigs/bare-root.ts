/** A root folder with nothing in it but libraries, a Linux that was just born (chroot(2)). */
import {copyFile, mkdir, readdir, realpath} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {Lab} from './lab.ts';
import {unmount} from './mounts.ts';
import {call} from './tools.ts';

export interface BareRoot {
  readonly folder: string;
  /** Shows a folder of this computer at a place in there. */
  readonly show: (folder: string, place: string) => Promise<void>;
  /** Puts a program of this computer in there, with its libraries. @param path absolute. */
  readonly bring: (path: string) => Promise<void>;
}

/**
 * Makes a root with `/proc`, `/dev`, `/tmp`, and the libraries that the binaries below a folder ask this system for: no shell, no tool, no settings.
 * @param binaries a folder whose binaries are to run in there.
 */
export async function makeBareRoot(lab: Lab, binaries: string): Promise<BareRoot> {
  const folder = join(lab.folder, 'bare-root');
  const show = async (from: string, place: string) => {
    const to = join(folder, place);
    await mkdir(to, {recursive: true});
    await call('mount', ['--bind', from, to]);
    lab.defer(() => unmount(to));
  };
  const bring = async (...paths: readonly string[]) => {
    for (const path of paths) {
      await mkdir(join(folder, dirname(path)), {recursive: true});
      await copyFile(await realpath(path), join(folder, path));
    }
  };
  await mkdir(join(folder, 'tmp'), {recursive: true});
  const own = await listBinaries(binaries);
  const libraries = await listLibraries(own);
  await bring(...libraries.filter((path) => !path.startsWith(binaries)));
  for (const place of ['/proc', '/dev']) await show(place, place);
  return {folder, show, bring: async (path) => bring(path, ...(await listLibraries([path])))};
}

const IS_BINARY = /\.node$|\.so(?:\.[\d.]+)?$|\/node$/;

async function listBinaries(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => IS_BINARY.test(path));
}

/** @returns the libraries that ldd(1) names, the loader among them. */
async function listLibraries(binaries: readonly string[]): Promise<readonly string[]> {
  const told = await call('ldd', binaries);
  const paths = told
    .split('\n')
    .flatMap((line) => /^\t(?:.* => )?(\/\S+) \(0x/.exec(line)?.[1] ?? []);
  return [...new Set(paths)].sort();
}
