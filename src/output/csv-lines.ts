/** What the catalog knows as a table for spreadsheets: RFC 4180, with a header. */
import {causeText} from '../core/cause-text.ts';
import {type Cell, formatLine} from '../core/csv-line.ts';
import type {CardKnown, FileFound, OffloadEvent, ShootKnown, ShootStatus} from '../core/events.ts';
import type {Sink} from './sink.ts';

/** Events that have rows; the others are no part of a table. */
export type CsvEvent = CardKnown | ShootKnown | FileFound | ShootStatus;

export interface CsvLinesOptions {
  /** stdout: takes one line without its line feed; the carriage return that RFC 4180 wants before it is there. */
  readonly write: (line: string) => void;
  /** stderr: takes one line of trouble without its line end. */
  readonly writeDiagnostic: (line: string) => void;
  /** Writes the header of this table at once, so that an empty one has it too; else it comes with the first row. */
  readonly rows?: CsvEvent['type'];
}

/** A row for each card, for each shoot on each volume, and for each copy of a file; for what lies nowhere one with empty cells. */
export function csvLines({write, writeDiagnostic, rows: wanted}: CsvLinesOptions): Sink {
  let headed = false;
  const writeHeader = (type: CsvEvent['type']) => {
    if (!headed) write(formatLine(COLUMNS[type]));
    headed = true;
  };
  if (wanted !== undefined) writeHeader(wanted);
  return {
    write(event) {
      if (hasRows(event)) {
        writeHeader(event.type);
        for (const row of rowsOf(event)) write(formatLine(row));
      } else if (event.type === 'noticed') {
        const word = event.level === 'warning' ? 'warning' : 'note';
        writeDiagnostic(`${word}: ${causeText(event)}`);
      } else if (event.type === 'refused') writeDiagnostic(`REFUSED: ${causeText(event)}`);
    },
    async end() {},
  };
}

const COLUMNS = {
  'card-known': [
    'card',
    'label',
    'cameras',
    'offloads',
    'last_shoot',
    'last_files',
    'last_bytes',
    'last_offload',
    'last_safe',
  ],
  'shoot-known': [
    'shoot',
    'cards',
    'files',
    'bytes',
    'first_offload',
    'last_offload',
    'safe',
    'volume',
    'volume_name',
    'volume_path',
    'volume_files',
  ],
  'file-found': [
    'path',
    'label',
    'shoot',
    'offload',
    'bytes',
    'modified_ns',
    'blake3',
    'volume',
    'volume_name',
    'copy',
    'proved_at',
    'medium_read',
  ],
  'shoot-status': [
    'shoot',
    'files',
    'bytes',
    'copies',
    'drives',
    'places',
    'reached_321',
    'missing',
    'next',
    'oldest_proof',
    'last_proof',
    'volume',
    'volume_name',
    'role',
    'place',
    'connected',
    'as_of',
    'volume_files',
    'volume_last_proof',
  ],
} as const satisfies Readonly<Record<CsvEvent['type'], readonly string[]>>;

function hasRows(event: OffloadEvent): event is CsvEvent {
  return Object.hasOwn(COLUMNS, event.type);
}

function rowsOf(event: CsvEvent): readonly (readonly Cell[])[] {
  switch (event.type) {
    case 'card-known': {
      const {id, label, cameras, offloads, shoot, files, bytes, lastOffload, safe} = event;
      return [[id, label, cameras.join('; '), offloads, shoot, files, bytes, lastOffload, safe]];
    }
    case 'shoot-known': {
      const {shoot, cards, files, bytes, firstOffload, lastOffload, safe, volumes} = event;
      const about = [shoot, cards, files, bytes, firstOffload, lastOffload, safe];
      if (volumes.length === 0) return [[...about, null, null, null, null]];
      return volumes.map((one) => [...about, one.volume, one.name, one.path, one.files]);
    }
    case 'file-found': {
      const {path, label, shoot, offload, size, mtimeNs, hash, copies} = event;
      const about = [path, label, shoot, offload, size, BigInt(mtimeNs), hash];
      if (copies.length === 0) return [[...about, null, null, null, null, null]];
      return copies.map((copy) => [
        ...about,
        copy.volume,
        copy.name,
        copy.path,
        copy.provedAt,
        copy.mediumRead,
      ]);
    }
    case 'shoot-status': {
      const {shoot, files, bytes, copies, drives, places, reached, missing, next} = event;
      const {oldestProof, lastProof, volumes} = event;
      const counts = [shoot, files, bytes, copies, drives, places.join('; '), reached];
      const about = [...counts, missing, next, oldestProof, lastProof];
      if (volumes.length === 0) return [[...about, ...NO_VOLUME]];
      return volumes.map((one) => [
        ...about,
        one.volume,
        one.name,
        one.role,
        one.place,
        one.connected,
        one.asOf,
        one.files,
        one.lastProof,
      ]);
    }
  }
}

const NO_VOLUME: readonly Cell[] = [null, null, null, null, null, null, null, null];
