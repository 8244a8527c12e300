import assert from 'node:assert/strict';
import {forEachFault, nameCase} from '../faults/for-each-fault.ts';
import type {Lab} from './lab.ts';
import {CannotRun, type Rig} from './rig.ts';

/** The whole matrix takes the better part of an hour: each day runs another share of it. */
const SHARES = 16;
const DAY_MS = 86_400_000;

/** `FAULT_SHARE=3/10` chooses another share; `1/1` is all of it. */
const [part = 1, parts = SHARES] = (
  process.env.FAULT_SHARE ?? `${(Math.floor(Date.now() / DAY_MS) % SHARES) + 1}/${SHARES}`
)
  .split('/')
  .map(Number);

/** Every fault at every call of a run, in this process: what is on the disks after it and after the next run. */
export const faultMatrix: Rig = {
  name: `every fault at every call, share ${part} of ${parts}: no promise is broken, and the same command ends SAFE`,
  tools: [],
  root: false,
  run: runShare,
};

async function runShare({signal}: Lab): Promise<void> {
  if (!(part >= 1 && part <= parts)) throw new CannotRun(`FAULT_SHARE is ${part}/${parts}`);
  let wanted = 0;
  let run = 0;
  const broken: string[] = [];
  await forEachFault({
    signal,
    choose(cases) {
      const chosen = cases.filter((_, index) => index % parts === part - 1);
      wanted += chosen.length;
      return chosen;
    },
    onReport(one, {violations}) {
      run += 1;
      if (violations.length === 0) return;
      const [first] = violations;
      broken.push(`npm run faults -- --case '${nameCase(one)}': ${first?.kind}: ${first?.what}`);
    },
  });
  signal.throwIfAborted();
  assert.deepEqual(broken, []);
  assert.equal(run, wanted);
  assert.ok(run > 0);
}
