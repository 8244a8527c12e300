/** What lies beside the copies of a mirror, a state and the changes of a run that died, and whether it may be believed. */
import {join} from 'node:path';
import type {VolumeFolder} from '../core/backup/backup-job.ts';
import {type ChangesReading, readChanges} from '../core/backup/change-lines.ts';
import {type Cause, errnoOf} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import {type HashEngine, hashText} from '../system/hasher.ts';
import {readText} from '../system/read-text.ts';
import {type BaseState, readBase} from './base-state.ts';

/** Whose state it is: one of another job, source or volume is none. */
export interface StateOwner {
  /** The mirror folder of the target, absolute. */
  readonly folder: string;
  /** Id of the job. */
  readonly job: string;
  readonly source: VolumeFolder;
  /** Id of the target's volume. */
  readonly targetVolume: string;
  readonly hashEngine: HashEngine;
}

/** Where both lie, absolute. */
export const pathsOf = ({folder, job}: StateOwner) => ({
  state: join(folder, `${job}.state`),
  changes: join(folder, `${job}.changes`),
});

/** A state and the changes beside it, as they lie there. */
export interface FoundState {
  readonly base: BaseState | undefined;
  readonly changes: ChangesReading | undefined;
  /** The changes file holds less than one line: its run died before it wrote anything down. */
  readonly isTorn: boolean;
  readonly damaged: Cause | null;
}

const NOTHING = {base: undefined, changes: undefined, isTorn: false};

/** Rejects with the system's error when they cannot be read. */
export async function findState(files: Files, owner: StateOwner): Promise<FoundState> {
  const paths = pathsOf(owner);
  const reading = await readBase(files, paths.state, owner.hashEngine);
  if (reading.kind === 'damaged') return {...NOTHING, damaged: damage(paths.state, reading.why)};
  const base = reading.kind === 'whole' ? reading.base : undefined;
  if (base !== undefined && !isOf(owner, base.header)) {
    return {...NOTHING, damaged: foreign(paths.state)};
  }
  const text = await readIfThere(files, paths.changes);
  const alone = {base, changes: undefined, isTorn: text !== undefined, damaged: null};
  if (text === undefined) return alone;
  const changes = readChanges(text, (one) => hashText(owner.hashEngine, one));
  if (changes === undefined && !text.includes('\n')) return alone;
  if (changes === undefined) return {...NOTHING, damaged: damage(paths.changes, 'it has no head')};
  if (!isOf(owner, changes.header)) return {...NOTHING, damaged: foreign(paths.changes)};
  const isBeside = [base?.sum ?? null, base?.header.before].includes(changes.header.base);
  if (!isBeside) {
    return {...NOTHING, damaged: damage(paths.changes, 'it belongs to another state')};
  }
  if (changes.damaged) {
    return {...NOTHING, damaged: damage(paths.changes, 'its bytes are not what was written')};
  }
  return {base, changes, isTorn: false, damaged: null};
}

const isOf = (
  {job, source, targetVolume}: StateOwner,
  header: Pick<StateOwner, 'job' | 'source' | 'targetVolume'>,
) =>
  header.job === job &&
  header.targetVolume === targetVolume &&
  header.source.volume === source.volume &&
  header.source.folder === source.folder;

export const damage = (path: string, why: string): Cause => ({
  code: 'state-damaged',
  path,
  message: `what this job knew of the target is damaged: ${why}`,
  next: 'Nothing is archived in this run: the copies that stand there are read and known again. Look at the drive if this comes twice.',
});

const foreign = (path: string): Cause => ({
  code: 'state-foreign',
  path,
  message: 'what lies there is the state of another job, source or drive',
  next: 'Nothing is archived in this run: the copies that stand there are read and known again.',
});

/** @returns undefined when there is none. A place that the medium cannot give (EIO) is read as damage. */
async function readIfThere(files: Files, path: string): Promise<string | undefined> {
  try {
    return await readText(files, path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return undefined;
    if (errno === 'EIO') return '\n';
    throw error;
  }
}
