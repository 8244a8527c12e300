/**
 * Offloads a sample card to two folders, with the program as it was built.
 *
 *     npx tsx samples/run.ts [OPTIONS OF THE PROGRAM]
 *
 * What is said here goes to stderr, so that stdout is the program's own.
 */
import {existsSync} from 'node:fs';
import {mkdir, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {makeSampleCard} from './make-card.ts';
import {makeWorkFolder} from './work-folder.ts';

const PROGRAM = fileURLToPath(new URL('../bin/offload.cjs', import.meta.url));
const BUILT = fileURLToPath(new URL('../dist/src/cli.js', import.meta.url));
const SEED = 1;

async function main(options: readonly string[]): Promise<number> {
  if (!existsSync(BUILT)) {
    console.error('The program is not built yet. Run `npm run build`, then this again.');
    return 2;
  }
  const folder = await makeWorkFolder();
  if (folder === undefined) {
    console.error(
      'Neither the folder for temporary files nor this one lies on a disk that can be written to. ' +
        'Go to a folder on a disk and run this again.',
    );
    return 2;
  }
  const card = await makeSampleCard({into: folder.path, seed: SEED});
  const destinations = ['working-drive', 'backup-drive'].map((name) => join(folder.path, name));
  for (const destination of destinations) await mkdir(destination);

  console.error(`A sample card with ${card.files.length} files: ${card.path}`);
  console.error(
    'Card and both destinations are folders on one drive, so this run waives the rule of two drives (--allow-same-drive).',
  );
  if (!folder.readsMedium) {
    console.error(
      'That drive does not let files be read past its cache, so this run waives that rule too (--accept-cached).',
    );
  }
  console.error('');

  const exitCode = await runProgram(folder.path, [
    ...['--card', card.path],
    ...destinations.flatMap((destination) => ['--to', destination]),
    '--allow-same-drive',
    ...(folder.readsMedium ? [] : ['--accept-cached']),
    ...options,
  ]);
  await tellResult(destinations);
  console.error(`Everything lies in ${folder.path}; delete it when you have seen enough.`);
  return exitCode;
}

/** @returns the program's exit code, or 1 when a signal ended it. */
async function runProgram(folder: string, args: readonly string[]): Promise<number> {
  // Settings and catalog of the one who tries this stay as they are.
  const env = {OFFLOAD_HOME: join(folder, 'settings')};
  const program = execa(process.execPath, [PROGRAM, ...args], {
    stdio: 'inherit',
    reject: false,
    env,
  });
  // A terminal sends Ctrl-C to both; the program decides what it means and this waits for it.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => program.kill(signal));
  }
  return (await program).exitCode ?? 1;
}

async function tellResult(destinations: readonly string[]): Promise<void> {
  const commands: string[] = [];
  for (const destination of destinations) {
    for (const shoot of await readdir(destination, {withFileTypes: true})) {
      if (!shoot.isDirectory()) continue;
      const folder = join(destination, shoot.name);
      const lists = (await listFolder(join(folder, '_offload'))).filter((name) =>
        name.endsWith('.b3'),
      );
      for (const list of lists) {
        commands.push(`  (cd ${quote(folder)} && b3sum -c ${quote(`_offload/${list}`)})`);
      }
    }
  }
  console.error('');
  if (commands.length === 0) {
    console.error('There is no list of checksums, so there is nothing to check.');
    return;
  }
  console.error('Check the copies without this program (b3sum is the tool of BLAKE3 itself):');
  for (const command of commands) console.error(command);
}

async function listFolder(folder: string): Promise<string[]> {
  return existsSync(folder) ? await readdir(folder) : [];
}

/** So that a path can be pasted into a shell. */
function quote(path: string): string {
  if (process.platform === 'win32') return `"${path}"`;
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

process.exitCode = await main(process.argv.slice(2));
