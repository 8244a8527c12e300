import {dirname} from 'node:path';
import PQueue from 'p-queue';
import {readMedium} from '../../../verify/read-medium.ts';
import type {CardFile} from '../../core/card.ts';
import {type Cause, causeFrom} from '../../core/cause.ts';
import type {Emit, FileRestored} from '../../core/events.ts';
import {unreachable} from '../../core/unreachable.ts';
import type {ReadBack} from '../../engine/copy-run.ts';
import {type BadCopy, type CopyPlace, restoreFile} from '../../engine/restore-file.ts';
import {nameRestoring, sweepRestores} from '../../engine/restore-temporaries.ts';
import type {CloudShelf} from '../offsite/cloud/index.ts';
import type {Program} from '../program.ts';
import type {FoundPlace} from './collect-files.ts';
import {findAway, missingCause} from './missing-words.ts';
import {type PlacedFile, readerOf} from './place-files.ts';
import {restoreFromCloud} from './restore-from-cloud.ts';
import type {RestoreMeter} from './restore-meter.ts';

interface Restoring {
  readonly program: Program;
  readonly methodOf: (place: FoundPlace) => Promise<CopyPlace['method']>;
  /** Volumes that are connected and were looked through. */
  readonly connected: ReadonlySet<string>;
  /** The user named the folders to look in. */
  readonly named: boolean;
  /** What no connected drive has is looked for there. */
  readonly shelf: CloudShelf;
  readonly meter: RestoreMeter;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** So many are read, written and proved at the same time: one is read while others are flushed. */
const FILES_AT_ONCE = 3;

/** Restores what is not there yet and tells of every file. Ends early when the signal is given or the destination is gone. */
export async function restoreFiles(
  restoring: Restoring,
  placed: readonly PlacedFile[],
): Promise<void> {
  const {program, meter, emit, signal} = restoring;
  const queue = new PQueue({concurrency: FILES_AT_ONCE});
  const broken: unknown[] = [];
  const word = program.newWord();
  let made = 0;
  const nameTemporary = () => nameRestoring(program.self, word, ++made);
  await sweepFolders(program, placed, emit);
  let lost: Cause | undefined;
  for (const one of placed) {
    void queue.add(async () => {
      if (signal.aborted || lost !== undefined || broken.length > 0) return;
      try {
        const loss = await restoreOne(restoring, one, nameTemporary);
        if (loss !== undefined && lost === undefined) {
          lost = loss;
          emit({type: 'noticed', level: 'warning', ...loss});
        }
      } catch (error) {
        broken.push(error);
      }
    });
  }
  await queue.onIdle();
  if (broken.length > 0) throw broken[0];
  meter.tell(null);
}

/** What restores that died left in the folders that are written now. */
async function sweepFolders(
  {files, self}: Program,
  placed: readonly PlacedFile[],
  emit: Emit,
): Promise<void> {
  const paths = new Set(placed.map(({lane, target}) => lane.absolute(target)));
  const folders = new Set([...paths].map((path) => dirname(path)));
  const isCopy = (path: string) => paths.has(path);
  for (const folder of folders) {
    try {
      await sweepRestores(files, folder, {self, isCopy});
    } catch (error) {
      const cause = causeFrom(error, 'removing what an earlier restore left', folder);
      emit({type: 'noticed', level: 'warning', ...cause});
    }
  }
}

/** @returns why the destination is gone, when it is. */
async function restoreOne(
  restoring: Restoring,
  {wanted, lane, target, standing}: PlacedFile,
  nameTemporary: () => string,
): Promise<Cause | undefined> {
  const {program, methodOf, connected, named, meter, emit, signal} = restoring;
  const {shoot, path, hash, size, mtimeNs} = wanted.file;
  const tell = (
    result: Omit<FileRestored, 'type' | 'shoot' | 'path' | 'hash' | 'size'>,
    as = hash,
  ) => {
    const about = {type: 'file-restored', shoot, path, hash: as, size} as const;
    const event = {
      ...about,
      ...(wanted.version === undefined ? {} : {version: wanted.version}),
      ...result,
    };
    meter.count(event);
    emit(event);
  };
  if (standing.kind === 'present') {
    const {mediumRead} = standing;
    tell({state: 'present', target: lane.absolute(target), mediumRead}, standing.hash);
    return undefined;
  }
  if (standing.kind === 'unplaceable') {
    const {code, message, next} = standing.cause;
    tell({state: 'failed', code, message, next});
    return undefined;
  }
  const {files, run, copyBlocks: blocks, hashEngine} = program;
  const file: CardFile = {path, size, mtimeNs, changedNs: mtimeNs};
  const places = [...new Map(wanted.places.map((place) => [place.path, place])).values()];
  const copies: CopyPlace[] = [];
  for (const place of places) copies.push({path: place.path, method: await methodOf(place)});
  const reading = meter.begin(path, size);
  const setting = {
    files,
    run,
    blocks,
    hashEngine,
    readBack: (request: Parameters<ReadBack>[0]) => readMedium(readerOf(program), request),
    signal,
    onRead: reading.advance,
  };
  const request = {
    file,
    hash: hash === '' ? undefined : hash,
    copies,
    lane,
    target,
    nameTemporary,
    onBadCopy(copy: BadCopy) {
      reading.startAgain();
      tellBadCopy(copy, file, emit);
    },
  };
  const onDrives = await restoreFile(setting, request);
  const fromCloud =
    onDrives.kind === 'no-copy' && !named
      ? await restoreFromCloud(restoring, setting, request)
      : null;
  const outcome = fromCloud ?? onDrives;
  if (outcome.kind !== 'stopped') reading.finish();
  switch (outcome.kind) {
    case 'restored': {
      const {from, mediumRead} = outcome;
      tell(
        {state: 'restored', target: lane.absolute(outcome.target), from, mediumRead},
        outcome.hash,
      );
      return undefined;
    }
    case 'no-copy': {
      const drives = findAway(wanted.drives.values(), connected);
      tell({state: 'missing', drives, ...missingCause(drives, named)});
      return undefined;
    }
    case 'failed': {
      const {code, message, next} = outcome.cause;
      tell({state: 'failed', target: lane.absolute(target), code, message, next});
      return outcome.lost;
    }
    case 'stopped':
      return undefined;
    default:
      return unreachable(outcome);
  }
}

const NEXT = {
  missing: 'Another copy is looked for.',
  changed:
    'Another copy is looked for. If nobody edited this one, the drive lost it: check the drive.',
  unreadable: 'Another copy is looked for. Check the drive.',
} as const;

const tellBadCopy = ({path, state, why}: BadCopy, file: CardFile, emit: Emit): void =>
  emit({
    type: 'copy-checked',
    path,
    cardPath: file.path,
    size: file.size,
    state,
    message: why,
    next: NEXT[state],
  });
