/** Puts the content of one archive together: launchers, runtime, program, packages, licences. */
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import * as z from 'zod';
import {type ChosenPackage, choosePackages} from './choose-packages.ts';
import {fetchTarballs, readGood} from './fetch-tarballs.ts';
import {isKept} from './keep-files.ts';
import {makeLaunchers} from './launchers.ts';
import {type Part, renderLicencePage} from './licence-page.ts';
import {machinesOf} from './machine-of.ts';
import type {PackedFile} from './packed-file.ts';
import {readTarball} from './read-tarball.ts';
import type {Target} from './targets.ts';

export interface Gathering {
  /** The project's folder, with the built program in `dist`. */
  readonly project: string;
  /** Folder of fetched archives. */
  readonly cache: string;
  readonly signal?: AbortSignal;
}

/** A file of the program, not of a package. */
const LICENCE_TEXTS = ['lgpl-3.0.txt', 'gpl-3.0.txt', 'artistic-1.0.txt'];
const IS_LICENCE = /^(?:licen[cs]e|copying|third-party)/i;

/**
 * @returns every file of the archive, each path once, from its root.
 * @throws NotFetched when the registry cannot be reached; Error when something fetched is not what the lock file names, is for another system, or the program is not built.
 */
export async function* gatherFiles(
  target: Target,
  {project, cache, signal}: Gathering,
): AsyncGenerator<PackedFile> {
  const lock: unknown = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8'));
  const packages = choosePackages(lock, target);
  const tarballs = [target.runtime, target.runtimeLicence, ...packages];
  await fetchTarballs(tarballs, {cache, ...(signal === undefined ? {} : {signal})});
  yield* makeLaunchers(target);
  yield* readProgram(project);
  const parts: Part[] = [];
  for (const one of packages) {
    signal?.throwIfAborted();
    const files = await readPackage(one, target, cache);
    const texts = files.map(({path}) => path).filter((path) => IS_LICENCE.test(path));
    parts.push({...one, texts});
    yield* files.map((file) => ({...file, path: `app/${one.place}/${file.path}`}));
  }
  yield* readLicences(project, renderLicencePage(parts, target.runtime));
  yield* readRuntime(target, cache);
}

async function readPackage(
  one: ChosenPackage,
  target: Target,
  cache: string,
): Promise<readonly PackedFile[]> {
  const files = readTarball(await readGood(one, cache));
  const kept = files.filter(({path}) => isKept(one.name, path, target));
  for (const {path, bytes} of kept) expectMachine(`${one.name}/${path}`, bytes, target);
  return kept;
}

function expectMachine(path: string, bytes: Uint8Array, {os, cpu}: Target): void {
  const machines = machinesOf(bytes);
  const fits = machines.some((machine) => machine.os === os && machine.cpu === cpu);
  if (machines.length === 0 || fits) return;
  const named = machines.map((machine) => `${machine.os} ${machine.cpu}`).join(', ');
  throw new Error(`${path} is for ${named}, not for ${os} ${cpu}.`);
}

async function* readRuntime(target: Target, cache: string): AsyncGenerator<PackedFile> {
  const {runtime, runtimeLicence} = target;
  const own = readTarball(await readGood(runtime, cache));
  const licensed =
    runtimeLicence.name === runtime.name ? own : readTarball(await readGood(runtimeLicence, cache));
  const {bytes} = expectFile(licensed, 'LICENSE');
  yield {path: 'licences/node.txt', bytes, isProgram: false};
  const program = expectFile(own, target.runtimeProgram);
  expectMachine(program.path, program.bytes, target);
  if (machinesOf(program.bytes).length === 0) throw new Error('The runtime is no program.');
  const name = target.os === 'win32' ? 'node.exe' : 'node';
  yield {path: `runtime/${name}`, bytes: program.bytes, isProgram: true};
}

function expectFile(files: readonly PackedFile[], path: string): PackedFile {
  const file = files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`The runtime's package has no ${path}.`);
  return file;
}

const packageForm = z.object({name: z.string(), version: z.string(), license: z.string()});

async function* readProgram(project: string): AsyncGenerator<PackedFile> {
  const read = async (path: string, from = path): Promise<PackedFile> => {
    return {path, bytes: await readFile(join(project, from)), isProgram: false};
  };
  const told: unknown = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
  const description = {...packageForm.parse(told), private: true, type: 'module'};
  yield {
    path: 'app/package.json',
    bytes: Buffer.from(`${JSON.stringify(description, null, 2)}\n`),
    isProgram: false,
  };
  yield await read('app/LICENSE', 'LICENSE');
  yield await read('app/bin/offload.cjs', 'bin/offload.cjs');
  for (const name of await listFiles(join(project, 'dist')))
    yield await read(`app/dist/${name}`, `dist/${name}`);
  const pages = (await readdir(join(project, 'docs'))).filter((name) => /\.md$/.test(name));
  for (const name of pages.sort()) yield await read(`docs/${name}`);
}

async function* readLicences(project: string, page: string): AsyncGenerator<PackedFile> {
  const add = async (path: string, from: string): Promise<PackedFile> => {
    return {path, bytes: await readFile(join(project, from)), isProgram: false};
  };
  yield {path: 'licences/README.md', bytes: Buffer.from(page), isProgram: false};
  yield await add('licences/notices.txt', 'docs/licences/notices.txt');
  for (const name of LICENCE_TEXTS) yield await add(`licences/${name}`, `packaging/texts/${name}`);
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
