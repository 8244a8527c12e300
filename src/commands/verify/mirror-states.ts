/** The mirrors that write into a folder: what lies in its `.offload-mirror`. */
import {join} from 'node:path';
import {peekState, type StateView} from '../../backup/state-file.ts';
import type {VolumeFolder} from '../../core/backup/backup-job.ts';
import {readChanges} from '../../core/backup/change-lines.ts';
import {MIRROR_FOLDER} from '../../core/backup/mirror-tree.ts';
import {parseStateHeader} from '../../core/backup/state-lines.ts';
import {type Cause, causeFrom, errnoOf} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {findMarker} from '../../system/volume-marker.ts';
import type {Program} from '../program.ts';

/** What one job knows of the folder. */
export interface KnownMirror extends StateView {
  /** Id of the job. */
  readonly job: string;
  readonly source: VolumeFolder;
}

export interface MirrorStates {
  /** The target folder, absolute, without links. */
  readonly folder: string;
  /** Number of its file system. */
  readonly device: bigint;
  readonly volume: Volume;
  /** Id of its marker. */
  readonly volumeId: string;
  /** The one with the newest run last. */
  readonly states: readonly KnownMirror[];
  /** States that are damaged or cannot be read: what they knew is not compared. */
  readonly problems: readonly Cause[];
  /** States of other volumes: they say nothing of this one. */
  readonly foreign: readonly Cause[];
}

/** @returns undefined where no mirror has left anything. */
export async function openMirrorStates(
  program: Program,
  folder: string,
): Promise<MirrorStates | undefined> {
  const own = join(folder, MIRROR_FOLDER);
  try {
    if ((await program.files.look(own)).kind !== 'folder') return undefined;
    const jobs = new Set(
      (await program.files.list(own)).flatMap(
        (name) => /^(.+)\.(?:state|changes)$/.exec(name)?.[1] ?? [],
      ),
    );
    if (jobs.size === 0) return undefined;
    const volume = await program.describeVolume(folder);
    const marker = await findMarker(program.files, folder, volume);
    const {device} = await program.files.follow(folder);
    // Of a volume that nobody knows again no state speaks.
    const volumeId = marker?.marker.id ?? '';
    const found: Found[] = [];
    for (const job of [...jobs].sort())
      found.push(await openOne(program, {own, job, volume: volumeId}));
    const states = found.flatMap((one) => (one.kind === 'known' ? one.state : []));
    states.sort((a, b) => ((a.newestRun ?? '') < (b.newestRun ?? '') ? -1 : 1));
    const causes = (kind: 'damaged' | 'foreign') =>
      found.flatMap((one) => (one.kind === kind ? one.cause : []));
    const [problems, others] = [causes('damaged'), causes('foreign')];
    return {folder, device, volume, volumeId, states, problems, foreign: others};
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

type Found =
  | {readonly kind: 'known'; readonly state: KnownMirror}
  | {readonly kind: 'damaged' | 'foreign'; readonly cause: Cause}
  /** A run that died before it wrote anything down. */
  | {readonly kind: 'none'};

async function openOne(
  program: Program,
  {own, job, volume}: {readonly own: string; readonly job: string; readonly volume: string},
): Promise<Found> {
  const {files, hashEngine} = program;
  const path = join(own, `${job}.state`);
  try {
    const owner = await readOwner(program, path, join(own, `${job}.changes`));
    if (owner === 'none') return {kind: 'none'};
    if (owner === undefined) return {kind: 'damaged', cause: damaged(path, 'its head is none')};
    if (owner.targetVolume !== volume) return {kind: 'foreign', cause: foreign(path)};
    const {source} = owner;
    const setting = {folder: own, job, source, targetVolume: volume, hashEngine};
    const peeked = await peekState(files, setting);
    if (!peeked.ok) return {kind: 'damaged', cause: damaged(path, peeked.cause.message)};
    const view = peeked.value;
    if (view.damaged !== null)
      return {kind: 'damaged', cause: damaged(view.damaged.path ?? path, view.damaged.message)};
    const {reader, known, newestRun} = view;
    const state: KnownMirror = {
      job,
      source,
      reader,
      known,
      newestRun,
      // Some damage is found when the records are read.
      get damaged() {
        return view.damaged && damaged(view.damaged.path ?? path, view.damaged.message);
      },
    };
    return {kind: 'known', state};
  } catch (error) {
    return {kind: 'damaged', cause: damaged(path, causeFrom(error, 'reading it', path).message)};
  }
}

interface Owner {
  readonly source: VolumeFolder;
  readonly targetVolume: string;
}

async function readOwner(
  {files, hashOfText}: Program,
  state: string,
  changes: string,
): Promise<Owner | 'none' | undefined> {
  const head = await readHead(files, state);
  if (head !== undefined) return parseStateHeader(head);
  const first = await readHead(files, changes);
  if (first === undefined || first === '') return 'none';
  return readChanges(`${first}\n`, hashOfText)?.header;
}

/** More than a path and four ids take. */
const LONGEST_HEAD = 64 * 1024;

/** @returns the first line, empty when it is not whole; undefined when the file is not there. @throws the system's error. */
async function readHead(files: Program['files'], path: string): Promise<string | undefined> {
  let file: Awaited<ReturnType<Program['files']['openToRead']>>;
  try {
    file = await files.openToRead(path, {direct: false});
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const block = Buffer.alloc(LONGEST_HEAD);
    const text = block.toString('utf8', 0, await file.read(block, block.length, 0));
    return text.slice(0, Math.max(0, text.indexOf('\n')));
  } finally {
    await file.close();
  }
}

const damaged = (path: string, why: string): Cause => ({
  code: 'mirror-damaged',
  path,
  message: `what the backup knew of this folder cannot be used: ${why}`,
  next: 'What only the backup knows is not compared. Run the backup again: it reads all copies and knows them again.',
});

const foreign = (path: string): Cause => ({
  code: 'mirror-foreign',
  path,
  message:
    'what a backup wrote down there speaks of another drive than this one, so it is not used',
  next: 'Look whether the marker of this drive is in its place. If the files were copied from that drive, run a backup to this one, or verify that one.',
});
