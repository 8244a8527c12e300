/** What is said of cards and drives that come, change and go. */
import {formatBytes} from '../format-amounts.ts';
import type {Now} from '../format-dates.ts';
import {printable} from '../printable.ts';
import {findRoleProblems} from '../role-problems.ts';
import {describeCameras, describeCard} from '../session-words.ts';
import {countFiles} from '../words.ts';
import type {SessionCard, SessionDrive, SessionState} from './session-state.ts';

export function describeCards(
  before: SessionState,
  after: SessionState,
  now: Now,
): readonly string[] {
  const changed = after.cards.flatMap((card) => {
    const known = before.cards.find(({path}) => path === card.path);
    const name = printable(card.label);
    if (known === undefined) return [`card ${name}: ${describeCardState(card, now)}`];
    const words = describeCardState(card, now);
    return known === card || words === describeCardState(known, now) ? [] : [`${name}: ${words}`];
  });
  return [...changed, ...nameGone(before.cards, after.cards, ({label}) => label)];
}

function describeCardState(card: SessionCard, now: Now): string {
  const state = describeCard(card, now).forms[0] ?? '';
  const {survey} = card;
  if (survey === null || card.ejected !== 'no') return state;
  const amount = `${countFiles(survey.files)}, ${formatBytes(survey.bytes)}`;
  return `${state}, ${amount}, ${describeCameras(survey.cameras)}`;
}

export function describeDrives(before: SessionState, after: SessionState): readonly string[] {
  if (before.drives === after.drives && before.looked === after.looked) return [];
  const changed = after.drives.flatMap((drive) => {
    const known = before.drives.find(({path}) => path === drive.path);
    if (known === undefined) return [`drive ${nameDrive(drive)}${describeFree(drive)}`];
    return nameDrive(known) === nameDrive(drive) ? [] : [nameDrive(drive)];
  });
  const told = new Set(problemsOf(before));
  const problems = problemsOf(after).filter((words) => !told.has(words));
  return [...changed, ...nameGone(before.drives, after.drives, ({name}) => name), ...problems];
}

function nameDrive({name, role, letter}: SessionDrive): string {
  const sign = letter === null ? '' : ` ${letter}`;
  return `${printable(name)}: ${role === null ? 'no role' : `${role}${sign}`}`;
}

const describeFree = ({free}: SessionDrive): string =>
  free === null ? '' : `, ${formatBytes(free)} free`;

/** Before the first look is over a drive may be missing that is only not seen yet. */
function problemsOf({drives, looked}: SessionState): readonly string[] {
  return looked ? findRoleProblems(drives, null).map(({words}) => words) : [];
}

function nameGone<T extends {readonly path: string}>(
  before: readonly T[],
  after: readonly T[],
  name: (one: T) => string,
): readonly string[] {
  const left = before.filter(({path}) => !after.some((one) => one.path === path));
  return left.map((one) => `${printable(name(one))} is gone`);
}
