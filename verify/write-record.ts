import {dirname, join} from 'node:path';
import {type Cause, causeFrom, errnoOf, type Result} from '../src/core/cause.ts';
import {hashText} from '../src/system/hasher.ts';
import type {MediumMethod} from '../src/system/medium.ts';
import {writeNewText} from '../src/system/read-text.ts';
import {type MediumReader, readMedium} from './read-medium.ts';

/** A text that lies flushed and proved under a temporary name. */
export interface StagedRecord {
  readonly temporary: string;
  readonly path: string;
  /** BLAKE3 of its bytes. */
  readonly hash: string;
}

interface RecordText {
  /** Final place, absolute. */
  readonly path: string;
  readonly text: string;
  /** A word that no other running program uses, for the temporary name. */
  readonly token: string;
  readonly method: MediumMethod;
}

/**
 * Writes a record under a temporary name in its own folder, flushes it and reads it back from the medium.
 * @returns where it lies, or why it does not: the system's errno, or `record-mismatch` when other bytes came back.
 */
export async function stageRecord(
  reader: MediumReader,
  {path, text, token, method}: RecordText,
): Promise<Result<StagedRecord>> {
  const temporary = join(dirname(path), `.offload-${token}.part`);
  try {
    await removeIfPossible(reader.files, temporary);
    await writeNewText(reader.files, temporary, text);
  } catch (error) {
    return {ok: false, cause: causeFrom(error, 'writing the record', path)};
  }
  const hash = hashText(reader.hashEngine, text);
  const reading = await readMedium(reader, {path: temporary, method});
  if (reading.ok && reading.value.hash === hash) return {ok: true, value: {temporary, path, hash}};
  await removeIfPossible(reader.files, temporary);
  if (!reading.ok) return reading;
  return {
    ok: false,
    cause: {
      code: 'record-mismatch',
      path,
      message: 'the record came back from the drive with other bytes',
      next: 'Check the cable and the drive, then run the same command again.',
    },
  };
}

/** Why a record has no durable name, and why it lies there all the same where it could not be taken back. */
interface Unpublished {
  readonly ok: false;
  readonly cause: Cause;
  readonly standing: Cause | undefined;
}

/** The record's path, or what kept it from its name. */
export type Publication = {readonly ok: true; readonly value: string} | Unpublished;

/**
 * Gives a staged record its final name, in place of an older record of the same offload, and makes the name durable. A name that cannot be made durable is taken back.
 */
export async function publishRecord(
  reader: MediumReader,
  record: StagedRecord,
): Promise<Publication> {
  const {files} = reader;
  const {temporary, path} = record;
  try {
    await files.replace(temporary, path);
  } catch (error) {
    await removeIfPossible(files, temporary);
    return {ok: false, cause: causeFrom(error, 'naming the record', path), standing: undefined};
  }
  try {
    await files.syncFolder(dirname(path));
    return {ok: true, value: path};
  } catch (error) {
    const cause = causeFrom(error, 'flushing the name of the record', path);
    return {ok: false, cause, standing: await withdrawRecord(reader, record)};
  }
}

/** Removes a staged record that is not to be used. */
export async function discardRecord(
  {files}: MediumReader,
  {temporary}: StagedRecord,
): Promise<void> {
  await removeIfPossible(files, temporary);
}

/**
 * Removes a published record that turned out not to be true.
 * @returns `record-stands` with the system's errno when it could not be removed.
 */
export async function withdrawRecord(
  {files}: MediumReader,
  {path}: StagedRecord,
): Promise<Cause | undefined> {
  const errno = await removeIfPossible(files, path);
  if (errno === undefined || errno === 'ENOENT') return undefined;
  return {
    code: 'record-stands',
    path,
    message: `a record that calls this card safe could not be taken back (${errno}); it does not hold`,
    next: 'Connect the drive again and run the same command: it writes the record anew.',
  };
}

/** @returns the system's errno when nothing was removed. On a drive that refuses even this nothing more can be done, and the failure that led here is told already. */
async function removeIfPossible(
  files: MediumReader['files'],
  path: string,
): Promise<string | undefined> {
  try {
    await files.removeFile(path);
    return undefined;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return errno;
  }
}
