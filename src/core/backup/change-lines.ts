/**
 * What a run changes in the state of a mirror, line by line, while it is at work. Each line carries a sum over itself and the line before: a torn tail and an edited line end what is believed.
 */
import * as z from 'zod';
import type {HashOfText} from '../manifest.ts';
import type {MirrorRecord} from './mirror-record.ts';
import type {TreePath} from './mirror-tree.ts';
import {parseFields, readJson, recordFields} from './state-lines.ts';
import {isTreePath} from './tree-path.ts';

export const CHANGES_SCHEMA = 'offload-mirror-changes/1';

const header = z.object({
  schema: z.literal(CHANGES_SCHEMA),
  job: z.string().min(1),
  source: z.object({volume: z.string().min(1), folder: z.string()}),
  targetVolume: z.string().min(1),
  /** The sum of the state beside which the changes were begun; null when there was none. */
  base: z.string().nullable(),
});
export type ChangesHeader = z.infer<typeof header>;

export type StateChange =
  | {readonly kind: 'put'; readonly record: MirrorRecord}
  | {readonly kind: 'drop'; readonly path: TreePath}
  /** A run came to its end with nothing else to write down. */
  | {readonly kind: 'run'; readonly run: string};

const SUM_LENGTH = 16;

/** @returns one line with its newline, and the sum that the next line is chained to. */
export function changeLine(
  change: StateChange | ChangesHeader,
  previousSum: string,
  hashOfText: HashOfText,
): {readonly text: string; readonly sum: string} {
  const json = JSON.stringify(toJson(change));
  const sum = hashOfText(`${previousSum}\n${json}`).slice(0, SUM_LENGTH);
  return {text: `${sum} ${json}\n`, sum};
}

function toJson(change: StateChange | ChangesHeader): unknown {
  if (!('kind' in change)) return change;
  switch (change.kind) {
    case 'put':
      return ['put', change.record.path, ...recordFields(change.record)];
    case 'drop':
      return ['drop', change.path];
    default:
      return ['run', change.run];
  }
}

export interface ChangesReading {
  readonly header: ChangesHeader;
  readonly changes: readonly StateChange[];
  /** Bytes of the valid part; the sum of its last line. */
  readonly validBytes: number;
  readonly lastSum: string;
  /** True when more than a torn last line follows the valid part. */
  readonly damaged: boolean;
}

/** @returns the changes up to the first line that does not fit, or undefined when not even the header does. */
export function readChanges(text: string, hashOfText: HashOfText): ChangesReading | undefined {
  let first: ChangesHeader | undefined;
  let lastSum = '';
  let from = 0;
  let validBytes = 0;
  const changes: StateChange[] = [];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
    const line = text.slice(from, end);
    const json = line.slice(SUM_LENGTH + 1);
    const sum = hashOfText(`${lastSum}\n${json}`).slice(0, SUM_LENGTH);
    if (line !== `${sum} ${json}`) break;
    const value = readJson(json);
    if (first === undefined) {
      first = header.safeParse(value).data;
      if (first === undefined) return undefined;
    } else {
      const change = parseChange(value);
      if (change === undefined) break;
      changes.push(change);
    }
    lastSum = sum;
    validBytes += byteLength(line) + 1;
    from = end + 1;
  }
  if (first === undefined) return undefined;
  return {header: first, changes, validBytes, lastSum, damaged: text.indexOf('\n', from) !== -1};
}

const encoder = new TextEncoder();
const byteLength = (line: string): number => encoder.encode(line).length;

function parseChange(value: unknown): StateChange | undefined {
  if (!Array.isArray(value)) return undefined;
  const [kind, word]: unknown[] = value;
  if (typeof word !== 'string') return undefined;
  if (kind === 'run') return {kind, run: word};
  if (!isTreePath(word)) return undefined;
  if (kind === 'drop') return {kind, path: word};
  if (kind !== 'put') return undefined;
  const record = parseFields(word, value, 2);
  return record === undefined ? undefined : {kind, record};
}
