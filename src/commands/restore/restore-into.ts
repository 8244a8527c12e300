import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import type {Emit, RestoreFinished} from '../../core/events.ts';
import {printable} from '../../core/printable.ts';
import type {Destination} from '../../engine/destination.ts';
import {largestFileOn} from '../../system/naming-rules.ts';
import type {RunEnd} from '../offload.ts';
import {type CloudShelf, openShelf} from '../offsite/cloud/index.ts';
import type {Program} from '../program.ts';
import type {UserFolder} from '../resolve-folder.ts';
import {tooFull, tooLarge} from '../space-causes.ts';
import type {Source} from './find-sources.ts';
import {findAway, missingCause} from './missing-words.ts';
import {openDestination} from './open-destination.ts';
import {type PlacedFile, placeFiles, type Wanted} from './place-files.ts';
import {rememberMethods} from './remember-methods.ts';
import {restoreFiles} from './restore-files.ts';
import {RestoreMeter} from './restore-meter.ts';

interface RestoreJob {
  readonly program: Program;
  readonly folder: UserFolder;
  readonly files: readonly Wanted[];
  readonly sources: readonly Source[];
  /** The sources are those that the user named. */
  readonly named: boolean;
  readonly dryRun: boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface RestoreEnd {
  readonly end: RunEnd;
  readonly sumUp: (test: RestoreFinished['test']) => RestoreFinished;
}

/** Restores the files below a folder. @returns how it ended, or why nothing was begun. */
export async function restoreInto(job: RestoreJob): Promise<Result<RestoreEnd>> {
  const {program, folder, files, sources, named, dryRun, emit, signal} = job;
  const opened = await openDestination(program, folder, {dryRun});
  if (!opened.ok) return opened;
  const {destination, laneOf, close} = opened.value;
  const awake = program.keepAwake();
  try {
    const sizes = files.map(({file}) => file.size);
    const meter = new RestoreMeter({clock: program.clock, emit, to: folder.path, sizes});
    const onPlaced = ({wanted: {file}, standing}: PlacedFile) => {
      if (standing.kind === 'present') meter.skip(file.path, file.size);
    };
    const methodOf = rememberMethods(program, () => files.flatMap(({places}) => places));
    const placed = await placeFiles({program, laneOf, methodOf, dryRun, signal, onPlaced}, files);
    const problem = await findSpaceProblem(program, destination, placed);
    if (problem !== undefined) return failed(problem);
    const connected = new Set(sources.flatMap(({volume}) => volume ?? []));
    const shelf = await openShelf(program);
    const about = {program, connected, named, shelf, meter, emit, signal};
    if (dryRun) await tellPlan(about, placed);
    else await restoreFiles({...about, methodOf}, placed);
    const isStopped = signal.aborted;
    return ok({end: endOf(meter, isStopped), sumUp: (test) => meter.sumUp(test, !isStopped)});
  } finally {
    await awake.release();
    await close();
  }
}

function endOf({isAllGood}: RestoreMeter, isStopped: boolean): RunEnd {
  if (isStopped) return {outcome: 'cancelled', exitCode: 130};
  return {outcome: 'complete', exitCode: isAllGood ? 0 : 1};
}

/** Room that a file system needs for names and folders. */
const SPARE_BYTES = 1024 * 1024;

async function findSpaceProblem(
  {files}: Program,
  {to, name, volume}: Destination,
  placed: readonly PlacedFile[],
): Promise<Cause | undefined> {
  const writing = placed.filter(
    ({standing, wanted}) => standing.kind === 'free' && wanted.places.length > 0,
  );
  const limit = largestFileOn(volume);
  const large = writing.find(({wanted: {file}}) => limit !== null && file.size > limit);
  if (large !== undefined) return tooLarge(large.wanted.file, name);
  if (writing.length === 0) return undefined;
  const bytes = writing.reduce((sum, {wanted: {file}}) => sum + file.size, SPARE_BYTES);
  try {
    const free = await files.freeBytes(to);
    return free < bytes ? tooFull({to, name, bytes, free}) : undefined;
  } catch (error) {
    return causeFrom(error, `asking ${printable(name)} for its free space`, to);
  }
}

interface Telling {
  readonly program: Program;
  readonly connected: ReadonlySet<string>;
  readonly named: boolean;
  readonly shelf: CloudShelf;
  readonly meter: RestoreMeter;
  readonly emit: Emit;
}

/** What a dry run says of each file. Nothing is read but sizes. */
async function tellPlan(
  {program, connected, named, shelf, meter, emit}: Telling,
  placed: readonly PlacedFile[],
): Promise<void> {
  const isAnywhere = async (wanted: Wanted) =>
    (await isThere(program, wanted)) || (!named && (await shelf.find(wanted.file.hash)).length > 0);
  for (const {wanted, lane, target, standing} of placed) {
    const {shoot, path, hash, size} = wanted.file;
    const version = versionOf(wanted);
    const about = {type: 'file-restored', shoot, path, hash, size, ...version} as const;
    if (standing.kind === 'unplaceable') {
      const {code, message, next} = standing.cause;
      const event = {...about, state: 'failed', code, message, next} as const;
      meter.count(event);
      emit(event);
    } else if (standing.kind === 'free' && !(await isAnywhere(wanted))) {
      const drives = findAway(wanted.drives.values(), connected);
      const event = {...about, state: 'missing', drives, ...missingCause(drives, named)} as const;
      meter.count(event);
      emit(event);
    } else {
      const present = standing.kind !== 'free';
      // Nothing is written, so only the count is the same as later.
      meter.count({...about, state: present ? 'present' : 'restored'});
      const card = {path: lane.root, label: shoot};
      emit({type: 'copy-planned', card, path, to: lane.root, target, size, present});
    }
  }
}

const versionOf = ({version}: Wanted) => (version === undefined ? {} : {version});

/** True when a file of its size lies at one of its places. */
async function isThere({files}: Program, {file, places}: Wanted): Promise<boolean> {
  for (const {path} of places) {
    try {
      const facts = await files.look(path);
      if (facts.kind === 'file' && facts.size === file.size) return true;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return false;
}
