import type {CardHistory} from '../core/card-history.ts';
import {FILES_PER_OFFLOAD} from '../core/catalog/offload-key.ts';
import {type Cause, failed, ok, type Result} from '../core/cause.ts';
import type {Manifest} from '../core/manifest.ts';
import type {ShootCount} from '../core/status/count-shoot.ts';
import type {VolumePair} from '../core/volumes/drive-relations.ts';
import type {SeenVolume, VolumeMemory} from '../core/volumes/volume-memory.ts';
import type {Clock} from '../system/clock.ts';
import type {FileFacts, Files} from '../system/files.ts';
import {type CardRecall, compareListing, type ListedFile, recallCard} from './card-past.ts';
import {type KnownCard, listCards} from './cards.ts';
import type {Catalog} from './catalog.ts';
import {countCopies, type Uncounted} from './count-copies.ts';
import {type FoundFile, type FoundFiles, findByHash, findFiles} from './find-files.ts';
import {type CopyChoice, type ListedCopy, listCopies} from './list-copies.ts';
import {
  listUnnamed,
  type MirrorOwner,
  type MirrorState,
  noteMirrorState,
  noteTold,
  type PlacedCopy,
  recallGone,
  recallTold,
  type SettledCopy,
  settleUnnamed,
  type UnnamedCopy,
  type UnnamedSearch,
} from './mirror-state.ts';
import {
  type MirrorChanges,
  type MirrorReadings,
  noteMirror,
  noteMirrorReadings,
} from './mirrored.ts';
import {type NotedReadings, noteReadings} from './readings.ts';
import {type Recorded, recordManifest} from './record-manifest.ts';
import {damagedCause, setAside, stuckCause} from './set-aside.ts';
import {type KnownShoot, listRecentShoots, listShoots} from './shoots.ts';
import type {Database} from './sqlite.ts';
import {faultFrom, lockedCause, NOTHING_LOST} from './sqlite-faults.ts';
import {noteStarted, type StartedOffload} from './started.ts';
import {Turns} from './turns.ts';
import {forgetVolume, noteVolumes, recallVolumes} from './volumes.ts';
import {waitForLock} from './wait-for-lock.ts';

export interface CatalogSetting {
  readonly path: string;
  readonly files: Files;
  readonly clock: Clock;
  /** Facts of the file when it was opened. */
  readonly seen: FileFacts;
  readonly notice: Cause | null;
  /** ms for which another program's lock is waited for. */
  readonly waitMs: number;
}

/** Recording waits longer: nobody sits before it, and the other program is recording too, which takes a second for 20,000 files. */
const RECORD_WAITS = 5;

const FOUND_BY_HASH = 100;

/** A catalog in a file of SQLite. */
export class SqliteCatalog implements Catalog {
  readonly path: string;
  readonly notice: Cause | null;
  readonly #db: Database;
  readonly #setting: CatalogSetting;
  readonly #turns = new Turns();
  /** Why nothing can be asked any more. */
  #lost: Cause | undefined;
  #closed = false;

  constructor(db: Database, setting: CatalogSetting) {
    this.#db = db;
    this.#setting = setting;
    this.path = setting.path;
    this.notice = setting.notice;
  }

  async recordManifest(manifest: Manifest): Promise<Result<Recorded>> {
    if (manifest.files.length > FILES_PER_OFFLOAD) return failed(tooLarge(this.path));
    const waitMs = this.#setting.waitMs * RECORD_WAITS;
    return await this.#ask((db) => recordManifest(db, manifest), waitMs);
  }

  noteStarted(start: StartedOffload): Promise<Result<void>> {
    return this.#ask((db) => noteStarted(db, start));
  }

  noteMirrorReadings(readings: MirrorReadings): Promise<Result<void>> {
    const waitMs = this.#setting.waitMs * RECORD_WAITS;
    return this.#ask((db) => noteMirrorReadings(db, readings), waitMs);
  }

  noteReadings(readings: NotedReadings): Promise<Result<void>> {
    const waitMs = this.#setting.waitMs * RECORD_WAITS;
    return this.#ask((db) => noteReadings(db, readings), waitMs);
  }

  noteMirror(changes: MirrorChanges): Promise<Result<void>> {
    const waitMs = this.#setting.waitMs * RECORD_WAITS;
    return this.#ask((db) => noteMirror(db, changes), waitMs);
  }

  recallTold(owner: MirrorOwner): Promise<Result<string | null>> {
    return this.#ask((db) => recallTold(db, owner));
  }

  noteTold(owner: MirrorOwner, run: string | null): Promise<Result<void>> {
    const waitMs = this.#setting.waitMs * RECORD_WAITS;
    return this.#ask((db) => noteTold(db, owner, run), waitMs);
  }

  noteMirrorState(state: MirrorState): Promise<Result<void>> {
    const waitMs = this.#setting.waitMs * RECORD_WAITS;
    return this.#ask((db) => noteMirrorState(db, state), waitMs);
  }

  listUnnamed(search: UnnamedSearch): Promise<Result<readonly UnnamedCopy[]>> {
    return this.#ask((db) => listUnnamed(db, search));
  }

  settleUnnamed(settled: {
    readonly volume: string;
    readonly copies: readonly SettledCopy[];
  }): Promise<Result<void>> {
    const waitMs = this.#setting.waitMs * RECORD_WAITS;
    return this.#ask((db) => settleUnnamed(db, settled), waitMs);
  }

  recallGone(wanted: {
    readonly volume: string;
    readonly copies: readonly PlacedCopy[];
  }): Promise<Result<readonly (string | null)[]>> {
    return this.#ask((db) => recallGone(db, wanted));
  }

  listCards(): Promise<Result<readonly KnownCard[]>> {
    return this.#ask(listCards);
  }

  listShoots(): Promise<Result<readonly KnownShoot[]>> {
    return this.#ask(listShoots);
  }

  recentShoots(limit: number): Promise<Result<readonly string[]>> {
    return this.#ask((db) => listRecentShoots(db, limit));
  }

  findFiles(text: string, limit: number): Promise<Result<FoundFiles>> {
    return this.#ask((db) => findFiles(db, text, limit));
  }

  findByHash(hash: string, limit: number = FOUND_BY_HASH): Promise<Result<readonly FoundFile[]>> {
    return this.#ask((db) => findByHash(db, hash, limit));
  }

  listCopies(choice: CopyChoice): Promise<Result<readonly ListedCopy[]>> {
    return this.#ask((db) => listCopies(db, choice));
  }

  recallCard(cardId: string): Promise<Result<CardRecall>> {
    return this.#ask((db) => recallCard(db, cardId));
  }

  compareListing(cardId: string, files: readonly ListedFile[]): Promise<Result<CardHistory>> {
    return this.#ask((db) => compareListing(db, cardId, files));
  }

  noteVolumes(seen: readonly SeenVolume[], pairs: readonly VolumePair[]): Promise<Result<void>> {
    return this.#ask((db) => noteVolumes(db, seen, pairs));
  }

  recallVolumes(): Promise<Result<VolumeMemory>> {
    return this.#ask(recallVolumes);
  }

  forgetVolume(id: string, at: string): Promise<Result<void>> {
    return this.#ask((db) => forgetVolume(db, id, at));
  }

  countCopies(shoot: string, without: Uncounted): Promise<Result<ShootCount>> {
    return this.#ask((db) => countCopies(db, shoot, without));
  }

  close(): Promise<void> {
    return this.#turns.take(async () => this.#close());
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // What a reader of another program holds stays in the log, and so does all of it when the disk is full.
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      if (faultFrom(error, this.path) === undefined) throw error;
    }
    this.#db.close();
  }

  #ask<T>(
    work: (db: Database) => T | Promise<T>,
    waitMs: number = this.#setting.waitMs,
  ): Promise<Result<T>> {
    return this.#turns.take(async () => {
      if (this.#lost !== undefined) return failed(this.#lost);
      const {clock, path} = this.#setting;
      try {
        return ok(await waitForLock({clock, waitMs, path}, async () => await work(this.#db)));
      } catch (error) {
        return failed(await this.#explain(error));
      }
    });
  }

  async #explain(error: unknown): Promise<Cause> {
    const {path, files, seen, clock} = this.#setting;
    const fault = faultFrom(error, path);
    if (fault === undefined) throw error;
    switch (fault.kind) {
      case 'locked':
        return lockedCause(path);
      case 'damaged': {
        this.#close();
        const aside = await setAside(files, {path, seen, now: clock.now()});
        this.#lost = aside.ok
          ? damagedCause(path, fault.why, aside.value)
          : stuckCause(path, fault.why, aside.cause);
        return this.#lost;
      }
      case 'other':
        return fault.cause;
    }
  }
}

const tooLarge = (path: string): Cause => ({
  code: 'record-too-large',
  path,
  message: `the record has more than ${FILES_PER_OFFLOAD} files, which the catalog cannot number`,
  next: NOTHING_LOST,
});
