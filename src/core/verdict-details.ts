/** What the verdict screen says below all verdicts: once what is the same for several cards, and what is not card by card. */
import type {CardState} from './card-state.ts';
import {letterOf} from './card-state.ts';
import type {CopySummary, VerdictReached} from './events.ts';
import {printable} from './printable.ts';
import {type RunCard, runCards} from './run-cards.ts';
import type {SessionRun, SessionState} from './session/session-state.ts';
import {checkCommand, findCheck, verdictParts} from './verdict-text.ts';
import {joinWithAnd} from './words.ts';

/** All printable. */
export type Detail =
  | {readonly kind: 'next' | 'words'; readonly text: string}
  /** A path is never broken. */
  | {readonly kind: 'path'; readonly lead: string; readonly path: string}
  /** A command line: each part but the first may begin a new line, and nothing else may. */
  | {readonly kind: 'command'; readonly parts: readonly string[]; readonly canPaste: boolean};

interface Judged extends RunCard {
  readonly state: CardState;
  readonly verdict: VerdictReached;
}

/** @returns the sentences below the verdicts; none without any. */
export function verdictDetails(session: SessionState): readonly Detail[] {
  const cards = runCards(session);
  const judged = cards.flatMap((card): Judged[] => {
    const {state, verdict} = card;
    return state === null || verdict === null ? [] : [{...card, state, verdict}];
  });
  const places = new Map<string, Judged[]>();
  for (const card of judged) {
    const key = JSON.stringify(card.verdict.copies.map(({to, shoot}) => [to, shoot]));
    places.set(key, [...(places.get(key) ?? []), card]);
  }
  return [
    ...adviseOn(cards),
    ...[...places.values()].flatMap((same) => describePlace(same, session.run, cards.length > 1)),
  ];
}

/** Names the cards where not all may be formatted. */
function adviseOn(cards: readonly RunCard[]): readonly Detail[] {
  const safe = cards.filter(({verdict}) => verdict?.safe === true);
  if (safe.length === 0) return [];
  const all = safe.length === 1 ? 'it' : 'them';
  const what =
    safe.length === cards.length
      ? all
      : `only ${joinWithAnd(safe.map(({label}) => printable(label)))}`;
  return [{kind: 'next', text: `format ${what} in the camera, not here`}];
}

/** Cards that were copied into the same shoot on the same drives. */
function describePlace(
  cards: readonly Judged[],
  run: SessionRun | null,
  isNamed: boolean,
): readonly Detail[] {
  const [first] = cards;
  if (first === undefined) return [];
  const {state, verdict} = first;
  return [
    ...verdict.copies.map((copy, index) => describeDrive(copy, index, state)),
    ...cards.flatMap((card) => describeCard(card, run, isNamed)),
    ...describeCheck(cards),
  ];
}

function describeDrive({to, shoot}: CopySummary, index: number, {lanes}: CardState): Detail {
  const name = lanes.find((lane) => lane.to === to)?.name ?? to;
  const letter = letterOf(index);
  const lead = name === to ? `${letter}:` : `${letter} is ${printable(name)}:`;
  return {kind: 'path', lead, path: printable(shoot)};
}

function describeCard(
  {path, label, verdict}: Judged,
  run: SessionRun | null,
  isNamed: boolean,
): readonly Detail[] {
  const {took, leftOut} = verdictParts(verdict, tookOf(path, run));
  const facts = [took, leftOut].filter((fact) => fact !== null).join('; ');
  const name = isNamed ? printable(label) : '';
  const text = [name, facts].filter((part) => part !== '').join(': ');
  return [
    ...(text === '' ? [] : [{kind: 'words', text} as const]),
    ...describeRecords(verdict.copies),
  ];
}

function tookOf(path: string, run: SessionRun | null): {readonly tookMs?: number} {
  const verdictMs = run?.verdictMs.get(path);
  if (run === null || verdictMs === undefined) return {};
  const startedMs = run.cardStartedMs.get(path) ?? run.startedMs;
  return {tookMs: Math.max(0, verdictMs - startedMs)};
}

/** A record lies at the same place on every drive, below the folders that are named above it. */
function describeRecords(copies: readonly CopySummary[]): readonly Detail[] {
  const places = new Map<string, string[]>();
  const without: string[] = [];
  for (const [index, {manifest, shoot}] of copies.entries()) {
    const letter = letterOf(index);
    if (manifest === null) without.push(letter);
    else {
      const place = manifest.startsWith(shoot)
        ? manifest.slice(shoot.length).replace(/^[/\\]+/, '')
        : manifest;
      places.set(place, [...(places.get(place) ?? []), letter]);
    }
  }
  const records = [...places].map(
    ([place, letters]): Detail => ({
      kind: 'path',
      lead: `record on ${joinWithAnd(letters)}:`,
      path: printable(place),
    }),
  );
  if (without.length === 0) return records;
  return [...records, {kind: 'words', text: `no record on ${joinWithAnd(without)}`}];
}

/** One command for all lists of a folder. */
function describeCheck(cards: readonly Judged[]): readonly Detail[] {
  const folders = new Map<string, {canPaste: boolean; lists: string[]}>();
  for (const {verdict} of cards) {
    const check = findCheck(verdict.copies);
    if (check === null) continue;
    const known = folders.get(check.folder) ?? {canPaste: true, lists: []};
    known.canPaste &&= check.canPaste;
    known.lists.push(check.list);
    folders.set(check.folder, known);
  }
  const commands = [...folders].map(
    ([folder, {canPaste, lists}]): Detail => ({
      kind: 'command',
      parts: checkCommand({folder, canPaste}, [...new Set(lists)]),
      canPaste,
    }),
  );
  if (commands.length === 0) return [];
  const what = cards.length === 1 ? 'it' : 'them';
  return [{kind: 'words', text: `check ${what} without this program:`}, ...commands];
}
