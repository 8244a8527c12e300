/** What is true of a call that never returns: no limit of time is set to it. */
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {CallNames} from '../helpers/call-names.ts';
import {ChosenFault} from '../helpers/chosen-fault.ts';
import {runningPids, runOffload, testFiles} from '../helpers/run-offload.ts';
import {Bench} from './bench.ts';
import {type Found, findMissing, type Ground} from './check-copies.ts';
import {readDestination} from './read-destination.ts';
import {runOnBench} from './run-on-bench.ts';
import {FAULT_CARD, SHOOT} from './scenes.ts';

const PID = 3_000_000;

const calls = {
  'a read of the card': 'read card:DCIM/100EOS/MVI_0002.MP4 #2',
  'a write': 'write W:Shoot/EOS/DCIM/100EOS/*.part #2',
  'a read back': 'read W:Shoot/EOS/DCIM/100EOS/*.part #2',
} as const;

for (const [what, call] of Object.entries(calls)) {
  test(`${what} that never returns holds the run until it is killed, and the next one ends safe`, async (t) => {
    const bench = await Bench.open(FAULT_CARD);
    t.teardown(() => bench.close());
    await bench.reset();
    const {trial, destinations, truth} = bench;
    const names = new CallNames({card: trial.card, W: trial.w, B: trial.b});
    const fault = new ChosenFault({
      fault: 'hangs',
      chooses: (one) => names.next(one) === call,
      roots: [],
    });
    const stop = new AbortController();
    const files = fault.wrapFiles(testFiles);
    let isOver = false;
    const run = runOffload({cards: [trial.card], to: destinations, files, stop, pid: PID});
    void run.finally(() => {
      isOver = true;
    });
    while (fault.hit === undefined) await sleep(5);
    // The first Ctrl-C lets the block in hand finish, and this one never does.
    stop.abort();
    await fault.died;
    t.false(isOver);
    await fault.bury();
    runningPids.delete(PID);
    bench.loseBlocks();
    const {end} = await runOnBench(bench, {options: {}});
    t.is(end?.exitCode, 0);
    const ground: Ground = {
      truth,
      destinations,
      shoot: SHOOT,
      folder: 'EOS',
      strangers: new Map(),
      rotten: new Set(),
      past: new Set(),
      misread: new Set(),
    };
    const rows = destinations.map(async (root) => [root, await readDestination(root)] as const);
    const found: Found = new Map(await Promise.all(rows));
    for (const root of destinations) t.deepEqual([...findMissing(ground, root, found)], []);
  });
}
