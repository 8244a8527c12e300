/** How wide text is on a terminal, near enough to lay out lines. What is drawn is measured by Ink and cut there if this was wrong. */

// Signs that take two cells: East Asian Width W and F (Unicode 16, EastAsianWidth.txt, in rough ranges) and emoji.
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;
// Signs that stand on the one before.
const WITHOUT_WIDTH = /[\p{Mn}\p{Me}]/u;
/** Asks that the sign before it is drawn as an emoji, two cells wide. */
const AS_EMOJI = '\uFE0F';

/** @param text printable. @returns cells. */
export function countCells(text: string): number {
  let cells = 0;
  for (const sign of text) cells += cellsOf(sign);
  return cells;
}

function cellsOf(sign: string): number {
  if (sign === AS_EMOJI) return 1;
  if (WITHOUT_WIDTH.test(sign)) return 0;
  return WIDE.test(sign) ? 2 : 1;
}

/**
 * @param width cells.
 * @returns the words on lines of at most that width; a word that is longer is broken. At least one line.
 */
export function wrapWords(text: string, width: number): readonly string[] {
  const room = Math.max(2, Math.floor(width));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (countCells(longer) <= room) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, room);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

function breakWord(word: string, room: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const sign of word) {
    if (countCells(piece + sign) > room) {
      pieces.push(piece);
      piece = '';
    }
    piece += sign;
  }
  return [...pieces, piece];
}

/** @param mark stands for what is left out. @returns the beginning of the text, in at most `width` cells. */
export function cutEnd(text: string, width: number, mark: string): string {
  if (countCells(text) <= width) return text;
  return takeCells([...text], width - countCells(mark)).join('') + mark;
}

/** @returns the beginning and the end of the text: a file name's number tells more than its middle. */
export function cutMiddle(text: string, width: number, mark: string): string {
  if (countCells(text) <= width) return text;
  const kept = Math.max(0, width - countCells(mark));
  const signs = [...text];
  const head = takeCells(signs, Math.ceil(kept / 2)).join('');
  const tail = takeCells(signs.reverse(), kept - countCells(head))
    .reverse()
    .join('');
  return head + mark + tail;
}

/** As many signs as have room. */
function takeCells(signs: readonly string[], width: number): string[] {
  let cells = 0;
  const end = signs.findIndex((sign) => {
    cells += cellsOf(sign);
    return cells > width;
  });
  return signs.slice(0, end < 0 ? signs.length : end);
}

/** @param forms the same in fewer and fewer words. @returns the first that has room, or the last. */
export function chooseForm(forms: readonly string[], width: number): string {
  return forms.find((form) => countCells(form) <= width) ?? forms.at(-1) ?? '';
}
