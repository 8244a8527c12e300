/**
 * Lists the licences of all packages that come with the program.
 *
 *     npm run licences [-- --check]
 *
 * Writes `docs/licences.md` and `docs/licences/notices.txt`. With `--check` nothing is written: it ends with 1 when they would be other ones, or when a licence is not allowed. Asks no registry.
 */
import {readdir, readFile, writeFile} from 'node:fs/promises';
import {isAllowed, licenceOf} from './judge-licence.ts';
import {inProject, listPackages, type Package, readLock} from './lock-file.ts';
import {renderLicences, renderNotices} from './render-licences.ts';

const PAGE = 'docs/licences.md';
const NOTICES = 'docs/licences/notices.txt';

/** @returns what is wrong, one line each; empty when all is well. */
export async function checkLicences(): Promise<readonly string[]> {
  const packages = listPackages(await readLock());
  const strange = packages
    .filter((one) => !isAllowed(one))
    .map((one) => `${one.name} ${one.version} is under ${licenceOf(one)}, which is not allowed`);
  const stale: string[] = [];
  for (const [path, text] of await renderAll(packages)) {
    const standing = await readFile(inProject(path), 'utf8').catch(() => '');
    if (standing !== text) stale.push(`${path} is out of date: run npm run licences`);
  }
  return [...strange, ...stale];
}

async function renderAll(packages: readonly Package[]): Promise<ReadonlyMap<string, string>> {
  return new Map([
    [PAGE, renderLicences(packages)],
    [NOTICES, renderNotices(await readTexts(packages))],
  ]);
}

/** Optional packages are never built in: they are binaries, or belong to them. */
async function readTexts(packages: readonly Package[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const one of packages.filter(({isOptional}) => !isOptional)) {
    texts.set(`${one.name} ${one.version}`, await readText(one));
  }
  return texts;
}

async function readText({name, place, licence}: Package): Promise<string> {
  const names = await readdir(inProject(place));
  const file = names.sort().find((one) => /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(one));
  if (file !== undefined) return await readFile(inProject(`${place}/${file}`), 'utf8');
  return `${name} is under the licence ${licence} and brings no text of it.`;
}

async function run(args: readonly string[]): Promise<number> {
  const isCheck = args.includes('--check');
  if (!isCheck) {
    for (const [path, text] of await renderAll(listPackages(await readLock())))
      await writeFile(inProject(path), text);
  }
  const problems = await checkLicences();
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

if (process.argv[1] === inProject('docs/licences/list-licences.ts'))
  process.exitCode = await run(process.argv.slice(2));
