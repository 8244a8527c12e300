import {causeText} from '../cause-text.ts';
import type {Now} from '../format-dates.ts';
import {printable} from '../printable.ts';
import {joinWithAnd} from '../words.ts';
import {describeCards, describeDrives} from './describe-arrivals.ts';
import {describeBackup, describeJobs} from './describe-backups.ts';
import {describeOverlay} from './describe-overlay.ts';
import {describeRun} from './describe-run.ts';
import type {SessionState} from './session-state.ts';

/**
 * What a person who hears the screen must be told of a change: everything that means something, each once, and nothing that only moves.
 * @returns printable sentences, each for one line.
 */
export function describeChange(
  before: SessionState,
  after: SessionState,
  now: Now,
): readonly string[] {
  if (before === after) return [];
  return [
    ...describeCards(before, after, now),
    ...describeDrives(before, after),
    ...describeRun(before, after),
    ...describeChoice(before, after),
    ...describeOverlay(before, after, now),
    ...describeJobs(before, after, now),
    ...describeBackup(before.backup, after.backup),
    ...after.notices.filter((notice) => !before.notices.includes(notice)).map(causeText),
    ...describeScreen(before, after),
  ];
}

/** What the next key is about: the selected card or drive, the shoot, the queue. */
function describeChoice(before: SessionState, after: SessionState): readonly string[] {
  const lines: string[] = [];
  const {focus} = after;
  const selected = nameSelected(after);
  const moved = focus !== before.focus || pathOf(before, focus) !== pathOf(after, focus);
  if (moved && selected !== null && after.screen === 'ready') lines.push(`selected: ${selected}`);
  if (after.shoot !== before.shoot) {
    lines.push(
      `shoot: ${after.shoot === null ? "the first picture's date" : printable(after.shoot)}`,
    );
  }
  const queued = after.queue.filter((path) => !before.queue.includes(path));
  if (queued.length > 0) {
    const names = queued.map((path) => printable(labelOf(after, path)));
    lines.push(`in the queue: ${joinWithAnd(names)}`);
  }
  return lines;
}

const pathOf = (state: SessionState, focus: SessionState['focus']) =>
  focus === 'cards' ? state.selectedCard : state.selectedDrive;

function nameSelected(state: SessionState): string | null {
  const path = pathOf(state, state.focus);
  if (state.focus === 'cards') {
    const card = state.cards.find((one) => one.path === path);
    return card === undefined ? null : `card ${printable(card.label)}`;
  }
  const drive = state.drives.find((one) => one.path === path);
  if (drive === undefined) return null;
  return `drive ${printable(drive.name)}, ${drive.role ?? 'no role'}`;
}

function labelOf({cards}: SessionState, path: string): string {
  return cards.find((card) => card.path === path)?.label ?? path;
}

const SCREENS: Readonly<Record<SessionState['screen'], string>> = {
  ready: 'ready: the cards and drives',
  working: 'working',
  verdict: 'the verdict: Enter goes back to the cards',
};

function describeScreen(before: SessionState, after: SessionState): readonly string[] {
  if (after.screen !== before.screen) return [SCREENS[after.screen]];
  const looked = after.looked && !before.looked;
  return looked && after.cards.length === 0 ? ['no card is there: insert one'] : [];
}
