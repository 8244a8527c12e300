import {join} from 'node:path';
import type {CardFile, CardListing} from '../../core/card.ts';
import type {CardSurvey} from '../../core/card-survey.ts';
import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import {type CardEnds, EndFinder} from '../../core/survey/card-ends.ts';
import {CardTally} from '../../core/survey/card-tally.ts';
import {clockTimeOf} from '../../core/survey/file-time.ts';
import {nameCamera} from '../../core/survey/name-camera.ts';
import {scanCard} from '../../engine/scan-card.ts';
import type {Capture} from '../../system/capture-reader.ts';
import {holdExiftool} from '../../system/exiftool.ts';
import {defaultShootName, findFirstPicture} from '../offload/name-shoot.ts';
import type {Program} from '../program.ts';
import type {UserFolder} from '../resolve-folder.ts';
import {visitFiles} from './visit-files.ts';

/** Pictures from each end that are asked before file times have to do: a broken one may lie there. */
const TRIES = 3;

export interface SurveyedCard {
  readonly survey: CardSurvey;
  readonly listing: CardListing;
}

/**
 * Looks at a card without copying: counts what an offload would copy, and asks the first and the last picture when and by what they were taken. Two files are open at a time at
 * the most. Writes nothing to the card.
 * @returns the survey, an empty one for an empty card; or why the card cannot be read, with the code `cancelled` when the signal stopped it.
 */
export async function surveyCard(
  program: Program,
  card: Pick<UserFolder, 'path' | 'real' | 'volume'>,
  signal: AbortSignal,
): Promise<Result<SurveyedCard>> {
  const listing = await scanCard(program.files, card.real, signal);
  if (signal.aborted) return failed(cancelled(card.path));
  const {unreadable} = listing;
  if (unreadable.some(({path}) => path === card.real)) return failed(cardUnreadable(card.path));
  const tally = new CardTally();
  const ends = new EndFinder(TRIES);
  const count = (file: CardFile) => {
    tally.add(file);
    ends.add(file);
  };
  await visitFiles(listing.files, count, signal);
  const asking = {program, root: card.real, signal, asked: new Map()};
  const {cameras, times, shootDate} = await holdExiftool(async () => ({
    ...(await askEnds(ends.find(), asking)),
    shootDate: await findShootDate(listing, asking),
  }));
  if (signal.aborted) return failed(cancelled(card.path));
  const fileTimes = tally.times.flatMap((time) => clockTimeOf(time, program.timeZone) ?? []);
  const taken = times.length > 0 ? times : fileTimes;
  const survey: CardSurvey = {
    files: tally.files,
    bytes: tally.bytes,
    kinds: tally.countKinds(),
    cameras,
    firstTaken: taken[0] ?? null,
    lastTaken: taken.at(-1) ?? null,
    shootDate,
    unreadable: unreadable.length,
  };
  return ok({survey, listing});
}

/** As an offload names it: what the screen promises is what comes. */
async function findShootDate(listing: CardListing, asking: Asking): Promise<string | null> {
  if (listing.files.length === 0) return null;
  const picture = findFirstPicture(listing);
  const capture = picture && (await ask(picture, asking));
  return defaultShootName(capture, listing, asking.program.timeZone);
}

interface Asking {
  readonly program: Program;
  readonly root: string;
  readonly signal: AbortSignal;
  /** By path: none is asked twice. */
  readonly asked: Map<string, Promise<Capture | undefined>>;
}

async function ask({path}: CardFile, asking: Asking): Promise<Capture | undefined> {
  const {program, root, signal, asked} = asking;
  if (signal.aborted) return undefined;
  const answer = asked.get(path) ?? program.captures.read(program.files, join(root, path));
  asked.set(path, answer);
  return await answer;
}

/** What the ends of a card say: cameras, each once, and times, earliest first. */
interface Answers {
  readonly cameras: readonly string[];
  readonly times: readonly string[];
}

async function askEnds({first, last}: CardEnds, asking: Asking): Promise<Answers> {
  const ends = await Promise.all([askEnd(first, asking), askEnd(last, asking)]);
  const cameras = ends.map(({camera}) => camera).filter((camera) => camera !== '');
  const times = ends.flatMap(({time}) => time ?? []);
  // A camera whose counter began anew, or a second camera, may have numbered a later picture first.
  return {cameras: [...new Set(cameras)], times: times.sort()};
}

/** @returns what the first of the files says that says anything; the file's time where none names one. */
async function askEnd(
  candidates: readonly CardFile[],
  asking: Asking,
): Promise<{camera: string; time: string | undefined}> {
  let camera = '';
  for (const candidate of candidates) {
    const capture = await ask(candidate, asking);
    if (capture === undefined) continue;
    camera ||= nameCamera(capture);
    if (capture.time !== '') return {camera, time: capture.time};
  }
  const [fallback] = candidates;
  const time = fallback && clockTimeOf(fallback.mtimeNs, asking.program.timeZone);
  return {camera, time};
}

const cardUnreadable = (path: string): Cause => ({
  code: 'card-unreadable',
  path,
  message: 'the card cannot be read',
  next: 'Take it out, put it in again, or try another reader.',
});

const cancelled = (path: string): Cause => ({
  code: 'cancelled',
  path,
  message: 'looking at the card was stopped',
  next: 'Put the card in again to look at it anew.',
});
