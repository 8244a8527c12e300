/** `snapshot.json`: what one snapshot is, beside it. A folder without one that can be read is nobody's snapshot: it is not counted and never removed. */
import * as z from 'zod';
import {checksumList} from '../checksum-list.ts';
import type {Generation} from './generations.ts';

export const RECORD_NAME = 'snapshot.json';
export const CHECKSUMS_NAME = 'snapshot.b3';
export const RECORD_SCHEMA = 'offload-lightroom-snapshot/1';

const count = z.number().int().nonnegative();
/** ns since 1970: JSON numbers cannot hold it. */
const ns = z.string().regex(/^-?\d+$/);

/** Below the snapshot: never absolute, no empty part, no `.` and `..`, on Windows neither, where a backslash parts names too. */
const path = z
  .string()
  .regex(/^(?!.*(?:^|[\\/])\.{1,2}(?:[\\/]|$))(?!\/)(?!.*\/\/)(?!.*\/$)[^\0]+$/su);

const file = z.looseObject({
  path,
  size: count,
  /** BLAKE3, 64 hex digits. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  mtimeNs: ns,
  changedNs: ns,
  mediumRead: z.enum(['direct', 'evicted', 'cached']),
});
export type SnapshotFile = Readonly<z.infer<typeof file>>;

const form = z.looseObject({
  schema: z.literal(RECORD_SCHEMA),
  tool: z.string(),
  /** The job that took it. */
  job: z.looseObject({id: z.uuid(), name: z.string()}),
  name: z.string(),
  number: count,
  takenAt: z.iso.datetime(),
  /** `online`: through SQLite's backup while Lightroom may have written; `closed`: nobody had it open. */
  method: z.enum(['online', 'closed']),
  catalog: z.looseObject({
    /** Name of the `.lrcat` file. */
    name: path,
    /** Where it was taken from, absolute. */
    source: z.string(),
    /** `Adobe_DBVersion`; null when it has none. */
    version: z.string().nullable(),
    /** Rows of the main tables. */
    rows: z.record(z.string(), count),
  }),
  /** What the catalog and what lies beside it looked like from outside: the next run asks whether anything changed. */
  seen: z.looseObject({catalog: z.string(), previews: z.string(), data: z.string().nullable()}),
  /** Of `.lrcat-data` and `Sync.lrdata`: `left-out` because Lightroom had them open. */
  data: z.enum(['copied', 'none', 'left-out']),
  files: z.array(file).min(1),
});
export type SnapshotRecord = Readonly<z.infer<typeof form>>;

export const formatRecord = (record: SnapshotRecord): string =>
  `${JSON.stringify(record, null, 1)}\n`;

/** @returns undefined for what is no record that this version knows. */
export function parseRecord(text: string): SnapshotRecord | undefined {
  try {
    return form.parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    return undefined;
  }
}

/** @returns the list for `b3sum --check`, of every file of the snapshot and its record. */
export const checksumsOf = ({files}: SnapshotRecord, recordHash: string): string =>
  checksumList([
    ...files.map(({hash, path: target}) => ({hash, target})),
    {hash: recordHash, target: RECORD_NAME},
  ]);

export const generationOf = ({name, number, takenAt}: SnapshotRecord): Generation => ({
  name,
  number,
  takenAt,
});
