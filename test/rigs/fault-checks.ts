/** What must be true on the destinations behind every fault, looked at from the outside. */
import assert from 'node:assert/strict';
import {lstat, readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {CardWitness} from './card-witness.ts';
import {checkCopies, checkSums, expectSafe} from './checks.ts';
import {type Event, manifestForm, type Verdict} from './event-forms.ts';
import {readMountPoints} from './lab.ts';
import type {RunResult} from './offload-run.ts';
import {call} from './tools.ts';
import {hashFile, listPaths, listTree, toBytes} from './trees.ts';

const isHidden = (path: string) => /(?:^|\/)\.offload-/.test(path);
const isRecord = (path: string) => path.startsWith('_offload/');

/**
 * No final name holds other bytes than the card's file of that name, no record that has its name is torn or speaks of what is not there, and one that says SAFE is right.
 * @param shoots those that are there.
 */
export async function expectNothingWrong(
  shoots: readonly string[],
  witness: CardWitness,
): Promise<void> {
  for (const shoot of shoots) {
    if (!(await isThere(shoot))) continue;
    for (const {path, hash} of await listTree(shoot)) {
      if (isHidden(path) || isRecord(path)) continue;
      const onCard = path.slice(path.indexOf('/') + 1);
      assert.equal(hash, witness.hashes.get(onCard), `${shoot}/${path} has the card's bytes`);
    }
    await checkRecords(shoot, witness);
  }
}

async function checkRecords(shoot: string, witness: CardWitness): Promise<void> {
  const folder = join(shoot, '_offload');
  if (!(await isThere(folder))) return;
  for (const name of await readdir(folder)) {
    if (isHidden(name)) continue;
    if (name.endsWith('.b3') && (await lstat(join(folder, name))).size > 0) {
      await call('b3sum', ['--check', '--quiet', `_offload/${name}`], {cwd: shoot});
    }
    if (!name.endsWith('.json')) continue;
    const {verdict, files} = manifestForm.parse(
      JSON.parse(await readFile(join(folder, name), 'utf8')),
    );
    if (!verdict.safe) continue;
    assert.equal(files.length, witness.hashes.size, `${name} says SAFE and has every file`);
    const arrived = new Set((await listTree(shoot)).map(({hash}) => hash));
    for (const [path, hash] of witness.hashes) {
      assert.ok(arrived.has(hash), `${name} says SAFE and ${path} is there`);
    }
  }
}

/** Whatever a run said to be proved stands under its final name with the card's bytes. @param to destinations that are there. */
export async function expectProvedStands(
  {events}: Pick<RunResult, 'events'>,
  {witness, to}: {readonly witness: CardWitness; readonly to: readonly string[]},
): Promise<void> {
  const shoot = shootOf(events);
  for (const event of events) {
    if (event.type !== 'file-proved' || event.to === undefined || !to.includes(event.to)) continue;
    const {path = '', target = ''} = event;
    const place = join(event.to, shoot, target);
    assert.equal(
      await hashFile(place).catch((error: unknown) => String(error)),
      witness.hashes.get(path),
      `${place} was told to be proved and stands`,
    );
  }
}

const shootOf = (events: readonly Event[]) =>
  events.find(({type}) => type === 'run-planned')?.shoot ?? '';

/** Nothing that the first run proved is copied by the second. @param except destinations that were lost with what was on them. */
export function expectNotCopiedAgain(
  first: Pick<RunResult, 'events'>,
  second: Pick<RunResult, 'events'>,
): void {
  const again = keysOf(second.events, 'file-copied');
  const twice = [...keysOf(first.events, 'file-proved')].filter((key) => again.has(key));
  assert.deepEqual(twice, [], 'what was proved before is not copied again');
}

function keysOf(events: readonly Event[], type: string): ReadonlySet<string> {
  return new Set(
    events.filter((event) => event.type === type).map(({to, path}) => `${to} ${path}`),
  );
}

interface Finishing {
  /** The run that the fault hit. */
  readonly first: Pick<RunResult, 'events'>;
  readonly second: RunResult;
  readonly witness: CardWitness;
  readonly card: string;
  readonly shoots: readonly string[];
  /** Roots of the destinations. */
  readonly roots: readonly string[];
}

/** The same command without the fault ends SAFE, with one record, and leaves nothing over. */
export async function expectGoodEnd(finishing: Finishing): Promise<Verdict> {
  const {first, second, witness, card, shoots, roots} = finishing;
  const verdict = expectSafe(second);
  expectNotCopiedAgain(first, second);
  const ids = new Set<string>();
  for (const shoot of shoots) ids.add((await checkSums(shoot)).offload);
  assert.equal(ids.size, 1, 'both records are of one offload');
  await checkCopies({card, shoots});
  await expectNothingWrong(shoots, witness);
  for (const root of roots) await expectTidy(root);
  await witness.expectUntouched();
  return verdict;
}

/** Nothing of a run lies anywhere on a drive but copies, records and the volume's marker. */
export async function expectTidy(root: string): Promise<void> {
  const left = (await listPaths(root, '')).filter(
    (path) =>
      (isHidden(path) && path !== '.offload-volume.json') ||
      /_offload\/(?:lock.*|.*\.journal)$/.test(path),
  );
  assert.deepEqual(left, [], 'nothing is left over');
}

/** Every shoot has its record, and no journal is left: the next run is another offload. */
export async function hasEnded(shoots: readonly string[]): Promise<boolean> {
  const names = await Promise.all(
    shoots.map((shoot) => readdir(join(shoot, '_offload')).catch(() => [])),
  );
  return (
    names.every((those) => those.some((name) => /^[^.].*\.json$/.test(name))) &&
    !names.flat().some((name) => name.endsWith('.journal'))
  );
}

/** What a run must say that comes behind one which had said all that it had to say: it is another offload, which finds everything there. */
export function expectAllPresent(first: Pick<RunResult, 'events'>, second: RunResult): void {
  const {account} = expectSafe(second);
  assert.deepEqual([account.copied, account.failed], [0, 0]);
  expectNotCopiedAgain(first, second);
}

export const wentOn = ({events}: Pick<RunResult, 'events'>) =>
  events.some(({type, resumed}) => type === 'run-planned' && resumed === true);

/** Mounts anew, so that what is looked at comes from the medium. */
export async function remount(
  ...drives: readonly {unmount(): Promise<void>; mount(): Promise<void>; mountPoint: string}[]
): Promise<void> {
  for (const drive of drives) {
    await drive.unmount();
    await drive.mount();
    assert.ok((await readMountPoints()).includes(drive.mountPoint), 'it is mounted again');
  }
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(toBytes(path));
    return true;
  } catch {
    return false;
  }
}
