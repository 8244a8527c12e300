import type {Account} from '../src/core/account.ts';
import type {CardListing, CardPath} from '../src/core/card.ts';
import type {Fact, FileProved} from '../src/core/events.ts';
import {unreachable} from '../src/core/unreachable.ts';
import type {CopyEvidence, FileEvidence} from './evidence.ts';

interface Testimony {
  readonly listing: CardListing;
  /** Durable facts of this run about this card, in their order. */
  readonly facts: readonly Fact[];
  /** Every `--to` of this offload. */
  readonly destinations: readonly string[];
  /** Files that were not to be copied, with the copies that were read back for them before: each was to have two. */
  readonly known?: ReadonlyMap<CardPath, readonly CopyEvidence[]>;
}

/** Proved copies that a file needs which is on other drives already. */
const KNOWN_COPIES = 2;

/** The newest proof of each file on each destination. */
export type Proofs = ReadonlyMap<CardPath, ReadonlyMap<string, FileProved>>;

interface FileRecord {
  readonly proofs: Map<string, FileProved>;
  readonly size: number;
  readonly mtimeNs: bigint;
  failed: boolean;
  /** Destinations whose last word is that the copy did not match. */
  readonly mismatched: Set<string>;
  /** What the card gave when a copy did not match. */
  readonly expected: Set<string>;
  sourceMismatch: boolean;
}

/**
 * Folds the facts of a run into evidence for each file and into the account. Counts nothing that is not a fact: a file is copied or present only when
 * every destination has it proved, and a file that no fact speaks of stays in no column, so that the account does not close. A copy that did not match is healed by a later proof of
 * the same file on the same destination, and by nothing else; a card that gave two answers by nothing.
 */
export function gatherEvidence({listing, facts, destinations, known}: Testimony): {
  readonly files: readonly FileEvidence[];
  readonly account: Account;
  readonly proofs: Proofs;
} {
  const records = new Map<CardPath, FileRecord>();
  for (const {path, size, mtimeNs} of listing.files) {
    const proofs = new Map<string, FileProved>();
    records.set(path, {
      proofs,
      size,
      mtimeNs,
      failed: false,
      mismatched: new Set(),
      expected: new Set(),
      sourceMismatch: false,
    });
  }
  const lost = new Set<string>();
  for (const fact of facts) recordFact(fact, records, lost);
  const rows = [...records].map(([path, record]) => {
    const copies = known?.get(path);
    return copies === undefined
      ? weighFile({path, record, lost, destinations})
      : weighKnown(path, record, copies);
  });
  const count = (column: Column) => rows.filter((row) => row.column === column).length;
  return {
    files: rows.map((row) => row.evidence),
    proofs: new Map([...records].map(([path, record]) => [path, record.proofs])),
    account: {
      found: listing.files.length + listing.leftOut.length,
      copied: count('copied'),
      present: count('present'),
      leftOut: listing.leftOut.length,
      failed: count('failed'),
      bytes: listing.files.reduce((sum, file) => sum + file.size, 0),
    },
  };
}

function recordFact(fact: Fact, records: Map<CardPath, FileRecord>, lost: Set<string>): void {
  switch (fact.type) {
    case 'file-proved': {
      const record = records.get(fact.path);
      // A proof of another size or time is a proof of another file.
      if (record?.size !== fact.size || record.mtimeNs !== BigInt(fact.mtimeNs)) return;
      record.proofs.set(fact.to, fact);
      // The copy was written again, or read again, and matches now.
      record.mismatched.delete(fact.to);
      return;
    }
    case 'file-failed': {
      const record = records.get(fact.path);
      if (record !== undefined) record.failed = true;
      return;
    }
    case 'file-mismatched': {
      const record = records.get(fact.path);
      if (record === undefined) return;
      if (fact.to === undefined) {
        record.sourceMismatch = true;
        return;
      }
      record.mismatched.add(fact.to);
      record.expected.add(fact.expected);
      // What was proved before it is not believed any more.
      record.proofs.delete(fact.to);
      return;
    }
    case 'destination-lost':
      lost.add(fact.to);
      return;
    case 'run-planned':
    case 'file-copied':
    case 'manifest-written':
    case 'verdict':
      return;
    default:
      unreachable(fact);
  }
}

/** What lies on other drives is not touched by this run; only a second reading of the card can speak against it. */
function weighKnown(
  path: string,
  {failed, sourceMismatch}: FileRecord,
  copies: readonly CopyEvidence[],
): Weighed {
  const evidence: FileEvidence = {
    path,
    copies: copies.map(({to, mediumRead}) => ({to, mediumRead})),
    copiesAsked: KNOWN_COPIES,
    failed,
    mismatched: false,
    sourceMismatch,
  };
  return {column: failed || sourceMismatch ? 'failed' : 'present', evidence};
}

type Column = 'copied' | 'present' | 'failed' | 'open';

interface Weighing {
  readonly path: CardPath;
  readonly record: FileRecord;
  readonly lost: ReadonlySet<string>;
  readonly destinations: readonly string[];
}

interface Weighed {
  readonly column: Column;
  readonly evidence: FileEvidence;
}

function weighFile({path, record, lost, destinations}: Weighing): Weighed {
  const mismatched = record.mismatched.size > 0;
  const proofs = destinations.flatMap((to) => record.proofs.get(to) ?? []);
  // Each copy was compared with what the card gave for it; two of them that differ in that say that the card gave two things.
  const hashes = new Set([...record.expected, ...proofs.map(({hash}) => hash)]);
  const sourceMismatch = record.sourceMismatch || hashes.size > 1;
  const missedByLoss = destinations.some((to) => lost.has(to) && !record.proofs.has(to));
  const failed = record.failed || missedByLoss;
  const evidence: FileEvidence = {
    path,
    copies: proofs.map(({to, mediumRead}) => ({to, mediumRead})),
    failed,
    mismatched,
    sourceMismatch,
  };
  if (failed || mismatched || sourceMismatch) return {column: 'failed', evidence};
  if (proofs.length < destinations.length) return {column: 'open', evidence};
  const copied = proofs.some((proof) => proof.origin === 'copied');
  return {column: copied ? 'copied' : 'present', evidence};
}
