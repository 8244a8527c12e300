/** What the terminal UI says of failures: printable, and with keys where elsewhere something is typed. */
import type {LaneState} from './card-state.ts';
import {causeText} from './cause-text.ts';
import type {FailureGroup} from './failure-groups.ts';
import {formatCount} from './format-amounts.ts';
import {printable} from './printable.ts';
import type {RunCard} from './run-cards.ts';
import type {SessionState} from './session/session-state.ts';
import {countFiles} from './words.ts';

/** How a card is offloaded again: by a key now, by a key when nothing runs any more, or from the ready screen. */
export type Again = 'now' | 'later' | 'anew';

const AGAIN: Readonly<Record<Again, string>> = {
  now: 'press r',
  later: 'press r at the end',
  anew: 'offload it again',
};

/** @returns how this card is offloaded again; one that is gone by now has to come back first. */
export function chooseAgain(seen: RunCard['seen'], {screen}: Pick<SessionState, 'screen'>): Again {
  if (seen === null) return 'anew';
  return screen === 'verdict' ? 'now' : 'later';
}

/** @returns the sentences of every output with what is done here instead of a command. */
export function sayAgain(text: string, again: Again): string {
  const words = AGAIN[again];
  return text
    .replaceAll('run the same command again', words)
    .replaceAll('Run the same command again', words.slice(0, 1).toUpperCase() + words.slice(1));
}

type Lanes = readonly Pick<LaneState, 'to' | 'letter' | 'name'>[];

/** @returns `the card`, or the destination with its letter. */
export function nameWhere({to}: {readonly to: string | null}, lanes: Lanes): string {
  if (to === null) return 'the card';
  const lane = lanes.find((one) => one.to === to);
  return lane === undefined ? printable(to) : nameLane(lane);
}

const nameLane = ({letter, name}: Pick<LaneState, 'letter' | 'name'>): string =>
  `${letter} ${printable(name)}`;

/** @returns `B LaCie Rugged was lost on the way: the drive is gone. Plug it in again.` */
export function describeLost(lane: LaneState, again: Again): string {
  const lost = `${nameLane(lane)} was lost on the way`;
  if (lane.lostCause === null) return lost;
  const {message, next} = lane.lostCause;
  return `${lost}: ${sayAgain(causeText({message, next}), again)}`;
}

/** @returns each destination that was lost once, whatever cards were on their way to it. */
export function findLostLanes(
  cards: readonly {readonly lanes: readonly LaneState[]}[],
): readonly LaneState[] {
  const lost = cards.flatMap(({lanes}) => lanes.filter((lane) => lane.lost));
  return lost.filter(({to}, index) => lost.findIndex((lane) => lane.to === to) === index);
}

/** What an errno means of a drive or a card (errno(3)). */
const WHY: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'no space left'],
  ['EDQUOT', 'the quota is used up'],
  ['EROFS', 'the drive became read-only'],
  ['EIO', 'the device reports an error'],
  ['ENODEV', 'the device is gone'],
  ['ENXIO', 'the device is gone'],
  ['EFBIG', 'too large for that file system'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ETIMEDOUT', 'no answer in time'],
]);

export interface GroupWords {
  /** `16 files were not written: no space left (ENOSPC)`; what happened to the one file where it is one. */
  readonly what: string;
  /** What to do; may be empty. */
  readonly next: string;
}

/** @returns words without the place and without names, not printable yet. */
export function describeGroup(group: FailureGroup, lanes: Lanes, again: Again): GroupWords {
  const {to, code, message, next, paths} = group;
  const letter = lanes.find((lane) => lane.to === to)?.letter;
  const todo = sayAgain(letter === undefined ? next : nameDrive(next, letter), again);
  if (paths.length === 1) return {what: message, next: todo};
  const files = countFiles(paths.length);
  const why = WHY.get(code);
  if (why === undefined) return {what: `${files}: ${message}`, next: todo};
  const happened =
    to === null ? 'could not be read' : /^writing/.test(message) ? 'were not written' : 'failed';
  return {what: `${files} ${happened}: ${why} (${code})`, next: todo};
}

/** A key goes on with the same drives: another one is not to be had by it. */
const nameDrive = (next: string, letter: string): string =>
  next.replace('that drive or choose a larger one', 'that drive').replaceAll('that drive', letter);

/** As many files are named in a sentence; the list of failures has them all. */
const NAMED = 3;

/** @returns `B LaCie Rugged: 16 files were not written: no space left (ENOSPC): IMG_1.CR3, IMG_2.CR3, IMG_3.CR3 and 13 more. Free space on B, then press r.` */
export function describeFailures(group: FailureGroup, lanes: Lanes, again: Again): string {
  const {what, next} = describeGroup(group, lanes, again);
  const where = nameWhere(group, lanes);
  const [only = '', ...others] = group.paths;
  if (others.length === 0) {
    return `${where}: ${printable(only)}: ${causeText({message: what, next})}`;
  }
  const names = group.paths.slice(0, NAMED).map((path) => printable(nameOf(path)));
  const more = group.paths.length - names.length;
  const rest = more > 0 ? ` and ${formatCount(more)} more` : '';
  return `${where}: ${printable(what)}: ${names.join(', ')}${rest}. ${printable(next)}`.trim();
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
