/** The line in which a shoot is named: typing, moving, and completing from the newest shoots. */
import {fitsLimits} from '../name-length.ts';
import {PORTABLE_RULES} from '../safe-names.ts';
import type {KeyPress} from './key-press.ts';
import type {Action} from './keys.ts';
import type {ShootEntry} from './overlay.ts';
import type {SessionState} from './session-state.ts';

/** As many as fit under the line on a small screen. */
const SUGGESTIONS = 5;

/** Opens the line with the name that there is, or with the day of the selected card's first picture. */
export function openShootEntry(state: SessionState): SessionState {
  const card = state.cards.find(({path}) => path === state.selectedCard);
  const day = card?.survey?.shootDate ?? null;
  const text = state.shoot ?? (day === null ? '' : `${day} `);
  return {...state, overlay: entry(state, text, [...text].length)};
}

function entry({recentShoots}: SessionState, text: string, at: number): ShootEntry {
  const start = text.trim().toLowerCase();
  const alike = recentShoots.filter((name) => name.toLowerCase().includes(start));
  return {type: 'shoot', text, at, suggestions: alike.slice(0, SUGGESTIONS), chosen: null};
}

/** @param action what the key means here, if it is not simply typed. */
export function editShoot(
  state: SessionState,
  press: KeyPress,
  action: Action | null,
): SessionState {
  const {overlay} = state;
  if (overlay?.type !== 'shoot') return state;
  const {text, at, suggestions, chosen} = overlay;
  switch (action) {
    case 'close':
      return {...state, overlay: null};
    case 'accept': {
      const name = (chosen === null ? text : (suggestions[chosen] ?? text)).trim();
      return {...state, overlay: null, shoot: name === '' ? null : name};
    }
    case 'complete': {
      const name = suggestions[chosen ?? 0];
      return name === undefined ? state : {...state, overlay: entry(state, name, [...name].length)};
    }
    case 'next':
    case 'previous': {
      if (suggestions.length === 0) return state;
      const step = action === 'next' ? 1 : -1;
      const to = chosen === null ? (step > 0 ? 0 : suggestions.length - 1) : chosen + step;
      const inside = to >= 0 && to < suggestions.length ? to : null;
      return {...state, overlay: {...overlay, chosen: inside}};
    }
    default: {
      const edited = editText([...text], at, press);
      return edited === undefined
        ? state
        : {...state, overlay: moved(state, overlay, edited.points.join(''), edited.at)};
    }
  }
}

/** Moving the cursor keeps the suggestions and the choice; a changed text looks for new ones. */
function moved(state: SessionState, before: ShootEntry, text: string, at: number): ShootEntry {
  return text === before.text ? {...before, at} : entry(state, text, at);
}

interface Edited {
  readonly points: readonly string[];
  readonly at: number;
}

function editText(points: readonly string[], at: number, press: KeyPress): Edited | undefined {
  const before = points.slice(0, at);
  const after = points.slice(at);
  switch (press.key) {
    case 'text': {
      const typed = [...press.text].filter((point) => !isControl(point));
      const added = takeFitting(typed, points.join(''));
      return {points: [...before, ...added, ...after], at: at + added.length};
    }
    case 'backspace':
      return {points: [...before.slice(0, -1), ...after], at: Math.max(0, at - 1)};
    case 'delete':
      return {points: [...before, ...after.slice(1)], at};
    case 'left':
      return {points, at: Math.max(0, at - 1)};
    case 'right':
      return {points, at: Math.min(points.length, at + 1)};
    case 'home':
      return {points, at: 0};
    case 'end':
      return {points, at: points.length};
    default:
      return undefined;
  }
}

/** @returns as much as makes a folder name that every drive takes: what is longer would be cut there and marked. */
function takeFitting(typed: readonly string[], text: string): readonly string[] {
  let longer = text;
  const end = typed.findIndex((point) => {
    longer += point;
    return !fitsLimits(longer, PORTABLE_RULES);
  });
  return end < 0 ? typed : typed.slice(0, end);
}

const isControl = (point: string): boolean => /\p{Cc}|\p{Cs}/u.test(point);
