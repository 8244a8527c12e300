/** Files as records tell of them, for a restore. */
import type {CardPath} from '../card.ts';
import type {Manifest, RecordedFile} from '../manifest.ts';

/** One file of one shoot, the same whichever drive or catalog tells of it. */
export interface KnownFile {
  readonly shoot: string;
  readonly path: CardPath;
  /** Below the shoot folder, as it lies on the first of its drives; parts joined by `/`. */
  readonly target: string;
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
  /** BLAKE3 of the bytes that the card gave, 64 hex digits; empty for a version that no record knows. */
  readonly hash: string;
  /** What its cameras are called: model, and make with model. */
  readonly cameras: readonly string[];
  /** IANA name of the zone in which its day is told. */
  readonly timeZone: string;
}

/** A drive on which a file was proved once. */
export interface KnownDrive {
  /** Id from the volume's marker. */
  readonly volume: string;
  readonly name: string;
  /** When it was there last, as far as is known; ISO 8601, UTC. */
  readonly seenAt: string;
}

export interface KnownCopies {
  readonly file: KnownFile;
  readonly drives: readonly KnownDrive[];
  /** Below the shoot folder beside the record; what a record says, and no proof. */
  readonly here: readonly string[];
}

/** The same text for the same file of the same shoot. */
export const keyOf = ({shoot, target, hash}: KnownFile): string =>
  JSON.stringify([shoot, target, hash]);

/** Destinations are named by their volume, with a folder behind it where one volume holds several. */
export const volumeOf = (destination: string): string => destination.split(':', 1)[0] ?? '';

/** @returns what a camera may be called, by make and model. */
export function cameraWords({
  make,
  model,
}: {
  readonly make: string;
  readonly model: string;
}): readonly string[] {
  return [model, `${make} ${model}`];
}

/** @returns the files of a record that were copied whole. What the card never gave whole, and what `--only-new` left where it was, has no copy in this shoot. */
export function knownFilesOf(manifest: Manifest): readonly KnownCopies[] {
  const {destinations, shoot, timeZone, writtenTo, endedAt} = manifest;
  const cameras = manifest.card.cameras.flatMap(cameraWords);
  const places = new Map(destinations.map(({id}, place) => [id, place]));
  const names = new Map(destinations.map(({id, name}) => [id, name]));
  return manifest.files.flatMap((recorded) => {
    const copies = inOrder(recorded, places);
    const first = copies[0];
    if (first === undefined || recorded.blake3 === null) return [];
    const {path, size, mtimeNs, blake3: hash} = recorded;
    const file = {shoot, path, size, mtimeNs: BigInt(mtimeNs), hash, cameras, timeZone};
    return {
      file: {...file, target: first.target},
      drives: copies.map(({destination}) => ({
        volume: volumeOf(destination),
        name: names.get(destination) ?? destination,
        seenAt: endedAt,
      })),
      here: copies.filter((copy) => copy.destination === writtenTo).map(({target}) => target),
    };
  });
}

/** In the order of the destinations, so that every drive and the catalog name the same target first. */
function inOrder(
  {copies}: RecordedFile,
  places: ReadonlyMap<string, number>,
): RecordedFile['copies'] {
  return copies
    .filter(({destination}) => places.has(destination))
    .sort((a, b) => (places.get(a.destination) ?? 0) - (places.get(b.destination) ?? 0));
}
