import type {SessionState} from '../../src/core/session/session-state.ts';
import {unreachable} from '../../src/core/unreachable.ts';
import {type Detail, verdictDetails} from '../../src/core/verdict-details.ts';
import {countCells, cutMiddle, wrapWords} from '../../src/core/wrap-words.ts';
import {spell} from '../ready/line.tsx';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';

/** Cells before a detail: as far in as the sentences of the verdicts. */
const INDENT = {narrow: 3, wide: 5} as const;
const NARROW = 60;

/** @param width cells. @returns what the verdicts rest on; words are wrapped, paths and commands never are. */
export function detailLines(
  state: SessionState,
  width: number,
  symbols: Symbols,
): readonly ScreenLine[] {
  const indent = width < NARROW ? INDENT.narrow : INDENT.wide;
  return verdictDetails(state).flatMap((detail, place) =>
    layOutDetail(detail, width - indent, symbols).map(
      (text, number): ScreenLine => ({
        kind: 'text',
        key: `detail ${place} ${number}`,
        text,
        indent,
        style: detail.kind === 'next' ? {} : symbols.styles.quiet,
      }),
    ),
  );
}

function layOutDetail(detail: Detail, room: number, symbols: Symbols): readonly string[] {
  switch (detail.kind) {
    case 'next':
    case 'words':
      return wrapWords(spell(detail.text, symbols), room);
    case 'path':
      return layOutPath(detail, room, symbols);
    case 'command':
      return layOutCommand(detail, room, symbols);
    default:
      return unreachable(detail);
  }
}

/** On one line, on two, or on one for each list, each as a shell takes it. */
function layOutCommand(
  {parts, canPaste}: Detail & {readonly kind: 'command'},
  room: number,
  {ellipsis}: Symbols,
): readonly string[] {
  const [head = '', ...checks] = parts;
  const goesOn = canPaste ? ' \\' : '';
  const each = checks.map((check, index) => {
    return (index === 0 ? check : `  ${check}`) + (index < checks.length - 1 ? goesOn : '');
  });
  const forms = [[parts.join(' ')], [head, checks.join(' ')], [head, ...each]];
  const lines = forms.find((form) => form.every((line) => countCells(line) <= room)) ?? [
    head,
    ...each,
  ];
  return lines.map((line) => cutMiddle(line, room, ellipsis));
}

/** Beside its words where it has room there, otherwise below them. */
function layOutPath(
  {lead, path}: Detail & {readonly kind: 'path'},
  room: number,
  {ellipsis}: Symbols,
): readonly string[] {
  const whole = `${lead} ${path}`;
  if (countCells(whole) <= room) return [whole];
  return [cutMiddle(lead, room, ellipsis), `  ${cutMiddle(path, room - 2, ellipsis)}`];
}
