/** `offload verify --heal`: bad copies in one folder are brought back from good ones. What is bad is moved aside and kept. */
import {dirname, join} from 'node:path';
import {readMedium} from '../../../verify/read-medium.ts';
import {type CheckedCopy, copiesHere} from '../../../verify/verify-shoot.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import type {CopyHealed, Emit} from '../../core/events.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import {unreachable} from '../../core/unreachable.ts';
import type {FolderLock, Locking} from '../../engine/folder-lock.ts';
import {systemError} from '../../engine/lane.ts';
import {restoreFile} from '../../engine/restore-file.ts';
import {nameRestoring, sweepRestores} from '../../engine/restore-temporaries.ts';
import {lockShoot} from '../../engine/shoot-lock.ts';
import type {FileFacts} from '../../system/files.ts';
import type {MediumMethod} from '../../system/medium.ts';
import type {RecordedShoot} from '../find-records.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import type {UserFolder} from '../resolve-folder.ts';
import {findAway, missingCause} from '../restore/missing-words.ts';
import {findDestination, type OpenedRestore, openDestination} from '../restore/open-destination.ts';
import {readerOf} from '../restore/place-files.ts';
import type {FindGoodCopies, GoodCopies} from './find-good-copies.ts';
import type {JudgedCopy} from './verify-records.ts';

/** The folder that bad copies lie in. */
export interface HealPlace {
  /** Absolute. */
  readonly folder: string;
  /** The program's own folder in it: what is moved aside goes there. */
  readonly own: string;
  /** Keeps others from writing there. */
  readonly lock: (locking: Locking) => Promise<Result<FolderLock>>;
  /** True for the place of a recorded copy. */
  readonly isCopy: (path: string) => boolean;
  /** @returns what is still to be brought back, now that nobody else writes there. */
  readonly confirm: (bad: readonly JudgedCopy[]) => Promise<readonly JudgedCopy[]>;
}

interface HealOrder {
  readonly place: HealPlace;
  /** The user asked for it. */
  readonly isWanted: boolean;
  readonly findGood: FindGoodCopies;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Names of what a drive says when it cannot give bytes that it has. Everything else (no right to read, a link) is no fault of the bytes. */
const LOST = new Set(['EIO', 'EBADMSG', 'EUCLEAN', 'EREMOTEIO', 'ENODATA']);

/** What somebody changed is his: only what the drive lost is brought back. */
function isCurable({state, change}: JudgedCopy): boolean {
  if (state.kind === 'missing' || change === 'rotten') return true;
  return state.kind === 'unreadable' && LOST.has(state.code);
}

/** A shoot folder. Nobody else writes into it meanwhile. */
export function healsShoot({shoot, manifests}: RecordedShoot): HealPlace {
  const recorded = new Set(
    manifests.flatMap(({manifest}) => copiesHere(manifest).map(({target}) => join(shoot, target))),
  );
  return {
    folder: shoot,
    own: RECORD_FOLDER,
    lock: (locking) => lockShoot(locking, shoot),
    isCopy: (path) => recorded.has(path),
    confirm: async (bad) => bad,
  };
}

/** @returns what brings copies back and tells of each; it returns those that are good now. */
export function openHealer(
  program: Program,
  order: HealOrder,
): (bad: readonly JudgedCopy[]) => Promise<readonly CheckedCopy[]> {
  return async (bad) => {
    const curable = order.isWanted ? bad.filter(isCurable) : [];
    if (curable.length === 0) return [];
    const opened = await openPlace(program, order);
    if (!opened.ok) {
      for (const copy of curable) order.emit(describe(copy, order, opened.cause));
      return [];
    }
    const awake = program.keepAwake();
    try {
      const healing = {...order, ...opened.value, swept: new Set<string>()};
      return await healAll(program, healing, await order.place.confirm(curable));
    } finally {
      await awake.release();
      await opened.value.close();
    }
  };
}

interface OpenedPlace {
  /** True for the place of a recorded copy. */
  readonly isCopy: (path: string) => boolean;
  readonly folder: UserFolder;
  readonly lane: ReturnType<OpenedRestore['laneOf']>;
  readonly close: () => Promise<void>;
}

/** No card is written. */
async function openPlace(program: Program, {place}: HealOrder): Promise<Result<OpenedPlace>> {
  const {files, self, clock, newWord} = program;
  const folder = await findDestination(program, place.folder);
  if (!folder.ok) return folder;
  const lock = await place.lock({files, self, since: clock.now(), token: newWord()});
  if (!lock.ok) return lock;
  const {isCopy} = place;
  const opened = await openDestination(program, folder.value, {dryRun: false, isCopy});
  if (!opened.ok) {
    await lock.value.release();
    return opened;
  }
  const {laneOf, close} = opened.value;
  return ok({
    folder: folder.value,
    isCopy,
    lane: laneOf(''),
    async close() {
      await close();
      await lock.value.release();
    },
  });
}

interface Healing extends HealOrder, OpenedPlace {
  /** Folders in which nothing of a dead heal is left. */
  readonly swept: Set<string>;
}

async function healAll(
  program: Program,
  healing: Healing,
  curable: readonly JudgedCopy[],
): Promise<readonly CheckedCopy[]> {
  const {folder, findGood, emit, signal} = healing;
  const hashes = new Set(curable.flatMap(({file}) => file.blake3 ?? []));
  const good = await findGood({hashes, device: folder.device});
  const methodOf = rememberMethods(program, good, hashes);
  const stamp = program.clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const evidence = `${healing.place.own}/evidence/${stamp}-${program.newWord()}`;
  const healed: CheckedCopy[] = [];
  for (const [number, copy] of curable.entries()) {
    if (signal.aborted) break;
    const one = {copy, good, methodOf, evidence, number};
    const result = await healOne(program, healing, one);
    if (result.kind === 'stopped') break;
    emit(result.event);
    if (result.kind === 'healed') healed.push(result.copy);
    if (result.kind === 'lost') break;
  }
  return healed;
}

interface OneCopy {
  readonly copy: JudgedCopy;
  readonly good: GoodCopies;
  readonly methodOf: (hash: string, path: string) => Promise<MediumMethod>;
  /** Folder for what is moved aside, below the shoot folder. */
  readonly evidence: string;
  readonly number: number;
}

type HealResult =
  | {readonly kind: 'healed'; readonly event: CopyHealed; readonly copy: CheckedCopy}
  | {readonly kind: 'failed'; readonly event: CopyHealed}
  /** The drive is gone: nothing more can be healed. */
  | {readonly kind: 'lost'; readonly event: CopyHealed}
  | {readonly kind: 'stopped'};

async function healOne(
  program: Program,
  healing: Healing,
  {copy, good, methodOf, evidence, number}: OneCopy,
): Promise<HealResult> {
  const {files, run, copyBlocks: blocks, hashEngine, self, newWord} = program;
  const {lane, emit, signal} = healing;
  const {file, target} = copy;
  const hash = file.blake3 ?? '';
  const fail = (cause: Cause): HealResult => ({
    kind: 'failed',
    event: describe(copy, healing, cause),
  });
  const place = lane.absolute(target);
  const standing = await lookAtBad(program, healing, copy);
  if (!standing.ok) return standing.cause.code === 'stopped' ? STOPPED : fail(standing.cause);
  const copies = [];
  for (const {path} of good.placesOf(hash)) {
    if (path !== place) copies.push({path, method: await methodOf(hash, path)});
  }
  let kept: string | undefined;
  const mtimeNs = BigInt(file.mtimeNs);
  const word = newWord();
  const outcome = await restoreFile(
    {
      files,
      run,
      blocks,
      hashEngine,
      readBack: (request) => readMedium(readerOf(program), request),
      signal,
      onRead() {},
    },
    {
      file: {path: file.path, size: file.size, mtimeNs, changedNs: mtimeNs},
      hash,
      copies,
      lane,
      target,
      nameTemporary: (attempt) => nameRestoring(self, word, number * 10 + attempt),
      onBadCopy({path, state, why}) {
        if (state !== 'unreadable' && good.mayDiffer(path)) return;
        emit({
          type: 'copy-checked',
          path,
          cardPath: file.path,
          size: file.size,
          state,
          message: why,
          next: 'Another copy is looked for. Verify the drive that it lies on too.',
        });
      },
      async makeRoom() {
        if (standing.value === undefined) return;
        await refuseChange(program, place, standing.value);
        const aside = `${evidence}/${target}`;
        await lane.makeFolder(dirname(aside));
        await moveAside(files, place, lane.absolute(aside));
        kept = lane.absolute(aside);
        await files.syncFolder(dirname(kept));
        await files.syncFolder(dirname(place));
      },
    },
  );
  const aside = () => (kept === undefined ? {} : {evidence: kept});
  switch (outcome.kind) {
    case 'restored': {
      const {from, mediumRead} = outcome;
      const about = {...describe(copy, healing), from, mediumRead, ...aside()};
      return {
        kind: 'healed',
        event: {...about, state: 'healed'},
        copy: {target, file, state: {kind: 'good', mediumRead}},
      };
    }
    case 'no-copy': {
      const connected = new Set(good.sources.flatMap(({volume}) => volume ?? []));
      return fail({...missingCause(findAway(good.drivesOf(hash), connected), false), path: place});
    }
    case 'failed': {
      const event = {...describe(copy, healing, outcome.cause), ...aside()};
      return {kind: outcome.lost === undefined ? 'failed' : 'lost', event};
    }
    case 'stopped':
      return STOPPED;
    default:
      return unreachable(outcome);
  }
}

const STOPPED: HealResult = {kind: 'stopped'};

/**
 * Sweeps what a heal left that died, and reads bad bytes a second time: hours may have gone since the first, in which somebody edited the file or put it back.
 * @returns what stands there; undefined when nothing does.
 */
async function lookAtBad(
  program: Program,
  {lane, isCopy, swept, signal}: Healing,
  {target, file, state}: JudgedCopy,
): Promise<Result<FileFacts | undefined>> {
  const path = lane.absolute(target);
  try {
    const folder = dirname(path);
    if (!swept.has(folder)) {
      await sweepRestores(program.files, folder, {self: program.self, isCopy});
      swept.add(folder);
    }
    const facts = await program.files.look(path);
    const found = state.kind === 'changed' ? state.found : facts;
    if (state.kind === 'missing' || found === undefined || !isSame(facts, found))
      return failed(changedSince(path));
    const {method} = lane.access;
    const reading = await readMedium(readerOf(program), {path, method, signal});
    if (!reading.ok) return LOST.has(reading.cause.code) ? ok(facts) : reading;
    if (reading.value.hash === file.blake3) return failed(readTwice(path));
    return state.kind === 'changed' ? ok(facts) : failed(changedSince(path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ok(undefined);
    return failed(causeFrom(error, 'looking at it again', path));
  }
}

/** @throws EEXIST when it is not any more what was found bad. */
async function refuseChange({files}: Program, path: string, before: FileFacts): Promise<void> {
  if (!isSame(await files.look(path), before)) throw systemError('EEXIST', path);
}

const isSame = ({kind, size, mtimeNs}: FileFacts, before: FileFacts): boolean =>
  kind === 'file' && size === before.size && mtimeNs === before.mtimeNs;

/**
 * In one step, so that what a program saves under the name at this moment is moved with it and never removed. The folder is this heal's own: nothing is in it that could be replaced.
 * @throws EEXIST when something is all the same.
 */
async function moveAside(files: Program['files'], path: string, aside: string): Promise<void> {
  try {
    await files.look(aside);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    await files.replace(path, aside);
    return;
  }
  throw systemError('EEXIST', aside);
}

/** How files of each source are read past the cache, found out once. */
function rememberMethods(program: Program, good: GoodCopies, hashes: ReadonlySet<string>) {
  const all = [...hashes].flatMap(good.placesOf);
  const methods = new Map<unknown, Promise<MediumMethod>>();
  return (hash: string, path: string): Promise<MediumMethod> => {
    const source = good.placesOf(hash).find((place) => place.path === path)?.source;
    if (source === undefined) throw new Error(`${path} is of no source`);
    const known = methods.get(source);
    if (known !== undefined) return known;
    const paths = all.filter((place) => place.source === source).map((place) => place.path);
    const method = chooseReadMethod(program, source.folder.volume, paths);
    methods.set(source, method);
    return method;
  };
}

function describe(
  {target, file}: JudgedCopy,
  {place: {folder}}: HealOrder,
  cause?: Omit<Cause, 'path'>,
): CopyHealed {
  const {path: cardPath, size} = file;
  const about = {type: 'copy-healed', path: join(folder, target), cardPath, size} as const;
  if (cause === undefined) return {...about, state: 'failed'};
  const {code, message, next} = cause;
  return {...about, state: 'failed', code, message, next};
}

const readTwice = (path: string): Cause => ({
  code: 'read-differs',
  path,
  message: 'it was bad when it was read first, and right when it was read again',
  next: 'The drive, its cable or the memory of the computer spoils bytes on the way: try another cable or port and verify again.',
});

const changedSince = (path: string): Cause => ({
  code: 'changed-since',
  path,
  message: 'it is not any more what was found bad: somebody has written it since',
  next: 'It is left as it is. Run offload verify on the shoot again to see what it is now.',
});
