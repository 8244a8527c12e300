/**
 * The journal: the facts of a running offload, one line each, durable before anybody hears of them. Each line carries a sum over itself and the
 * line before, so that a torn tail and an edited line are both found: what comes after is ignored as evidence.
 */
import * as z from 'zod';
import type {Fact} from './events.ts';
import {type HashOfText, relativePath, type SignText} from './manifest.ts';

export const JOURNAL_SCHEMA = 'offload-journal/1';

const SUM_LENGTH = 16;

const header = z.object({
  type: z.literal('journal'),
  schema: z.literal(JOURNAL_SCHEMA),
  offload: z.string().min(1),
  cardId: z.string(),
  /** The `--to` beside which this journal lies: the drive may have another path when it is read. */
  writtenTo: z.string(),
  /** {@link fingerprintListing} of the card when the offload began. */
  fingerprint: z.string(),
  folder: z.string().min(1),
  startedAt: z.iso.datetime(),
  /** How often the offload was started before this journal began: an older one was removed when its run had ended. */
  runsBefore: z.int().nonnegative().optional(),
});
export type JournalHeader = z.infer<typeof header>;

const aboutFile = {
  card: z.object({path: z.string(), label: z.string()}),
  path: z.string().min(1),
  size: z.int().nonnegative(),
  mtimeNs: z.string().regex(/^-?\d{1,20}$/),
};
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** The three facts that a resumed run relies on; the other facts are read for the record only. */
const copied = z.object({
  type: z.literal('file-copied'),
  ...aboutFile,
  to: z.string(),
  target: relativePath,
  temporary: relativePath,
  hash,
  retries: z.int().nonnegative(),
  source: z.literal('copy').optional(),
});
const proved = z.object({
  type: z.literal('file-proved'),
  ...aboutFile,
  to: z.string(),
  target: relativePath,
  hash,
  mediumRead: z.enum(['direct', 'evicted', 'cached']),
  origin: z.enum(['copied', 'present']),
  retries: z.int().nonnegative(),
  source: z.literal('copy').optional(),
});
const mismatched = z.object({
  type: z.literal('file-mismatched'),
  ...aboutFile,
  to: z.string(),
  target: relativePath,
  expected: hash,
  evidence: relativePath.optional(),
});
const other = z.object({
  type: z.enum([
    'run-planned',
    'file-mismatched',
    'file-failed',
    'destination-lost',
    'manifest-written',
    'verdict',
  ]),
  path: z.string().optional(),
  to: z.string().optional(),
  code: z.string().optional(),
  destinations: z.array(z.object({to: z.string(), volume: z.string()})).optional(),
});

/** What is said, the sum over it and the line before, and the signature of the computer that wrote it. */
const line = z.union([
  z.tuple([z.unknown(), z.string()]),
  z.tuple([z.unknown(), z.string(), z.string()]),
]);

/** The volume that a fact's `to` was when the fact was written: the same path may be another drive in a later run. */
interface OnVolume {
  readonly volume?: string;
}

/** A fact that a resumed run may build on. */
export type JournalledCopy = (z.infer<typeof copied> | z.infer<typeof proved>) & OnVolume;

/** A copy that did not match when it was read back. */
export type JournalledMismatch = z.infer<typeof mismatched> & OnVolume;

export interface JournalReading {
  /** Every line was signed by this computer: what somebody else wrote is never taken for the card's word. */
  readonly isOurs: boolean;
  readonly header: JournalHeader;
  readonly copies: readonly JournalledCopy[];
  readonly mismatches: readonly JournalledMismatch[];
  /** Files for which the card once gave two different answers: what was proved of them rests on the wrong one, perhaps. */
  readonly doubted: ReadonlySet<string>;
  /** How often the offload was started since the journal began. */
  readonly runs: number;
  /** The volume beside which the journal lies; undefined when no run says so. */
  readonly volume: string | undefined;
  /** Bytes of the valid part: what follows is torn or edited. */
  readonly validBytes: number;
  readonly validLines: number;
  /** The sum of the last valid line: the next line is chained to it. */
  readonly lastSum: string;
  /** True when something followed the valid part. */
  readonly damaged: boolean;
}

function sumOf(previous: string, json: string, hashOfText: HashOfText): string {
  return hashOfText(`${previous}\n${json}`).slice(0, SUM_LENGTH);
}

/**
 * @param signText signs a text with a secret of this computer; without it the line is written unsigned, and no run builds on it.
 * @returns one line of the journal with its newline, and the sum that the next line is chained to.
 */
export function journalLine(
  entry: Fact | JournalHeader,
  previousSum: string,
  hashOfText: HashOfText,
  signText?: SignText,
): {readonly text: string; readonly sum: string} {
  const json = JSON.stringify(entry);
  const sum = sumOf(previousSum, json, hashOfText);
  const signature = signText === undefined ? '' : `,"${signLine(previousSum, json, signText)}"`;
  return {text: `[${json},"${sum}"${signature}]\n`, sum};
}

const signLine = (previousSum: string, json: string, signText: SignText): string =>
  signText(`${JOURNAL_SCHEMA}\n${previousSum}\n${json}`);

/**
 * True when the first line of a journal is whole and damaged: no version of this program can tell whose it is. One that a newer version wrote is not taken for damaged.
 */
export function hasBrokenHeader(text: string, hashOfText: HashOfText): boolean {
  const end = text.indexOf('\n');
  if (end === -1) return false;
  const line = text.slice(0, end);
  return openLine(line, '', hashOfText) === undefined && !NEWER.test(line);
}

const NEWER = /offload-journal\/(?:[2-9]|1\d)/;

/**
 * Reads a journal that may be torn, edited or from another version.
 * @returns the facts up to the first line that does not fit, or undefined when not even the header does.
 */
export function readJournal(
  text: string,
  hashOfText: HashOfText,
  signText?: SignText,
): JournalReading | undefined {
  let first: JournalHeader | undefined;
  let validBytes = 0;
  let validLines = 0;
  let lastSum = '';
  let runs = 0;
  const copies: JournalledCopy[] = [];
  const mismatches: JournalledMismatch[] = [];
  const doubted = new Set<string>();
  let volumes: ReadonlyMap<string, string> = new Map();
  let volume: string | undefined;
  let isOurs = true;
  const lines = text.split('\n');
  for (const raw of lines.slice(0, -1)) {
    const entry = openLine(raw, lastSum, hashOfText);
    if (entry === undefined) break;
    isOurs &&= signText !== undefined && isSigned(entry, lastSum, signText);
    if (first === undefined) {
      const parsed = header.safeParse(entry.value);
      if (!parsed.success) return undefined;
      first = parsed.data;
    } else {
      const copy = z.union([copied, proved, mismatched]).safeParse(entry.value);
      const fact = other.safeParse(entry.value);
      if (copy.success) {
        const known = volumes.get(copy.data.to);
        const placed = {...copy.data, ...(known === undefined ? {} : {volume: known})};
        if (placed.type === 'file-mismatched') mismatches.push(placed);
        else copies.push(placed);
      } else if (!fact.success || isMalformed(fact.data)) break;
      else if (fact.data.type === 'run-planned') {
        runs++;
        volumes = new Map(fact.data.destinations?.map((one) => [one.to, one.volume]));
        volume ??= volumes.get(first.writtenTo);
      } else if (isDoubt(fact.data) && fact.data.path !== undefined) doubted.add(fact.data.path);
    }
    lastSum = entry.sum;
    validBytes += new TextEncoder().encode(raw).length + 1;
    validLines++;
  }
  if (first === undefined) return undefined;
  const damaged = validLines < lines.length - 1 || lines.at(-1) !== '';
  return {
    isOurs,
    header: first,
    copies,
    mismatches,
    doubted,
    runs,
    volume,
    validBytes,
    validLines,
    lastSum,
    damaged,
  };
}

/** A mismatch of a copy that is of another form than this program writes. */
const isMalformed = ({type, to}: z.infer<typeof other>) =>
  type === 'file-mismatched' && to !== undefined;

/** Facts without a destination are about the card. */
function isDoubt({type, to, code}: z.infer<typeof other>): boolean {
  return to === undefined && (type === 'file-mismatched' || code === 'source-mismatch');
}

interface OpenedLine {
  readonly value: unknown;
  readonly sum: string;
  readonly signature: string | undefined;
}

const isSigned = ({value, signature}: OpenedLine, previousSum: string, signText: SignText) =>
  signature === signLine(previousSum, JSON.stringify(value), signText);

function openLine(
  raw: string,
  previousSum: string,
  hashOfText: HashOfText,
): OpenedLine | undefined {
  try {
    const [value, sum, signature] = line.parse(JSON.parse(raw));
    const isWhole = sum === sumOf(previousSum, JSON.stringify(value), hashOfText);
    return isWhole ? {value, sum, signature} : undefined;
  } catch (error) {
    // No JSON, no pair, or nested deeper than the stack can hold: no line of this program.
    const expected =
      error instanceof SyntaxError || error instanceof z.ZodError || error instanceof RangeError;
    if (!expected) throw error;
    return undefined;
  }
}
