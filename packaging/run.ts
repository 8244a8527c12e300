/**
 * Makes the archives that run without anything installed, one for each system.
 *
 *     npm run package [-- linux-x64 windows-x64 …]
 *
 * They lie in `.portable` beside `SHA256SUMS`; what was fetched from the registry stays in `.portable/cache`. See docs/portable.md.
 */
import {writeFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {makeArchive} from './make-archive.ts';
import {findTarget, TARGETS} from './targets.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const INTO = join(PROJECT, '.portable');
const MB = 1_000_000;

async function run(names: readonly string[]): Promise<number> {
  const targets = names.length === 0 ? TARGETS : names.map(findTarget);
  const sums: string[] = [];
  for (const target of targets) {
    const cache = join(INTO, 'cache');
    const archive = await makeArchive(target, {project: PROJECT, cache, into: INTO});
    const {path, bytes, unpacked, files, sha256} = archive;
    const sizes = `${(bytes / MB).toFixed(1)} MB, unpacked ${(unpacked / MB).toFixed(1)} MB in ${files} files`;
    console.log(`${basename(path)}: ${sizes}`);
    sums.push(`${sha256}  ${basename(path)}\n`);
  }
  await writeFile(join(INTO, 'SHA256SUMS'), sums.join(''));
  return 0;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
