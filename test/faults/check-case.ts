/** One fault at one call of one scene: the run with it, the same command without it, and everything that must hold after each. */
import {join} from 'node:path';
import {type AnyCall, isTool} from '../helpers/fault-names.ts';
import {type Bench, hashSnapshot, type Snapshot} from './bench.ts';
import {findTouches} from './card-truth.ts';
import {checkCopies, type Found, findMissing, type Ground} from './check-copies.ts';
import {checkFinished} from './check-finished.ts';
import {checkProofs, checkRecords, type FoundManifest} from './check-records.ts';
import {checkSafety, checkTidy} from './check-safety.ts';
import {readDestination} from './read-destination.ts';
import {type BenchRun, type NamedFault, runOnBench} from './run-on-bench.ts';
import {type Scene, SHOOT} from './scenes.ts';
import type {Violation} from './violation.ts';

export interface CaseReport {
  /** False when the call did not come in this run. */
  readonly wasHit: boolean;
  readonly violations: readonly Violation[];
}

/** @param snapshot what lies on the destinations before. */
export async function checkCase(
  bench: Bench,
  {scene, snapshot, named}: {scene: Scene; snapshot: Snapshot; named: NamedFault},
): Promise<CaseReport> {
  await bench.reset(snapshot);
  const run = await runOnBench(bench, scene, named);
  const ground = surveyGround(bench, {snapshot, run, named});
  const found = await readAll(bench);
  const {manifests, violations} = await checkRecords(ground, found);
  const first = [
    ...checkThrown(run),
    ...checkCopies(ground, found),
    ...violations,
    ...checkProofs(ground, found, run),
    ...checkSafety(ground, found, {...run, manifests}),
    ...(run.hit === undefined || scene.spoil !== undefined || run.thrown !== undefined
      ? []
      : checkFinished(ground, found, {...run, hit: run.hit, fault: named.fault})),
    ...(await findTouches(bench.truth)),
  ];
  const recovered = await recover(bench, {scene, ground, found, manifests, run});
  return {
    wasHit: run.hit !== undefined,
    violations: [
      ...first.map((one) => say('after the fault', one)),
      ...recovered.map((one) => say('after the same command again', one)),
    ],
  };
}

const say = (when: string, {kind, what}: Violation): Violation => ({
  kind,
  what: `${when}: ${what}`,
});

function surveyGround(
  bench: Bench,
  {snapshot, run, named}: {snapshot: Snapshot; run: BenchRun; named: NamedFault},
): Ground {
  const strangers = [...hashSnapshot(snapshot)].filter(([path]) => isStranger(bench, path));
  const isMisread = named.fault === 'flips' && isCardRead(bench, run.hit);
  return {
    truth: bench.truth,
    destinations: bench.destinations,
    shoot: SHOOT,
    folder: 'EOS',
    strangers: new Map([...strangers, ...bench.appeared]),
    rotten: new Set(),
    past: new Set(),
    misread: new Set(isMisread ? [run.hit?.path.slice(bench.trial.card.length + 1) ?? ''] : []),
  };
}

/** What lies there and is no record, marker or temporary file. */
function isStranger({destinations}: Bench, path: string): boolean {
  const root = destinations.find((one) => path.startsWith(`${one}/`)) ?? '';
  return !/(?:^|\/)(?:\.offload-[^/]*|_offload\/[^/]*)$/.test(path.slice(root.length));
}

const isCardRead = ({trial}: Bench, hit: AnyCall | undefined): boolean =>
  hit !== undefined &&
  !isTool(hit) &&
  hit.method === 'read' &&
  hit.path.startsWith(`${trial.card}/`);

async function readAll(bench: Bench): Promise<Found> {
  const rows = bench.destinations.map(async (root) => [root, await readDestination(root)] as const);
  return new Map(await Promise.all(rows));
}

function checkThrown({thrown}: BenchRun): readonly Violation[] {
  if (thrown === undefined) return [];
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return [{kind: /left open|listeners are left/.test(text) ? 'left-open' : 'crashed', what: text}];
}

interface Recovery {
  readonly scene: Scene;
  readonly ground: Ground;
  readonly found: Found;
  readonly manifests: readonly FoundManifest[];
  /** The run with the fault. */
  readonly run: BenchRun;
}

/** The same command without the fault ends SAFE, with one record, and copies nothing that stands already. */
async function recover(
  bench: Bench,
  {scene, ground, found, manifests, run}: Recovery,
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const again = await runOnBench(bench, {options: scene.options});
  const now = await readAll(bench);
  const records = await checkRecords(ground, now);
  violations.push(
    ...checkThrown(again),
    ...checkCopies(ground, now),
    ...records.violations,
    ...checkProofs(ground, now, again),
    ...checkSafety(ground, now, {...again, manifests: records.manifests}),
    ...checkTidy(now, toldOf(run, ground)),
    ...(await findTouches(bench.truth)),
  );
  if (again.end?.exitCode !== 0) {
    const why = again.events.filter(({type}) => type === 'verdict' || type === 'refused');
    violations.push({
      kind: 'not-finished',
      what: `it ended ${JSON.stringify(again.end)}: ${JSON.stringify(why)}`,
    });
  }
  const over = findOver(ground, found, manifests);
  for (const root of ground.destinations) {
    const count = records.manifests.filter((one) => one.root === root).length;
    const wanted = 1 + over.filter((one) => one.root === root).length;
    if (count === wanted) continue;
    const what = `${count} records on ${root} instead of ${wanted}`;
    violations.push({kind: 'wrong-record', what});
  }
  return [...violations, ...findCopiedAgain({ground, found, again})];
}

/**
 * What the run with the fault said that it could not clear away. Where it could not list the card whole it knows nothing of the folders that are missing, and what an earlier run left
 * in them under temporary names stays: all of it is passed over then.
 */
function toldOf({events}: BenchRun, {truth, destinations}: Ground): readonly string[] {
  const planned = events.find((event) => event.type === 'run-planned');
  if (planned !== undefined && planned.files < truth.files.size) return destinations;
  return events.flatMap((event) => (event.type === 'noticed' ? (event.path ?? []) : []));
}

/** Records of offloads that are over, so that the next run is another one: SAFE with no journal left, or of a card that could not be listed whole and looks like another one now. */
function findOver(
  {truth}: Ground,
  found: Found,
  manifests: readonly FoundManifest[],
): readonly FoundManifest[] {
  const journals = [...found.values()].flatMap((files) =>
    [...files.values()]
      .filter(({path, size}) => path.endsWith('.journal') && size > 0)
      .map(({path}) => path),
  );
  return manifests
    .filter(({manifest}) => manifest.verdict.safe || manifest.files.length < truth.files.size)
    .filter(({manifest}) => !journals.some((path) => path.endsWith(`${manifest.offload}.journal`)));
}

function findCopiedAgain({
  ground,
  found,
  again,
}: {
  ground: Ground;
  found: Found;
  again: BenchRun;
}): readonly Violation[] {
  return ground.destinations.flatMap((root): readonly Violation[] => {
    const inShoot = join(root, ground.shoot, ground.folder);
    const begun = [...again.calls.values()].filter(
      ({method, path}) => method === 'createFile' && path.startsWith(inShoot),
    );
    const missing = findMissing(ground, root, found).size + ground.misread.size;
    if (begun.length <= missing) return [];
    return [
      {
        kind: 'copied-again',
        what: `${begun.length} copies begun on ${root}, ${missing} were missing`,
      },
    ];
  });
}
