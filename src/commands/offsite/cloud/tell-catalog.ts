/** Tells the catalog which files are proved in a cloud, so that they count for the status of a shoot: a cloud is a volume of its own there, known by the id of its job. */
import type {Catalog} from '../../../catalog/catalog.ts';
import type {SettledCopy, UnnamedCopy} from '../../../catalog/mirror-state.ts';
import type {MirrorChange, MirroredCopy} from '../../../catalog/mirrored.ts';
import {type Cause, ok, type Result} from '../../../core/cause.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import type {CloudRecord} from '../../../core/offsite/cloud-record.ts';
import type {RemoteChain} from '../../../core/offsite/remote-chain.ts';
import type {CloudNotes} from '../../../offsite/cloud-run.ts';
import type {CloudState} from '../../../offsite/cloud-state.ts';
import type {Program} from '../../program.ts';
import {noteCloudVolume} from './note-cloud-volume.ts';

interface Telling {
  readonly program: Program;
  readonly job: CloudJob;
  /** What the remote is made of. */
  readonly chain: RemoteChain;
  readonly state: CloudState;
  /** Called once: the catalog is a hint, and what it cannot be told stops nothing. */
  readonly onTrouble: (cause: Cause) => void;
}

/** So many changes are told at a time. */
const AT_A_TIME = 5000;

/** Note of the state: the word that the catalog has when it was told all. */
const TOLD = 'told';

export class CloudCatalog implements CloudNotes {
  readonly #telling: Telling;
  #changes: MirrorChange[] = [];
  #bad: CloudRecord[] = [];
  #told: Promise<void> = Promise.resolve();
  #isSilent = false;
  #isBegun = false;

  constructor(telling: Telling) {
    this.#telling = telling;
  }

  /** Remembers the cloud as a volume, and tells all that an earlier run, or a catalog before this one, was told and this one was not. */
  async catchUp(): Promise<void> {
    const {program, job, chain, state} = this.#telling;
    await this.#ask(async (catalog) => {
      const noted = await noteCloudVolume(program, catalog, job, chain);
      if (!noted.ok) return noted;
      const told = await catalog.recallTold(this.#owner);
      if (!told.ok || (told.value !== null && told.value === state.note(TOLD))) return told;
      return await this.#tellAll(catalog);
    });
  }

  put(record: CloudRecord): void {
    const copy = copyOf(record);
    if (copy !== null) this.#note({put: copy});
  }

  drop(path: string): void {
    this.#note({drop: path});
  }

  bad(record: CloudRecord): void {
    this.#bad.push(record);
    if (this.#bad.length >= AT_A_TIME) this.#send();
  }

  /** Resolves when all is told. */
  async finish(): Promise<void> {
    this.#send();
    await this.#told;
    if (this.#isSilent || !this.#isBegun) return;
    await this.#ask((catalog) => this.#seal(catalog));
  }

  get #owner() {
    const {id} = this.#telling.job;
    return {volume: id, folder: '', job: id};
  }

  /** From now on, until the next seal, catalog and state may differ. */
  async #begin(catalog: Catalog): Promise<Result<void>> {
    if (this.#isBegun) return ok(undefined);
    this.#isBegun = true;
    return await catalog.noteTold(this.#owner, null);
  }

  async #seal(catalog: Catalog): Promise<Result<void>> {
    const {program, state} = this.#telling;
    const word = program.newWord();
    state.keepNote(TOLD, word);
    return await catalog.noteTold(this.#owner, word);
  }

  async #tellAll(catalog: Catalog): Promise<Result<unknown>> {
    const {job, state} = this.#telling;
    const begun = await this.#begin(catalog);
    if (!begun.ok) return begun;
    let isFirst = true;
    for (const copies of piecesOf(state)) {
      const told = await catalog.noteMirrorState({volume: job.id, folder: '', isFirst, copies});
      if (!told.ok) return told;
      isFirst = false;
    }
    return await this.#settle(catalog);
  }

  /** What the catalog knows and the state does not vouch for was let go here, is damaged there, or is forgotten. */
  async #settle(catalog: Catalog): Promise<Result<unknown>> {
    const {job, state} = this.#telling;
    const search = {volume: job.id, folder: '', limit: AT_A_TIME};
    for (let after: UnnamedCopy | null = null; ; ) {
      const page: Result<readonly UnnamedCopy[]> = await catalog.listUnnamed({...search, after});
      if (!page.ok) return page;
      after = page.value.at(-1) ?? null;
      if (after === null) return ok(undefined);
      const copies: SettledCopy[] = page.value.map(({path, hash}) => {
        const record = state.get(path);
        return {path, hash, goneAt: record?.hashes.blake3 === hash ? record.goneAt : null};
      });
      const settled = await catalog.settleUnnamed({volume: job.id, copies});
      if (!settled.ok) return settled;
    }
  }

  #note(change: MirrorChange): void {
    this.#changes.push(change);
    if (this.#changes.length >= AT_A_TIME) this.#send();
  }

  #send(): void {
    const [changes, bad] = [this.#changes, this.#bad];
    this.#changes = [];
    this.#bad = [];
    if (changes.length + bad.length === 0 || this.#isSilent) return;
    this.#told = this.#told.then(() => this.#ask((catalog) => this.#tell(catalog, changes, bad)));
    // A broken invariant is thrown by `finish`.
    this.#told.catch(() => {});
  }

  async #tell(
    catalog: Catalog,
    changes: readonly MirrorChange[],
    bad: readonly CloudRecord[],
  ): Promise<Result<void>> {
    const {program, job} = this.#telling;
    const begun = await this.#begin(catalog);
    if (!begun.ok) return begun;
    const at = program.clock.now().toISOString();
    const noted = await catalog.noteMirror({volume: job.id, at, changes});
    if (!noted.ok || bad.length === 0) return noted;
    const copies = bad.map(({path, hashes}) => ({path, hash: hashes.blake3, mediumRead: null}));
    return await catalog.noteMirrorReadings({volume: job.id, at: latestOf(at, bad), copies});
  }

  async #ask(question: (catalog: Catalog) => Promise<Result<unknown>>): Promise<void> {
    if (this.#isSilent) return;
    const catalog = await this.#telling.program.openCatalog();
    const answer = catalog.ok ? await question(catalog.value) : catalog;
    if (answer.ok) return;
    this.#isSilent = true;
    this.#telling.onTrouble(answer.cause);
  }
}

/** @returns null for what is not proved, or not wanted any more. */
function copyOf({path, hashes, size, state, provedAt, goneAt}: CloudRecord): MirroredCopy | null {
  if (state !== 'proved' || provedAt === null || goneAt !== null) return null;
  // The remote's own hash, or a download: nothing of this computer's memory is in it.
  return {path, hash: hashes.blake3, size, provedAt, mediumRead: 'direct'};
}

/** A reading that is older than a proof says nothing against it: when the clock was set back since, this one is newer all the same. ISO 8601, UTC. */
const latestOf = (at: string, records: readonly CloudRecord[]): string =>
  records.reduce(
    (latest, {provedAt}) => ((provedAt ?? '') > latest ? (provedAt ?? latest) : latest),
    at,
  );

/** At least one, which may be empty. */
function* piecesOf(state: CloudState): Generator<readonly MirroredCopy[]> {
  let piece: MirroredCopy[] = [];
  for (const record of state.records()) {
    const copy = copyOf(record);
    if (copy !== null) piece.push(copy);
    if (piece.length < AT_A_TIME) continue;
    yield piece;
    piece = [];
  }
  yield piece;
}
