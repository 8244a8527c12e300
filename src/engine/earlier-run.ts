import type {CardPath} from '../core/card.ts';
import type {JournalReading} from '../core/journal.ts';
import type {Manifest} from '../core/manifest.ts';
import type {ShootRecords} from '../system/shoot-records.ts';

/** A copy that an earlier run of the same offload made. */
export interface EarlierCopy {
  readonly path: CardPath;
  readonly size: number;
  readonly mtimeNs: string;
  readonly target: string;
  /** Set when it lies flushed but unproved under a temporary name. */
  readonly temporary: string | undefined;
  readonly hash: string;
  readonly origin: 'copied' | 'present';
  readonly retries: number;
}

/** An unfinished offload of the same card into the same shoot. */
export interface EarlierRun {
  readonly offload: string;
  readonly folder: string;
  readonly startedAt: string;
  /** How often it was started so far. */
  readonly runs: number;
  readonly fingerprint: string;
  /** For each `--to` and card path. */
  readonly copies: ReadonlyMap<string, ReadonlyMap<CardPath, EarlierCopy>>;
  /** Journals to go on with, by `--to`. */
  readonly journals: ReadonlyMap<string, JournalReading>;
}

/** The records of one destination's shoot folder, with its `--to`. */
export interface DestinationRecords {
  readonly to: string;
  readonly records: ShootRecords;
}

/**
 * Finds what is to be continued: the newest interrupted offload of this card, or else the newest that ended without a SAFE.
 * @returns undefined when there is none, or when the newest one is SAFE already.
 */
export function findEarlierRun(
  all: readonly DestinationRecords[],
  cardId: string,
): EarlierRun | undefined {
  const interrupted = all
    .flatMap(({records}) => records.journals)
    .map(({reading}) => reading)
    .filter(({header}) => header.cardId === cardId)
    .sort((a, b) => compareTexts(b.header.startedAt, a.header.startedAt));
  const [journal] = interrupted;
  if (journal !== undefined) return fromJournals(all, journal);
  const finished = all
    .flatMap(({records}) => records.manifests)
    .map(({manifest}) => manifest)
    .filter(({card}) => card.id === cardId)
    .sort((a, b) => compareTexts(b.endedAt, a.endedAt));
  const [manifest] = finished;
  return manifest === undefined || manifest.verdict.safe ? undefined : fromManifest(all, manifest);
}

function fromJournals(all: readonly DestinationRecords[], newest: JournalReading): EarlierRun {
  const {offload, folder, startedAt, fingerprint} = newest.header;
  const journals = new Map<string, JournalReading>();
  const copies = new Map<string, Map<CardPath, EarlierCopy>>();
  let runs = newest.runs;
  const nowAt = new Map<string, string>();
  for (const {to, records} of all) {
    for (const {reading} of records.journals) {
      if (reading.header.offload === offload) nowAt.set(reading.header.writtenTo, to);
    }
  }
  for (const {to, records} of all) {
    for (const {reading} of records.journals) {
      if (reading.header.offload !== offload) continue;
      journals.set(to, reading);
      runs = Math.max(runs, reading.runs);
      for (const copy of reading.copies) {
        const place = nowAt.get(copy.to);
        if (place === undefined) continue;
        const lane = copies.get(place) ?? new Map<CardPath, EarlierCopy>();
        copies.set(place, lane);
        const proved = copy.type === 'file-proved';
        // A journal says of a copy first that it is written and then that it is proved; another journal may lack the second.
        if (!proved && lane.get(copy.path)?.temporary === undefined && lane.has(copy.path))
          continue;
        lane.set(copy.path, {
          ...copy,
          temporary: proved ? undefined : copy.temporary,
          origin: proved ? copy.origin : 'copied',
        });
      }
    }
  }
  for (const {doubted} of journals.values()) {
    for (const path of doubted) for (const lane of copies.values()) lane.delete(path);
  }
  return {offload, folder, startedAt, runs, fingerprint, copies, journals};
}

function fromManifest(all: readonly DestinationRecords[], manifest: Manifest): EarlierRun {
  const tos = new Map<string, string>();
  for (const {to, records} of all) {
    for (const found of records.manifests) {
      if (found.manifest.offload === manifest.offload) tos.set(found.manifest.writtenTo, to);
    }
  }
  const copies = new Map<string, Map<CardPath, EarlierCopy>>();
  // A card that gave two answers, or changed on the way, is read again: its record does not say which file it was.
  const isDoubted = manifest.verdict.reasons.some(
    ({code}) => code === 'source-mismatch' || code === 'card-changed',
  );
  for (const {path, size, mtimeNs, blake3, retries, copies: recorded} of manifest.files) {
    if (blake3 === null || isDoubted) continue;
    for (const {destination, target, origin} of recorded) {
      const to = tos.get(destination);
      if (to === undefined) continue;
      const lane = copies.get(to) ?? new Map<CardPath, EarlierCopy>();
      copies.set(to, lane);
      lane.set(path, {
        path,
        size,
        mtimeNs,
        target,
        temporary: undefined,
        hash: blake3,
        origin,
        retries,
      });
    }
  }
  const {offload, folder, startedAt, runs, card} = manifest;
  return {
    offload,
    folder,
    startedAt,
    runs,
    fingerprint: card.fingerprint,
    copies,
    journals: new Map(),
  };
}

/** Offloads of this card into this shoot that ended SAFE: a new one continues them. Oldest first. */
export function findFinishedOffloads(
  all: readonly DestinationRecords[],
  cardId: string,
): readonly string[] {
  const finished = all
    .flatMap(({records}) => records.manifests)
    .filter(({manifest}) => manifest.card.id === cardId && manifest.verdict.safe)
    .map(({manifest}) => manifest.offload);
  return [...new Set(finished)].sort(compareTexts);
}

/** The card folders that records of the shoot name, with the id of the card that has each. */
export function findCardFolders(all: readonly DestinationRecords[]): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const {records} of all) {
    for (const {manifest} of records.manifests) folders.set(manifest.folder, manifest.card.id);
    for (const {reading} of records.journals) {
      folders.set(reading.header.folder, reading.header.cardId);
    }
  }
  return folders;
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
