/** Every call of every scene, with every fault that can hit it: each is a run of its own, and one more without the fault. */
import {canHit, FAULTS, isTool} from '../helpers/fault-names.ts';
import {Bench, type Snapshot} from './bench.ts';
import {type CaseReport, checkCase} from './check-case.ts';
import {type NamedFault, runOnBench} from './run-on-bench.ts';
import {FAULT_CARD, SCENES, type Scene} from './scenes.ts';
import {SeededRandom} from './seeded-random.ts';

export interface FaultCase extends NamedFault {
  readonly scene: string;
}

export const nameCase = ({scene, fault, call}: FaultCase): string => `${scene} ${fault} ${call}`;

export interface Settings {
  /** Called with all cases of a scene: gives those that are to be run. */
  readonly choose: (cases: readonly FaultCase[]) => readonly FaultCase[];
  readonly onReport: (one: FaultCase, report: CaseReport) => void;
  /** Scenes by name; all when it is not given. */
  readonly scenes?: readonly string[];
  /** Benches for each scene: they wait for flushes most of the time. */
  readonly atOnce?: number;
  readonly signal?: AbortSignal;
}

/** Runs the chosen cases of each scene, all scenes at the same time. @throws when a scene does not do without a fault what it is there for. */
export async function forEachFault(settings: Settings): Promise<void> {
  const {scenes = SCENES.map(({name}) => name)} = settings;
  const wanted = SCENES.filter(({name}) => scenes.includes(name));
  const outcomes = await Promise.allSettled(wanted.map((scene) => playScene(scene, settings)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function playScene(scene: Scene, settings: Settings): Promise<void> {
  const {choose, onReport, atOnce = 1, signal} = settings;
  const benches = await Promise.all(Array.from({length: atOnce}, () => Bench.open(FAULT_CARD)));
  try {
    const snapshots = await Promise.all(benches.map((bench) => prepareScene(bench, scene)));
    const [first] = benches;
    const cases = first === undefined ? [] : await listCases(first, scene, snapshots[0]);
    const waiting = [...choose(cases)];
    await Promise.all(
      benches.map(async (bench, index) => {
        for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
          if (signal?.aborted === true) return;
          const snapshot = snapshots[index] ?? new Map();
          onReport(one, await checkCase(bench, {scene, snapshot, named: one}));
        }
      }),
    );
  } finally {
    await Promise.all(benches.map((bench) => bench.close()));
  }
}

/** @returns what lies on the destinations when the scene begins. */
async function prepareScene(bench: Bench, scene: Scene): Promise<Snapshot> {
  await bench.reset();
  await scene.stands?.(bench.trial);
  if (scene.before !== undefined) {
    const {hit} = await runOnBench(bench, {options: {}}, scene.before);
    if (hit === undefined) throw new Error(`${scene.name}: ${scene.before.call} did not come`);
  }
  await scene.since?.(bench.trial);
  return await bench.takeSnapshot();
}

/** Learns the calls of a scene by a run of it without a fault. */
async function listCases(
  bench: Bench,
  scene: Scene,
  snapshot: Snapshot | undefined,
): Promise<readonly FaultCase[]> {
  await bench.reset(snapshot);
  const {calls, end, thrown} = await runOnBench(bench, scene);
  if (thrown !== undefined) throw thrown;
  if (end?.exitCode !== (scene.safe ? 0 : 1)) {
    throw new Error(`${scene.name} ends ${JSON.stringify(end)} without a fault`);
  }
  const cases = FAULTS.flatMap((fault) =>
    [...calls]
      .filter(([, call]) => canHit(fault, call))
      // What a card gives wrong before any hash is taken only a second reading can tell.
      .filter(
        ([, call]) =>
          fault !== 'flips' || scene.options.verify === 'full' || !isCardRead(bench, call),
      )
      .map(([call]) => ({scene: scene.name, fault, call})),
  );
  // Mixed, always in the same way: the first minute of a long run has something of everything.
  return new SeededRandom(1).sample(cases, cases.length);
}

function isCardRead({trial}: Bench, call: Parameters<typeof isTool>[0]): boolean {
  return !isTool(call) && call.method === 'read' && call.path.startsWith(`${trial.card}/`);
}
