/**
 * Brings files to a remote. Where objects appear only when they are complete (buckets), they are uploaded under their names; what they replace was copied to the archive within the remote before, and
 * there is no moment without a current file. Elsewhere a broken upload leaves a part under its name: there they are uploaded to a folder of this program, proved, and named by a rename within the remote.
 */
import type {TreePath} from '../core/backup/mirror-tree.ts';
import type {Cause} from '../core/cause.ts';
import {isFinalCause} from '../core/offsite/cloud-causes.ts';
import type {WantedFile} from '../core/offsite/cloud-decide.ts';
import type {Judgement, RemoteFile} from '../core/offsite/cloud-listing.ts';
import type {LogLine} from '../core/offsite/cloud-log.ts';
import {appeared, arrivedOtherwise, noArchive, noRename, notArrived} from './bring-causes.ts';
import {archivePlace, type CloudRun} from './cloud-run.ts';
import {inParallel} from './in-parallel.ts';
import {type ExpectedFile, proveFiles} from './prove-files.ts';
import type {Upload} from './remote-calls.ts';

export interface Bringing {
  readonly wanted: WantedFile;
  readonly action: 'upload' | 'replace' | 'heal';
  /** What lies at its place now; undefined when nothing does. */
  readonly old: RemoteFile | undefined;
}

export type Brought =
  | {
      readonly state: 'proved';
      readonly how: Extract<Judgement, {state: 'proved'}>['how'];
      readonly archived: boolean;
    }
  /** It lies there with its size. */
  | {readonly state: 'unproved'; readonly archived: boolean}
  | {readonly state: 'failed'; readonly cause: Cause};

export interface BroughtAll {
  /** By path. A file that has none had no turn: the run was stopped. */
  readonly results: ReadonlyMap<TreePath, Brought>;
  /** What lay at their places was put aside, or was to be replaced: whether it is there still is not known. */
  readonly touched: ReadonlySet<TreePath>;
  /** Nothing else will go well. */
  readonly final: Cause | null;
}

/** Renames and copies within the remote at the same time: each is a call of its own that waits for the remote. */
const AT_ONCE = 4;

export async function bringFiles(
  run: CloudRun,
  bringings: readonly Bringing[],
): Promise<BroughtAll> {
  const batch = new Batch(run);
  if (run.calls.features.isBucket) await batch.bringToBucket(bringings);
  else await batch.bringByIncoming(bringings);
  return batch.end();
}

const expectedOf = ({wanted: {file, hashes}}: Bringing): ExpectedFile => ({
  path: file.path,
  size: file.size,
  hashes,
});

const pathOf = ({wanted}: Bringing): TreePath => wanted.file.path;

/** One batch on its way. */
class Batch {
  readonly #run: CloudRun;
  readonly #results = new Map<TreePath, Brought>();
  /** Errors that rclone told of files, the newest of each. */
  readonly #told = new Map<TreePath, string>();
  readonly #archived = new Set<TreePath>();
  #cause: Cause | null = null;

  constructor(run: CloudRun) {
    this.#run = run;
  }

  end(): BroughtAll {
    const cause = this.#cause;
    const final = cause !== null && isFinalCause(cause) ? cause : null;
    return {results: this.#results, touched: this.#archived, final};
  }

  async bringToBucket(bringings: readonly Bringing[]): Promise<void> {
    const over = await this.#archiveOld(bringings.filter(({old}) => old !== undefined));
    const fresh = bringings.filter(({old}) => old === undefined);
    await this.#upload(fresh, {to: '', mode: 'new'});
    await this.#upload(over, {to: '', mode: 'over'});
    await this.#conclude([...fresh, ...over], new Map());
  }

  async bringByIncoming(bringings: readonly Bringing[]): Promise<void> {
    const to = this.#run.incoming;
    // Where nobody tells a hash, an earlier version of the same size could be taken for this one.
    await this.#upload(bringings, {to, mode: this.#run.calls.tellsHashes ? 'resume' : 'over'});
    let proved = await this.#proveIncoming(bringings);
    // What an earlier run left there can have the size and the time and other bytes.
    const again = bringings.filter((one) => proved.get(pathOf(one))?.state === 'differs');
    if (again.length > 0 && this.#goesOn()) {
      await this.#upload(again, {to, mode: 'over'});
      proved = new Map([...proved, ...(await this.#proveIncoming(again))]);
    }
    const good = bringings.filter((one) => isGood(proved.get(pathOf(one))));
    for (const one of bringings) if (!good.includes(one)) this.#failUnproved(one, proved);
    const named = await this.#giveNames(good);
    await this.#conclude(named, proved);
  }

  #goesOn(): boolean {
    return !this.#run.signal.aborted && (this.#cause === null || !isFinalCause(this.#cause));
  }

  async #upload(
    bringings: readonly Bringing[],
    {to, mode}: Pick<Upload, 'to' | 'mode'>,
  ): Promise<void> {
    const {calls, source, tally, secondsToQuiet} = this.#run;
    const seconds = secondsToQuiet();
    if (bringings.length === 0 || !this.#goesOn() || seconds === 0) return;
    const paths = bringings.map(pathOf);
    const onLog = (line: LogLine) => {
      if (line.kind === 'stats') tally.sending(line.bytes, line.now[0] ?? null);
      if (line.kind === 'error' && line.path !== null) this.#told.set(line.path, line.message);
    };
    const cause = await calls.upload({from: source, paths, to, mode, seconds, onLog});
    tally.callEnded();
    if (cause !== null) this.#cause = cause;
  }

  async #proveIncoming(bringings: readonly Bringing[]): Promise<ReadonlyMap<TreePath, Judgement>> {
    return await this.#prove(bringings, this.#run.incoming, this.#run.download);
  }

  async #prove(
    bringings: readonly Bringing[],
    folder: TreePath,
    download: boolean,
  ): Promise<ReadonlyMap<TreePath, Judgement>> {
    const {calls, source, tally, signal} = this.#run;
    if (bringings.length === 0 || signal.aborted) return new Map();
    tally.proving();
    const proved = await proveFiles({calls, folder, source, download}, bringings.map(expectedOf));
    if (proved.ok) return proved.value.judgements;
    this.#cause = proved.cause;
    return new Map();
  }

  /** @returns those whose old version lies in the archive now, as it lay at its place. */
  async #archiveOld(bringings: readonly Bringing[]): Promise<readonly Bringing[]> {
    const {calls, run} = this.#run;
    if (bringings.length === 0 || !this.#goesOn()) return [];
    if (!calls.features.copies) {
      for (const one of bringings) this.#fail(one, noArchive(pathOf(one)));
      return [];
    }
    await inParallel(bringings, AT_ONCE, async (one) => {
      if (!this.#goesOn()) return;
      const cause = await calls.duplicate(pathOf(one), archivePlace(run, pathOf(one)));
      if (cause !== null) this.#cause = cause;
    });
    const listed = await calls.list(bringings.map(pathOf), archivePlace(run, '').slice(0, -1));
    const there = listed.ok ? listed.value : new Map<TreePath, RemoteFile>();
    if (!listed.ok) this.#cause = listed.cause;
    return bringings.filter((one) => {
      if (isSameRemote(there.get(pathOf(one)), one.old)) {
        this.#archived.add(pathOf(one));
        return true;
      }
      if (this.#goesOn()) this.#fail(one, this.#cause ?? noArchive(pathOf(one)));
      return false;
    });
  }

  /** Gives proved files their names, one call each. @returns those that had their turn. */
  async #giveNames(bringings: readonly Bringing[]): Promise<readonly Bringing[]> {
    const {calls, run, incoming} = this.#run;
    if (bringings.length === 0 || !this.#goesOn()) return [];
    if (!calls.features.moves) {
      for (const one of bringings) this.#fail(one, noRename(pathOf(one)));
      return [];
    }
    // rclone would replace what stands there, whatever it is told: it is looked at once more, right before.
    const standing = await calls.list(bringings.map(pathOf), '');
    if (!standing.ok) {
      this.#cause = standing.cause;
      return [];
    }
    const named: Bringing[] = [];
    await inParallel(bringings, AT_ONCE, async (one) => {
      const path = pathOf(one);
      const stands = standing.value.get(path);
      if (!this.#goesOn()) return;
      if (stands !== undefined && !isSameRemote(stands, one.old)) {
        this.#fail(one, appeared(path));
        return;
      }
      const cause = stands === undefined ? null : await calls.rename(path, archivePlace(run, path));
      if (stands !== undefined && cause === null) this.#archived.add(path);
      const naming = cause ?? (await calls.rename(`${incoming}/${path}`, path));
      if (naming !== null) this.#told.set(path, naming.message);
      named.push(one);
    });
    return named;
  }

  /** Looks at the final names. @param before what was proved under other names: a rename changes no bytes. */
  async #conclude(
    bringings: readonly Bringing[],
    before: ReadonlyMap<TreePath, Judgement>,
  ): Promise<void> {
    const download = this.#run.download && before.size === 0;
    const open = bringings.filter((one) => !this.#results.has(pathOf(one)));
    const judged = await this.#prove(open, '', download);
    for (const one of open) {
      const path = pathOf(one);
      const now = judged.get(path);
      const earlier = before.get(path);
      const archived = this.#archived.has(path);
      const best = now?.state === 'size-only' && earlier?.state === 'proved' ? earlier : now;
      if (best?.state === 'proved')
        this.#results.set(path, {state: 'proved', how: best.how, archived});
      else if (best?.state === 'size-only') this.#results.set(path, {state: 'unproved', archived});
      else this.#failUnproved(one, judged);
    }
  }

  #failUnproved(one: Bringing, judged: ReadonlyMap<TreePath, Judgement>): void {
    const path = pathOf(one);
    if (this.#results.has(path)) return;
    const judgement = judged.get(path);
    if (judgement?.state === 'differs') this.#fail(one, arrivedOtherwise(path, judgement.why));
    // A run that ends before its time says so once, and nothing of each file that waits for the next one.
    else if (!this.#goesOn() || this.#run.secondsToQuiet() === 0) return;
    else if (this.#cause !== null) this.#fail(one, {...this.#cause, path});
    else this.#fail(one, notArrived(path, this.#told.get(path)));
  }

  #fail(one: Bringing, cause: Cause): void {
    this.#results.set(pathOf(one), {state: 'failed', cause});
  }
}

const isGood = (judgement: Judgement | undefined): boolean =>
  judgement?.state === 'proved' || judgement?.state === 'size-only';

/** Two looks at one file: size, and every hash that both tell. */
function isSameRemote(one: RemoteFile | undefined, other: RemoteFile | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return (
    one.size === other.size &&
    Object.entries(one.hashes).every(([name, hash]) => (other.hashes[name] ?? hash) === hash)
  );
}
