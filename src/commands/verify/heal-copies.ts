/** `offload verify --heal`: bad copies in one folder are brought back from good ones. What is bad is moved aside and kept. */
import {dirname, join} from 'node:path';
import {readMedium} from '../../../verify/read-medium.ts';
import type {CheckedCopy} from '../../../verify/verify-shoot.ts';
import {type Cause, errnoOf} from '../../core/cause.ts';
import type {CopyHealed, Emit} from '../../core/events.ts';
import {unreachable} from '../../core/unreachable.ts';
import {restoreFile} from '../../engine/restore-file.ts';
import {nameRestoring} from '../../engine/restore-temporaries.ts';
import type {MediumMethod} from '../../system/medium.ts';
import {systemError} from '../../system/system-error.ts';
import type {Program} from '../program.ts';
import type {FoundPlace} from '../restore/collect-files.ts';
import {findAway, missingCause} from '../restore/missing-words.ts';
import {readerOf} from '../restore/place-files.ts';
import {rememberMethods} from '../restore/remember-methods.ts';
import type {FindGoodCopies, GoodCopies} from './find-good-copies.ts';
import {type HealPlace, type OpenedPlace, openPlace} from './heal-place.ts';
import {isCurable, lookAtBad, refuseChange} from './still-bad.ts';
import type {JudgedCopy} from './verify-records.ts';

interface HealOrder {
  readonly place: HealPlace;
  /** The user asked for it. */
  readonly isWanted: boolean;
  readonly findGood: FindGoodCopies;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** @returns what brings copies back and tells of each; it returns those that are good now. */
export function openHealer(
  program: Program,
  order: HealOrder,
): (bad: readonly JudgedCopy[]) => Promise<readonly CheckedCopy[]> {
  return async (bad) => {
    const curable = order.isWanted ? bad.filter(isCurable) : [];
    if (curable.length === 0) return [];
    const opened = await openPlace(program, order.place);
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
  const methodOf = rememberMethods(program, () => [...hashes].flatMap(good.placesOf));
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
  readonly methodOf: (place: FoundPlace) => Promise<MediumMethod>;
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
  for (const found of good.placesOf(hash)) {
    const {path} = found;
    if (path !== place) copies.push({path, method: await methodOf(found)});
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
        await refuseChange(files, place, standing.value);
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
