import type {OffloadEvent} from '../../src/core/events.ts';
import {CallNames} from '../helpers/call-names.ts';
import {ChosenFault} from '../helpers/chosen-fault.ts';
import type {AnyCall, FaultName} from '../helpers/fault-names.ts';
import {fewTools, runningPids, runOffload, testFiles} from '../helpers/run-offload.ts';
import type {Bench} from './bench.ts';
import type {Scene} from './scenes.ts';
import type {Told} from './told.ts';

/** A fault and the name of the one call that it hits. */
export interface NamedFault {
  readonly fault: FaultName;
  readonly call: string;
}

export interface BenchRun extends Told {
  /** The call that was hit; undefined when it did not come. */
  readonly hit: AnyCall | undefined;
  /** What the program, or the check for what is left open, threw. */
  readonly thrown: unknown;
  /** All calls that were made, by name. */
  readonly calls: ReadonlyMap<string, AnyCall>;
}

let nextPid = 1_000_000;

/** Runs the program on a bench, with one fault or none. A run that was killed is over when the system has nothing more to do for it. */
export async function runOnBench(
  bench: Bench,
  scene: Pick<Scene, 'options' | 'spoil'>,
  named?: NamedFault,
): Promise<BenchRun> {
  const {trial} = bench;
  const names = new CallNames({card: trial.card, W: trial.w, B: trial.b});
  const calls = new Map<string, AnyCall>();
  const fault = new ChosenFault({
    fault: named?.fault ?? 'EIO',
    chooses(call) {
      const name = names.next(call);
      calls.set(name, call);
      return name === named?.call;
    },
    roots: [trial.card, ...bench.destinations],
  });
  const spoiled = scene.spoil === undefined ? testFiles : scene.spoil(testFiles, bench);
  const events: OffloadEvent[] = [];
  const pid = nextPid++;
  const running = runOffload({
    cards: [trial.card],
    to: bench.destinations,
    files: fault.wrapFiles(spoiled),
    run: fault.wrapTools(fewTools),
    options: scene.options,
    program: bench.blocks,
    pid,
    onEvent: (event) => events.push(event),
  });
  const ended = running.then(
    ({end}) => ({end, thrown: undefined}),
    (thrown: unknown) => ({end: undefined, thrown}),
  );
  const outcome = await Promise.race([ended, fault.died.then(() => undefined)]);
  if (outcome === undefined) {
    await fault.bury();
    runningPids.delete(pid);
    bench.loseBlocks();
  }
  return {events, calls, hit: fault.hit, end: outcome?.end, thrown: outcome?.thrown};
}
