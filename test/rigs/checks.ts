/** What must be true on the drives after an offload, looked at from the outside. */
import assert from 'node:assert/strict';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type Manifest, manifestForm, type Verdict} from './event-forms.ts';
import type {RunResult} from './offload-run.ts';
import {call} from './tools.ts';
import {hashFile, isJunk, listPaths, listTree, type TreeFile} from './trees.ts';

/** The one verdict of a run. @throws AssertionError when the run did not end so. */
export function expectEnd(run: RunResult, exitCode: number): Verdict {
  const codes = run.verdicts.flatMap(({reasons}) => reasons.map(({code}) => code));
  const failures = run.events
    .filter(({type}) => ['refused', 'file-failed', 'destination-lost'].includes(type))
    .map(({code, path, message}) => `${code} ${path ?? ''}: ${message}`);
  const story = `${[...codes, ...failures.slice(0, 3)].join('; ')}\n${run.stderr}`;
  assert.equal(
    run.exitCode,
    exitCode,
    `exit code ${run.exitCode} instead of ${exitCode}: ${story}`,
  );
  const [verdict] = run.verdicts;
  assert.ok(verdict, 'a verdict was given');
  assert.equal(run.verdicts.length, 1, 'one card has one verdict');
  const {found, copied, present, leftOut, failed} = verdict.account;
  assert.equal(found, copied + present + leftOut + failed, 'the account closes');
  assert.equal(verdict.safe, exitCode === 0, 'the verdict and the exit code agree');
  return verdict;
}

/** A SAFE run without any waiver. */
export function expectSafe(run: RunResult): Verdict {
  const verdict = expectEnd(run, 0);
  assert.deepEqual(verdict.waived, [], 'nothing is waived');
  return verdict;
}

/** A finished run that is not safe. @param codes all reasons, in any order. */
export function expectUnsafe(run: RunResult, codes: readonly string[]): Verdict {
  const verdict = expectEnd(run, 1);
  assert.deepEqual(verdict.reasons.map(({code}) => code).sort(), [...codes].sort());
  return verdict;
}

/** A run that was refused before anything was copied. */
export function expectRefused(run: RunResult, code: string): void {
  assert.equal(run.exitCode, 2, `exit code ${run.exitCode} instead of 2\n${run.stderr}`);
  const refused = run.events.filter(({type}) => type === 'refused');
  assert.deepEqual(
    refused.map((event) => event.code),
    [code],
  );
  assert.deepEqual(run.verdicts, [], 'no verdict is given');
}

/** @returns the one manifest of a shoot, when nothing unfinished lies beside it. */
export async function readOnlyManifest(shoot: string): Promise<Manifest> {
  const records = join(shoot, '_offload');
  const names = (await readdir(records)).sort();
  const manifest = names.find((name) => name.endsWith('.json'));
  assert.ok(manifest, `a manifest lies in ${records}: ${names.join(', ')}`);
  const base = manifest.slice(0, -'.json'.length);
  assert.deepEqual(
    names,
    [`${base}.b3`, `${base}.json`],
    'one manifest and one list, nothing else',
  );
  await expectNoTemporaries(shoot);
  return manifestForm.parse(JSON.parse(await readFile(join(records, manifest), 'utf8')));
}

/** No temporary name is left over anywhere below a folder. */
export async function expectNoTemporaries(folder: string): Promise<void> {
  const left = (await listPaths(folder, '')).filter((path) =>
    /(?:^|\/)\.offload-(?!volume\.json$)[^/]*$/.test(path),
  );
  assert.deepEqual(left, [], 'no temporary file is left');
}

/** `b3sum --check` passes, over as many files as the manifest has. @returns the manifest. */
export async function checkSums(shoot: string): Promise<Manifest> {
  const manifest = await readOnlyManifest(shoot);
  const list = join('_offload', `${manifest.offload}.b3`);
  const answer = await call('b3sum', ['--check', list], {cwd: shoot});
  const good = answer.split('\n').filter((line) => line.endsWith(': OK')).length;
  assert.equal(good, manifest.files.length, 'b3sum checks every file');
  return manifest;
}

interface Copies {
  readonly card: string;
  /** The shoot folders, one for each destination. */
  readonly shoots: readonly string[];
  /** Files of the card that cannot have arrived. */
  readonly except?: readonly string[];
}

/** Every file of a card that is no junk is in every manifest and on every destination, with its own bytes and under a name of its own. */
export async function checkCopies({card, shoots, except = []}: Copies): Promise<void> {
  const wanted = (await listTree(card, {except})).filter(({path}) => !isJunk(path));
  assert.ok(wanted.length > 0, 'the card has files');
  const paths = [...wanted.map(({path}) => path), ...except].sort();
  for (const shoot of shoots) {
    const manifest = await readOnlyManifest(shoot);
    const recorded = manifest.files.map(({path}) => path).sort();
    assert.deepEqual(recorded, paths, 'the manifest has every file');
    await checkShoot({manifest, shoot, wanted});
    const arrived = (await listTree(shoot, {hashes: false})).filter(
      ({path}) => !path.startsWith('_offload/'),
    );
    assert.equal(arrived.length, wanted.length, 'as many files as on the card');
  }
}

async function checkShoot({
  manifest,
  shoot,
  wanted,
}: {
  manifest: Manifest;
  shoot: string;
  wanted: readonly TreeFile[];
}): Promise<void> {
  const targets = new Set<string>();
  for (const file of wanted) {
    const recorded = manifest.files.find(({path}) => path === file.path);
    const copy = recorded?.copies.find(({destination}) => destination === manifest.writtenTo);
    assert.ok(copy, `${file.path} has a copy in the manifest of ${shoot}`);
    assert.equal(
      await hashFile(`${shoot}/${copy.target}`),
      file.hash,
      `${file.path} arrived whole`,
    );
    targets.add(copy.target);
  }
  assert.equal(targets.size, wanted.length, 'every file has a name of its own');
}
