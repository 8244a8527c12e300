/** A record as the rows of the catalog: types and mapping. `docs/catalog.md` tells what each column means. */
import type {Manifest, RecordedFile} from '../manifest.ts';
import {shortenTarget} from './copy-place.ts';
import {isPlainPath, searchTextOf} from './search-text.ts';

type Volume = Manifest['card']['volume'];

export interface OffloadRow {
  readonly id: string;
  readonly card: string;
  readonly label: string;
  readonly fingerprint: string;
  readonly cardPath: string;
  /** JSON: the volume as the record has it. */
  readonly cardVolume: string;
  /** JSON: `{make, model, serial}` of each camera. */
  readonly cameras: string;
  readonly shoot: string;
  readonly folder: string;
  readonly host: string;
  /** ms since 1970. */
  readonly startedMs: number;
  readonly endedMs: number;
  readonly runs: number;
  readonly files: number;
  readonly bytes: number;
  readonly failed: number;
  readonly leftOut: number;
  readonly safe: boolean;
  /** JSON: codes of the reasons, and the waived rules. */
  readonly reasons: string;
  readonly waived: string;
}

export interface DestinationRow {
  readonly volume: string;
  readonly name: string;
  readonly to: string;
  readonly shoot: string;
  readonly fileSystem: string;
  readonly uuid: string | null;
  readonly size: number | null;
  /** JSON: ids of the physical drives; null when they are not known. */
  readonly drives: string | null;
  /** JSON: the volume as the record has it. */
  readonly facts: string;
  readonly mediumRead: string;
  readonly lost: boolean;
  /** Files proved on it, and their bytes. */
  readonly files: number;
  readonly bytes: number;
}

export interface FileRow {
  readonly path: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly hash: string | null;
  readonly retries: number;
  /** What `find` looks at where the path alone does not tell it; null where it does. */
  readonly folded: string | null;
  readonly searchText: string;
  readonly copies: readonly CopyRow[];
}

export interface CopyRow {
  /** Place of its destination in the record. */
  readonly destination: number;
  /** Below the shoot folder; null when it is the card's folder and path. */
  readonly target: string | null;
  /** ms since 1970. */
  readonly provedMs: number;
  readonly mediumRead: string;
  readonly origin: string;
}

export function offloadRow(manifest: Manifest): OffloadRow {
  const {card, account, verdict} = manifest;
  return {
    id: manifest.offload,
    card: card.id,
    label: card.label,
    fingerprint: card.fingerprint,
    cardPath: card.path,
    cardVolume: JSON.stringify(card.volume),
    cameras: JSON.stringify(card.cameras),
    shoot: manifest.shoot,
    folder: manifest.folder,
    host: manifest.host,
    startedMs: toMs(manifest.startedAt),
    endedMs: toMs(manifest.endedAt),
    runs: manifest.runs,
    files: manifest.files.length,
    bytes: account.bytes,
    failed: account.failed,
    leftOut: account.leftOut,
    safe: verdict.safe,
    reasons: JSON.stringify(verdict.reasons.map(({code}) => code)),
    waived: JSON.stringify(verdict.waived),
  };
}

export function destinationRows({destinations, files}: Manifest): readonly DestinationRow[] {
  const proved = countProved(files);
  return destinations.map(({id, name, to, shoot, volume, mediumRead, lost}) => ({
    volume: id,
    name,
    to,
    shoot,
    fileSystem: volume.fileSystem,
    uuid: volume.uuid,
    size: wholeBytes(volume),
    drives: volume.physical.known ? JSON.stringify(volume.physical.ids) : null,
    facts: JSON.stringify(volume),
    mediumRead,
    lost,
    files: proved.get(id)?.files ?? 0,
    bytes: Math.min(proved.get(id)?.bytes ?? 0, Number.MAX_SAFE_INTEGER),
  }));
}

/** @param places place of each destination in the record, by id. A copy at a destination that the record does not name is none. */
export function fileRow(
  file: RecordedFile,
  folder: string,
  places: ReadonlyMap<string, number>,
): FileRow {
  const searchText = searchTextOf(file);
  return {
    path: file.path,
    size: file.size,
    mtimeNs: BigInt(file.mtimeNs),
    hash: file.blake3,
    retries: file.retries,
    folded: isPlainPath(file.path, searchText) ? null : searchText,
    searchText,
    copies: file.copies.flatMap(({destination, target, provedAt, mediumRead, origin}) => {
      const place = places.get(destination);
      if (place === undefined) return [];
      const short = shortenTarget(target, folder, file.path);
      return [{destination: place, target: short, provedMs: toMs(provedAt), mediumRead, origin}];
    }),
  };
}

function countProved(files: readonly RecordedFile[]) {
  const proved = new Map<string, {files: number; bytes: number}>();
  for (const {size, copies} of files) {
    for (const destination of new Set(copies.map((copy) => copy.destination))) {
      const sum = proved.get(destination) ?? {files: 0, bytes: 0};
      proved.set(destination, {files: sum.files + 1, bytes: sum.bytes + size});
    }
  }
  return proved;
}

/** A record may hold any number there; SQLite keeps whole ones that JavaScript can read again. */
const wholeBytes = ({size}: Volume): number | null => (Number.isSafeInteger(size) ? size : null);

/** An instant that a calendar does not have counts as the oldest. */
function toMs(instant: string): number {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? 0 : ms;
}
