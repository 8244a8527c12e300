import type {CardHistory} from '../core/card-history.ts';
import type {Cause, Result} from '../core/cause.ts';
import type {Manifest} from '../core/manifest.ts';
import type {ShootCount} from '../core/status/count-shoot.ts';
import type {VolumePair} from '../core/volumes/drive-relations.ts';
import type {SeenVolume, VolumeMemory} from '../core/volumes/volume-memory.ts';
import type {CardRecall, ListedFile} from './card-past.ts';
import type {KnownCard} from './cards.ts';
import type {Uncounted} from './count-copies.ts';
import type {FoundFile, FoundFiles} from './find-files.ts';
import type {CopyChoice, ListedCopy} from './list-copies.ts';
import type {
  MirrorOwner,
  MirrorState,
  PlacedCopy,
  SettledCopy,
  UnnamedCopy,
  UnnamedSearch,
} from './mirror-state.ts';
import type {MirrorChanges, MirrorReadings} from './mirrored.ts';
import type {NotedReadings} from './readings.ts';
import type {Recorded} from './record-manifest.ts';
import type {KnownShoot} from './shoots.ts';
import type {StartedOffload} from './started.ts';

/**
 * The index of all that was offloaded. A hint where to look and never evidence: no answer of it makes a card safe or says that a copy is there, and no failure of it stops an offload. Every method
 * waits its turn, never rejects for what is wrong with the file, and tells it as a cause: `catalog-locked`, `catalog-damaged`, `catalog-not-writable`, `catalog-disk-full`,
 * `catalog-disk-error`, `catalog-failed`.
 */
export interface Catalog {
  /** The file. */
  readonly path: string;
  /** A damaged catalog was set aside when this one was opened; null when none was. */
  readonly notice: Cause | null;

  /** Records an offload that came to its end; does nothing when it is known. */
  recordManifest(manifest: Manifest): Promise<Result<Recorded>>;
  /** Remembers that an offload began, until its record comes. */
  noteStarted(start: StartedOffload): Promise<Result<void>>;

  /** Remembers what a later reading of copies found out: the last proof of each, and what is none any more until it is read good again. */
  noteReadings(readings: NotedReadings): Promise<Result<void>>;

  /** Remembers which copies a mirror made on a volume, and which it put into the archive. */
  noteMirror(changes: MirrorChanges): Promise<Result<void>>;
  /** The same as {@link noteReadings}, of copies that mirrors made. */
  noteMirrorReadings(readings: MirrorReadings): Promise<Result<void>>;
  /** @returns the newest run of a job that was told whole; empty for a job that has not ended a run yet, null when something was not told. */
  recallTold(owner: MirrorOwner): Promise<Result<string | null>>;
  /** @param run as {@link recallTold} gives it. */
  noteTold(owner: MirrorOwner, run: string | null): Promise<Result<void>>;
  /** Takes a piece of what lies on a mirror now. */
  noteMirrorState(state: MirrorState): Promise<Result<void>>;
  /** @returns copies that no piece since the first one has named, by path. */
  listUnnamed(search: UnnamedSearch): Promise<Result<readonly UnnamedCopy[]>>;
  /** Notes what became of them. */
  settleUnnamed(settled: {
    readonly volume: string;
    readonly copies: readonly SettledCopy[];
  }): Promise<Result<void>>;
  /** @returns when a mirror let each of them go, ISO 8601 (UTC), or null; in the order of `copies`. */
  recallGone(wanted: {
    readonly volume: string;
    readonly copies: readonly PlacedCopy[];
  }): Promise<Result<readonly (string | null)[]>>;

  /** Newest first. */
  listCards(): Promise<Result<readonly KnownCard[]>>;
  listShoots(): Promise<Result<readonly KnownShoot[]>>;
  /** Names of the newest shoots, newest first. */
  recentShoots(limit: number): Promise<Result<readonly string[]>>;
  /** Files with the text in their path or name, whatever its case, or with a hash that begins with its 8 to 64 hex digits. */
  findFiles(text: string, limit: number): Promise<Result<FoundFiles>>;
  /** @param hash 64 hex digits. @param limit files at the most. */
  findByHash(hash: string, limit?: number): Promise<Result<readonly FoundFile[]>>;
  /** Where copies of the wanted files were proved, newest offload first: a restore looks there. */
  listCopies(choice: CopyChoice): Promise<Result<readonly ListedCopy[]>>;
  recallCard(cardId: string): Promise<Result<CardRecall>>;
  /** What the catalog says of a card with these files on it (`src/core/catalog/decide-history.ts`). */
  compareListing(cardId: string, files: readonly ListedFile[]): Promise<Result<CardHistory>>;

  /** Remembers volumes that are connected at this moment, and which of them share a drive; one that was forgotten is known again. */
  noteVolumes(seen: readonly SeenVolume[], pairs: readonly VolumePair[]): Promise<Result<void>>;
  recallVolumes(): Promise<Result<VolumeMemory>>;
  /** @param id of the volume. @param at ISO 8601: what is recorded on it later brings it back. */
  forgetVolume(id: string, at: string): Promise<Result<void>>;
  /** @returns the files of a shoot by the destinations and mirrored volumes that hold proved copies of them. */
  countCopies(shoot: string, without: Uncounted): Promise<Result<ShootCount>>;

  /** Waits for what goes on. Nothing may be asked after it. */
  close(): Promise<void>;
}
