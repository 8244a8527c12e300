import type {CardPath} from '../core/card.ts';
import type {JournalReading} from '../core/journal.ts';
import type {Manifest} from '../core/manifest.ts';
import {temporaryOf} from '../core/temporary-names.ts';
import type {ShootRecords} from '../system/shoot-records.ts';
import type {MismatchedCopy} from './mismatched-copies.ts';

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
  readonly source?: 'copy' | undefined;
  /** It did not match when it was read back: only the card's hash is of use. */
  readonly isBad: boolean;
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
  /** Copies that did not match, by `--to`; each may be told of more than once. */
  readonly mismatches: ReadonlyMap<string, readonly MismatchedCopy[]>;
  /** Journals to go on with, by `--to`. */
  readonly journals: ReadonlyMap<string, JournalReading>;
}

/** The records of one destination's shoot folder, with its `--to`. */
export interface DestinationRecords {
  readonly to: string;
  /** Id of its volume, when that is marked already. */
  readonly volume?: string | undefined;
  readonly records: ShootRecords;
}

/** What is to be continued. */
type Unfinished = Pick<EarlierRun, 'offload' | 'folder' | 'startedAt' | 'fingerprint'>;

/**
 * Finds what is to be continued: the newest interrupted offload of this card, or else the newest that ended without a SAFE. What journals and records on any of the destinations tell
 * of it is put together, so that a drive that was gone when the others were finished goes on where it was.
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
    .sort(
      (a, b) => compareTexts(b.header.startedAt, a.header.startedAt) || countRuns(b) - countRuns(a),
    );
  const [journal] = interrupted;
  if (journal !== undefined) return putTogether(all, journal.header);
  const finished = all
    .flatMap(({records}) => records.manifests)
    .map(({manifest}) => manifest)
    .filter(({card}) => card.id === cardId)
    .sort((a, b) => compareTexts(b.endedAt, a.endedAt));
  const [manifest] = finished;
  if (manifest === undefined || manifest.verdict.safe) return undefined;
  return putTogether(all, {...manifest, fingerprint: manifest.card.fingerprint});
}

const countRuns = ({header, runs}: JournalReading) => (header.runsBefore ?? 0) + runs;

/** What one offload left, journals first. */
interface Traces {
  readonly journals: readonly {readonly to: string; readonly reading: JournalReading}[];
  /** Newest first. */
  readonly manifests: readonly {readonly to: string; readonly manifest: Manifest}[];
  /** The `--to` at which a volume is now. */
  readonly nowAt: ReadonlyMap<string, string>;
}

type Copies = Map<string, Map<CardPath, EarlierCopy>>;
type Mismatches = Map<string, MismatchedCopy[]>;

function putTogether(
  all: readonly DestinationRecords[],
  {offload, folder, startedAt, fingerprint}: Unfinished,
): EarlierRun {
  const traces = findTraces(all, {offload, fingerprint});
  const copies: Copies = new Map();
  const mismatches: Mismatches = new Map();
  readJournals(traces, copies, mismatches);
  readManifests(traces, copies, mismatches);
  const {journals, manifests} = traces;
  for (const {reading} of journals) {
    for (const path of reading.doubted) for (const lane of copies.values()) lane.delete(path);
  }
  const runs = [
    ...journals.map(({reading}) => countRuns(reading)),
    ...manifests.map(({manifest}) => manifest.runs),
  ];
  return {
    offload,
    folder,
    startedAt,
    runs: Math.max(...runs),
    fingerprint,
    copies,
    mismatches,
    journals: new Map(journals.map(({to, reading}) => [to, reading])),
  };
}

function findTraces(
  all: readonly DestinationRecords[],
  {offload, fingerprint}: Pick<Unfinished, 'offload' | 'fingerprint'>,
): Traces {
  const journals = all.flatMap(({to, records}) =>
    records.journals
      .filter(({reading: {header}}) => header.offload === offload)
      .filter(({reading: {header}}) => header.fingerprint === fingerprint)
      .map(({reading}) => ({to, reading})),
  );
  const manifests = all
    .flatMap(({to, records}) => records.manifests.map(({manifest}) => ({to, manifest})))
    .filter(({manifest}) => manifest.offload === offload)
    .filter(({manifest}) => manifest.card.fingerprint === fingerprint)
    .sort((a, b) => compareTexts(b.manifest.endedAt, a.manifest.endedAt));
  const ids = [
    ...manifests.map(({to, manifest}) => [manifest.writtenTo, to] as const),
    ...journals.map(({to, reading}) => [reading.volume, to] as const),
    ...all.map(({to, volume}) => [volume, to] as const),
  ];
  const nowAt = new Map<string, string>();
  for (const [id, to] of ids) if (id !== undefined) nowAt.set(id, to);
  // A clone has the id of the drive that it was made from: nobody knows which of the two is meant.
  const marked = all.flatMap(({volume}) => volume ?? []);
  for (const [index, id] of marked.entries()) if (marked.indexOf(id) < index) nowAt.delete(id);
  return {journals, manifests, nowAt};
}

function readJournals({journals, nowAt}: Traces, copies: Copies, mismatches: Mismatches): void {
  /** For facts that name no volume: the drive whose journal was begun under that path. */
  const begunAt = new Map(journals.map(({to, reading}) => [reading.header.writtenTo, to]));
  const placeOf = ({to, volume}: {readonly to: string; readonly volume?: string}) =>
    volume === undefined ? begunAt.get(to) : nowAt.get(volume);
  const bad = new Set<string>();
  const keyOf = (to: string, place: string) => JSON.stringify([to, place]);
  for (const {reading} of journals) {
    for (const mismatch of reading.mismatches) {
      const to = placeOf(mismatch);
      if (to === undefined) continue;
      const {path, evidence, target} = mismatch;
      addMismatch(mismatches, to, {path, copy: evidence ?? target, kept: evidence});
      if (evidence !== undefined) bad.add(keyOf(to, temporaryOf(evidence)));
    }
  }
  for (const {reading} of journals) {
    for (const {volume, ...copy} of reading.copies) {
      const to = placeOf({to: copy.to, ...(volume === undefined ? {} : {volume})});
      if (to === undefined) continue;
      const lane = copies.get(to) ?? new Map<CardPath, EarlierCopy>();
      copies.set(to, lane);
      const proved = copy.type === 'file-proved';
      const known = lane.get(copy.path);
      // A journal says of a copy first that it is written and then that it is proved; another journal may lack the second.
      if (!proved && known !== undefined && known.temporary === undefined) continue;
      const isBad = !proved && bad.has(keyOf(to, copy.temporary));
      if (isBad && known !== undefined && !known.isBad) continue;
      lane.set(copy.path, {
        ...copy,
        temporary: proved ? undefined : copy.temporary,
        origin: proved ? copy.origin : 'copied',
        isBad,
      });
    }
  }
}

/** Fills in what no journal tells: what the others had when a drive was gone, or what was proved before the journal began. */
function readManifests({manifests, nowAt}: Traces, copies: Copies, mismatches: Mismatches): void {
  const [newest] = manifests;
  // A card that gave two answers, or changed on the way, is read again: its record does not say which file it was.
  const isDoubted = newest?.manifest.verdict.reasons.some(
    ({code}) => code === 'source-mismatch' || code === 'card-changed',
  );
  for (const {manifest} of manifests) {
    for (const {path, size, mtimeNs, blake3, retries, ...file} of manifest.files) {
      for (const {destination, copy, kept} of file.mismatches ?? []) {
        const to = nowAt.get(destination);
        if (to !== undefined)
          addMismatch(mismatches, to, {path, copy, kept: kept ? copy : undefined});
      }
      if (blake3 === null || isDoubted === true) continue;
      for (const {destination, target, origin, source} of file.copies) {
        const to = nowAt.get(destination);
        if (to === undefined) continue;
        const lane = copies.get(to) ?? new Map<CardPath, EarlierCopy>();
        copies.set(to, lane);
        const known = lane.get(path);
        if (known !== undefined && !known.isBad) continue;
        const about = {path, size, mtimeNs, target, origin, retries, source};
        lane.set(path, {...about, temporary: undefined, hash: blake3, isBad: false});
      }
    }
  }
}

function addMismatch(mismatches: Mismatches, to: string, mismatch: MismatchedCopy): void {
  mismatches.set(to, [...(mismatches.get(to) ?? []), mismatch]);
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
