import {join} from 'node:path';
import type {Cause} from '../../core/cause.ts';
import type {MhlFormat, MhlValues} from '../../core/mhl/formats.ts';
import {formatsFor, type History} from '../../core/mhl/history.ts';
import {findHistoryFolders, joinPath} from '../../core/mhl/history-folders.ts';
import {MHL_FOLDER} from '../../core/mhl/manifest-names.ts';
import {MhlHashes} from '../../system/mhl-hasher.ts';
import type {PreparedCard} from '../offload/prepare-card.ts';
import type {Program} from '../program.ts';
import {readHistory} from './read-history.ts';

/** A history that lies on the card. */
export interface CardHistory {
  /** Its folder on the card; `''` for the card itself. */
  readonly folder: string;
  readonly history: History;
}

/** What `--mhl` needs while a card is copied. */
export interface MhlRun {
  readonly chosen: MhlFormat;
  readonly hashes: MhlHashes;
  readonly onCard: readonly CardHistory[];
  /** Histories on the card that are not whole. */
  readonly faults: readonly Cause[];
}

/**
 * Reads the histories on the card and in the folders that it goes to, before the first byte is copied: in which formats they are decides what is hashed while the card is read.
 */
export async function openMhl(
  {files}: Program,
  {source, listing, lanes, folder}: PreparedCard,
  chosen: MhlFormat,
): Promise<MhlRun> {
  const onCard: CardHistory[] = [];
  const faults: Cause[] = [];
  for (const owned of findHistoryFolders(listing.files.map(({path}) => path))) {
    const read = await readHistory(files, join(source.real, owned, MHL_FOLDER));
    if (!read.ok) faults.push(read.cause);
    else if (read.value !== undefined) onCard.push({folder: owned, history: read.value.history});
  }
  const histories = onCard.map(({history}) => history);
  for (const {root} of lanes) {
    for (const place of [root, join(root, folder)]) {
      // One that cannot be read is told of when it is to be continued.
      const read = await readHistory(files, join(place, MHL_FOLDER));
      if (read.ok && read.value !== undefined) histories.push(read.value.history);
    }
  }
  const formats = new Set([chosen]);
  for (const {files: known} of histories) {
    for (const values of known.values()) {
      for (const format of formatsFor(values, chosen)) formats.add(format);
    }
  }
  return {chosen, hashes: new MhlHashes(formats), onCard, faults};
}

/** A file of the card that its own history speaks of. */
export interface CardMismatch {
  /** On the card. */
  readonly path: string;
  readonly format: MhlFormat;
  /** The history names a file that is not on the card. */
  readonly isMissing: boolean;
}

/**
 * Compares the histories on the card with what the card gave.
 * @param valuesOf hashes of what was read of a file; undefined where it was not read whole.
 */
export function compareCard(
  {onCard, chosen}: MhlRun,
  listed: ReadonlySet<string>,
  valuesOf: (path: string) => MhlValues | undefined,
): readonly CardMismatch[] {
  return onCard.flatMap(({folder, history}) =>
    [...history.files].flatMap(([below, known]): CardMismatch[] => {
      const path = joinPath(folder, below);
      const format = [...formatsFor(known, chosen)].find((one) => known[one] !== undefined);
      if (format === undefined) return [];
      if (!listed.has(path)) return [{path, format, isMissing: true}];
      const actual = valuesOf(path)?.[format];
      const isSame = actual === undefined || actual === known[format];
      return isSame ? [] : [{path, format, isMissing: false}];
    }),
  );
}
