/** A sample of the faults that one call of a mirror can have, another one each time. One case again: `FAULT_SEED=… npx ava test/faults/mirror.test.ts`. */
import {rm} from 'node:fs/promises';
import test from 'ava';
import {BlockPool} from '../../src/system/block-pool.ts';
import {CallNames} from '../helpers/call-names.ts';
import {ChosenFault} from '../helpers/chosen-fault.ts';
import {type AnyCall, canHit, FAULTS, type FaultName, isTool} from '../helpers/fault-names.ts';
import {
  type BackupReport,
  type BackupScene,
  changeSome,
  copyScene,
  DAY_MS,
  FIRST_RUN,
  findBackupLitter,
  findLosses,
  type MirrorTruth,
  makeBackup,
  readMirror,
  runBackup,
} from '../helpers/run-backup.ts';
import {fewTools, readTree, runningPids, testFiles} from '../helpers/run-offload.ts';
import {SeededRandom} from './seeded-random.ts';

const SAMPLE = Number(process.env.FAULT_SAMPLE ?? 24);
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);

interface Case {
  readonly fault: FaultName;
  readonly call: string;
}

let nextPid = 2_000_000;

interface Hit {
  readonly report: BackupReport | undefined;
  readonly thrown: unknown;
  readonly calls: ReadonlyMap<string, AnyCall>;
  readonly wasHit: boolean;
}

/** Runs the mirror with one fault or none. */
async function runWith(scene: BackupScene, named?: Case): Promise<Hit> {
  const names = new CallNames({W: scene.w, B: scene.b});
  const calls = new Map<string, AnyCall>();
  const fault = new ChosenFault({
    fault: named?.fault ?? 'EIO',
    chooses(call) {
      const path = call.path.replaceAll(/(?<=_archive\/)[0-9]{8}T[0-9]{6}Z-[a-z0-9]+/g, 'RUN');
      const name = names.next({...call, path});
      calls.set(name, call);
      return name === named?.call;
    },
    roots: [scene.w, scene.b],
  });
  const pid = nextPid++;
  const running = runBackup(scene, {
    files: fault.wrapFiles(testFiles),
    run: fault.wrapTools(fewTools),
    program: {copyBlocks: new BlockPool(8, 65_536), proofBlocks: new BlockPool(4, 65_536)},
    atMs: FIRST_RUN + DAY_MS,
    pid,
  });
  const ended = running.then(
    (report) => ({report, thrown: undefined}),
    (thrown: unknown) => ({report: undefined, thrown}),
  );
  const outcome = await Promise.race([ended, fault.died.then(() => undefined)]);
  if (outcome === undefined) {
    await fault.bury();
    runningPids.delete(pid);
  }
  const {report, thrown} = outcome ?? {report: undefined, thrown: undefined};
  return {report, thrown, calls, wasHit: fault.hit !== undefined};
}

/** @returns what is broken, in words. */
async function checkCase(
  scene: BackupScene,
  one: Case,
  truth: MirrorTruth,
): Promise<{readonly broken: readonly string[]; readonly wasHit: boolean}> {
  const trial = await copyScene(scene);
  const {thrown, wasHit, report} = await runWith(trial, one);
  const broken = [...(await findLosses(trial, truth))];
  if (thrown !== undefined)
    broken.push(`threw ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  const warnings = [...(report?.warnings ?? [])];
  let last: BackupReport | undefined;
  // What the fault made of the state, the first run sees; what it held back, the second does.
  for (let days = 2; days < 5 && last?.end.result !== 'good'; days++) {
    last = await runBackup(trial, {
      atMs: FIRST_RUN + days * DAY_MS,
      acceptDeletions: true,
      acceptChanges: true,
    });
    warnings.push(...last.warnings);
  }
  if (last?.end.result !== 'good') broken.push(`ends ${last?.end.result}: ${last?.end.message}`);
  broken.push(...(await findLosses(trial, truth)).map((what) => `at last: ${what}`));
  const mirror = await readMirror(trial);
  const isStateLost = warnings.some((code) => /^state-/.test(code));
  for (const path of Object.keys({...truth.wanted, ...mirror})) {
    // Without its state the mirror leaves what it does not know.
    const isExtra = truth.wanted[path] === undefined && isStateLost;
    if (mirror[path] !== truth.wanted[path] && !isExtra) broken.push(`not in step: ${path}`);
  }
  for (const name of await findBackupLitter(trial)) broken.push(`litter: ${name}`);
  await rm(trial.folder, {recursive: true});
  return {broken, wasHit};
}

test('no fault at any call of a mirror loses a file or gives a name to wrong bytes', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readMirror(scene);
  await changeSome(scene);
  const truth = {before, wanted: await readTree(scene.source)};
  const learned = await copyScene(scene);
  const {calls, report} = await runWith(learned);
  t.is(report?.end.result, 'good');
  const random = new SeededRandom(seed);
  const cases = FAULTS.map((fault) =>
    [...calls]
      .filter(([, call]) => canHit(fault, call))
      // What the source gives wrong before any hash is taken only a second reading could tell.
      .filter(
        ([, call]) =>
          fault !== 'flips' || isTool(call) || !call.path.startsWith(`${learned.source}/`),
      )
      .map(([call]): Case => ({fault, call})),
  ).filter((some) => some.length > 0);
  let hits = 0;
  const broken: Record<string, readonly string[]> = {};
  for (let count = 0; count < SAMPLE; count++) {
    const one = random.pick(random.pick(cases));
    const checked = await checkCase(scene, one, truth);
    if (checked.wasHit) hits += 1;
    if (checked.broken.length > 0) broken[`${one.fault} ${one.call}`] = checked.broken;
  }
  t.deepEqual(broken, {}, `FAULT_SEED=${seed}`);
  t.true(hits > SAMPLE / 2, `${hits} hit, FAULT_SEED=${seed}`);
});
