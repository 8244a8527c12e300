import {join} from 'node:path';
import type {Cause} from '../src/core/cause.ts';
import {RECORD_FOLDER} from '../src/core/place-files.ts';
import type {MediumMethod} from '../src/system/medium.ts';
import type {MediumReader} from './read-medium.ts';
import {
  discardRecord,
  type Publication,
  publishRecord,
  type StagedRecord,
  stageRecord,
  withdrawRecord,
} from './write-record.ts';

/** A destination that is to hold the record. */
export interface RecordHolder {
  readonly to: string;
  /** The shoot folder, absolute. */
  readonly shoot: string;
  readonly method: MediumMethod;
}

export interface SealedRecord {
  readonly to: string;
  readonly manifest: string;
  readonly checksums: string;
  /** BLAKE3 of the manifest's bytes. */
  readonly hash: string;
}

interface Sealing {
  readonly reader: MediumReader;
  readonly offload: string;
  readonly holders: readonly RecordHolder[];
  /** Text of the `b3sum` list for a destination. */
  readonly listFor: (to: string) => string;
  /**
   * Text of the manifest for a destination, given all that will hold one: the verdict in it depends on that, and a record that says SAFE must not
   * lie on one drive when the other could not be written.
   */
  readonly manifestFor: (to: string, holders: ReadonlySet<string>) => string;
}

export interface SealOutcome {
  readonly sealed: readonly SealedRecord[];
  readonly failures: readonly {readonly to: string; readonly cause: Cause}[];
  /** Records of this offload that were named, are not true, and could not be taken back. */
  readonly standing: readonly Cause[];
}

interface StagedPair {
  readonly holder: RecordHolder;
  readonly manifest: StagedRecord;
  readonly checksums: StagedRecord;
}

/**
 * Writes manifest and list on every destination: under temporary names first, flushed and read back, and only when all that still can have them do they get
 * their names. A destination that fails is taken out, what was named before is taken back, and the others get a text that says so.
 */
export async function sealOffload(sealing: Sealing): Promise<SealOutcome> {
  const failures: {to: string; cause: Cause}[] = [];
  const standing: Cause[] = [];
  let holders = sealing.holders;
  for (;;) {
    const round = await sealOnce(sealing, holders);
    if (round.failures.length === 0) return {sealed: round.sealed, failures, standing};
    failures.push(...round.failures);
    standing.push(...round.standing);
    const failed = new Set(round.failures.map(({to}) => to));
    holders = holders.filter(({to}) => !failed.has(to));
  }
}

async function sealOnce(sealing: Sealing, holders: readonly RecordHolder[]): Promise<SealOutcome> {
  const names = new Set(holders.map(({to}) => to));
  const failures: {to: string; cause: Cause}[] = [];
  const staged: StagedPair[] = [];
  for (const holder of holders) {
    const pair = await stagePair(sealing, holder, names);
    if ('cause' in pair) failures.push({to: holder.to, cause: pair.cause});
    else staged.push(pair);
  }
  if (failures.length > 0) {
    for (const {manifest, checksums} of staged) {
      await discardRecord(sealing.reader, manifest);
      await discardRecord(sealing.reader, checksums);
    }
    return {sealed: [], failures, standing: []};
  }
  const sealed: SealedRecord[] = [];
  for (const [index, pair] of staged.entries()) {
    const published = await publishPair(sealing.reader, pair);
    if (!published.ok) {
      const {cause, standing} = published;
      const left = await takeBack(sealing.reader, staged, index);
      return {
        sealed: [],
        failures: [{to: pair.holder.to, cause}],
        standing: standing === undefined ? left : [standing, ...left],
      };
    }
    const {holder, manifest, checksums} = pair;
    sealed.push({
      to: holder.to,
      manifest: manifest.path,
      checksums: checksums.path,
      hash: manifest.hash,
    });
  }
  return {sealed, failures: [], standing: []};
}

/**
 * A record that says SAFE because all would have it must not stay where it is when one of them has it not.
 * @returns those that stay all the same.
 */
async function takeBack(
  reader: MediumReader,
  staged: readonly StagedPair[],
  failed: number,
): Promise<Cause[]> {
  const standing: Cause[] = [];
  for (const {manifest, checksums} of staged.slice(0, failed)) {
    const left = await withdrawRecord(reader, manifest);
    if (left !== undefined) standing.push(left);
    // The list says what lies there and nothing about SAFE: it may stay where it cannot be removed.
    await withdrawRecord(reader, checksums);
  }
  for (const {manifest, checksums} of staged.slice(failed)) {
    await discardRecord(reader, manifest);
    await discardRecord(reader, checksums);
  }
  return standing;
}

async function stagePair(
  {reader, offload, listFor, manifestFor}: Sealing,
  holder: RecordHolder,
  names: ReadonlySet<string>,
): Promise<StagedPair | {readonly cause: Cause}> {
  const {to, shoot, method} = holder;
  const base = join(shoot, RECORD_FOLDER, offload);
  const list = {path: `${base}.b3`, text: listFor(to), token: `${offload}-b3`, method};
  const checksums = await stageRecord(reader, list);
  if (!checksums.ok) return {cause: checksums.cause};
  const text = manifestFor(to, names);
  const manifest = await stageRecord(reader, {
    path: `${base}.json`,
    text,
    token: `${offload}-json`,
    method,
  });
  if (manifest.ok) {
    return {holder, manifest: manifest.value, checksums: checksums.value};
  }
  await discardRecord(reader, checksums.value);
  return {cause: manifest.cause};
}

async function publishPair(
  reader: MediumReader,
  {checksums, manifest}: StagedPair,
): Promise<Publication> {
  const listed = await publishRecord(reader, checksums);
  return listed.ok ? await publishRecord(reader, manifest) : {...listed, standing: undefined};
}
