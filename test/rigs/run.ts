/**
 * Runs the rigs one after the other: the built program on real devices, with real faults.
 *
 *     npm run test:rigs [-- WORD…]        only rigs whose name holds one of the words
 *     RIG_SECONDS=480 npm run test:rigs   begins no rig after so many seconds; each day another one comes first
 *
 * Prints `PASS name`, `FAIL name: why` or `SKIP name: why` for each, and last `N passed, N failed` with `, N skipped` where some were. Exits 1 when one failed.
 */
import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';
import {allRigs} from './all-rigs.ts';
import {Lab, PROJECT} from './lab.ts';
import {CannotRun, type Rig} from './rig.ts';
import {findMissing, installMissing, isRoot} from './tools.ts';

type Outcome = 'passed' | 'failed' | 'skipped';

let open: Lab | undefined;
let stopped = false;

/** Seconds after which no rig begins; undefined where all are to run. */
function readBudget(): number | undefined {
  const seconds = Number.parseInt(process.env.RIG_SECONDS ?? '', 10);
  return Number.isNaN(seconds) ? undefined : seconds;
}

/** A trial that is to end early has this long for it, in ms, before it is given up. */
const TIME_TO_STOP_MS = 15_000;

const DAY_MS = 86_400_000;

/** Where the time may not do for all, each has its turn. */
function rotateByDay(rigs: readonly Rig[]): readonly Rig[] {
  const first = Math.floor(Date.now() / DAY_MS) % Math.max(1, rigs.length);
  return [...rigs.slice(first), ...rigs.slice(0, first)];
}

async function main(words: readonly string[]): Promise<number> {
  const budget = readBudget();
  const begun = performance.now();
  const named = allRigs.filter(
    ({name}) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  const rigs = budget === undefined ? named : rotateByDay(named);
  await execa('npm', ['run', '--silent', 'build'], {cwd: PROJECT, stdio: 'inherit'});
  await installMissing(rigs.flatMap(({tools}) => tools));
  const counts = {passed: 0, failed: 0, skipped: 0};
  for (const rig of rigs) {
    if (stopped) break;
    const start = performance.now();
    if (budget !== undefined && start - begun > budget * 1000) {
      tell('skipped', rig, `RIG_SECONDS=${budget} are over; it comes earlier on another day`);
      counts.skipped += 1;
      continue;
    }
    counts[await runRig(rig)] += 1;
    console.error(`     ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  const {passed, failed, skipped} = counts;
  console.log(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
  return failed > 0 || stopped ? 1 : 0;
}

async function runRig(rig: Rig): Promise<Outcome> {
  const reason = await findObstacle(rig);
  if (reason !== undefined) return tell('skipped', rig, reason);
  open = await Lab.open();
  let outcome: Outcome = 'passed';
  try {
    await Promise.race([rig.run(open), giveUp(rig, open.signal)]);
  } catch (error) {
    outcome = error instanceof CannotRun ? 'skipped' : 'failed';
    tell(outcome, rig, stopped ? `stopped; ${describe(error)}` : describe(error));
  }
  const leftovers = await open.close();
  open = undefined;
  if (outcome !== 'passed') {
    for (const error of leftovers) console.error(`     cleaning up: ${describe(error)}`);
    return outcome;
  }
  const [leftover] = leftovers;
  if (leftover !== undefined) return tell('failed', rig, `cleaning up: ${describe(leftover)}`);
  console.log(`PASS ${rig.name}`);
  return 'passed';
}

/** Rejects when a trial that is to end early does not. It never resolves. */
async function giveUp({name}: Rig, signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  await sleep(TIME_TO_STOP_MS, undefined, {ref: false});
  throw new Error(`${name} does not stop`);
}

async function findObstacle({tools, root}: Rig): Promise<string | undefined> {
  if (root && process.platform !== 'linux') return 'it needs Linux';
  if (root && !isRoot) return 'it needs root';
  const missing = await findMissing(tools);
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

function tell(outcome: 'failed' | 'skipped', {name}: Rig, why: string): Outcome {
  const [first = '', ...rest] = why.split('\n');
  console.log(`${outcome === 'failed' ? 'FAIL' : 'SKIP'} ${name}: ${first}`);
  for (const line of rest.slice(0, 40)) console.error(`     ${line}`);
  return outcome;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split('\n').find((line) => line.includes('.rig.ts'));
  return place === undefined ? error.message : `${error.message}\n${place.trim()}`;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopped) return;
    stopped = true;
    open?.stop();
  });
}

const exitCode = await main(process.argv.slice(2));
// A trial that was given up may go on for ever.
process.exit(exitCode);
