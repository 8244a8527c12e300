/**
 * The soak: cards with everything that can go wrong, one after the other, for as long as it is told.
 *
 *     npm run soak -- --minutes 5
 *     npm run soak -- --seed 42 --round 17    one card again
 *
 * Prints a line each minute and a table at the end. Exits 1 when a promise was broken, with the seed and the card that show it again. Works on the disk of the temporary folder, which
 * must be a real one, and leaves nothing behind.
 */
import {mkdtemp, readdir, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {build} from 'esbuild';
import {realFiles} from '../../src/system/real-files.ts';
import {testFiles} from '../helpers/run-offload.ts';
import {PROJECT} from '../rigs/lab.ts';
import type {Children} from './attempt.ts';
import {soakRound} from './soak-round.ts';
import {summarize, Tally, tableOf} from './tally.ts';

const {values} = parseArgs({
  options: {
    minutes: {type: 'string', default: '5'},
    seed: {type: 'string'},
    round: {type: 'string'},
    'at-once': {type: 'string', default: '2'},
  },
});

/** A folder for the child program, which starts three times as fast when it is bundled. */
async function bundleChild(): Promise<Children> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-soak-child-'));
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  const program = join(folder, 'child-program.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('child-program.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return {folder, program};
}

async function main(): Promise<number> {
  if (testFiles !== realFiles) {
    console.error(`${tmpdir()} is no real disk: name another folder with TMPDIR`);
    return 2;
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const until = performance.now() + Number(values.minutes) * 60_000;
  const tally = new Tally();
  const children = await bundleChild();
  let next = Number(values.round ?? 1);
  const isOver = () =>
    performance.now() >= until ||
    stopped ||
    (values.round !== undefined && next > Number(values.round));
  const told = new Set<object>();
  const tell = () => {
    for (const one of tally.broken) {
      if (told.has(one)) continue;
      told.add(one);
      console.log(`BROKEN ${one.kind}: ${one.what}`);
      console.log(
        `  again: npm run soak -- --seed ${seed} --round ${one.round} (run ${one.attempt} of it)`,
      );
    }
  };
  console.log(`seed ${seed}`);
  let minute = 0;
  const timer = setInterval(() => console.log(`${++minute} min: ${summarize(tally)}`), 60_000);
  try {
    const work = async () => {
      while (!isOver()) {
        await soakRound({
          seed,
          round: next++,
          children,
          tally,
          ...(values.round === undefined ? {} : {trace: (line) => console.log(line)}),
        });
        tally.mostMemory = Math.max(tally.mostMemory, process.memoryUsage().rss);
        tally.mostHandles = Math.max(tally.mostHandles, (await readdir('/proc/self/fd')).length);
        tell();
      }
    };
    await Promise.all(Array.from({length: Number(values['at-once'])}, work));
  } finally {
    clearInterval(timer);
    await rm(children.folder, {recursive: true, force: true});
  }
  for (const row of tableOf(tally)) console.log(row);
  return tally.hasFailed || tally.rounds === 0 ? 1 : 0;
}

let stopped = false;
process.once('SIGINT', () => {
  stopped = true;
});
process.exitCode = await main();
