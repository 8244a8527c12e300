/** The words and signs of a rule, with their places. */

export type RuleWord =
  | {readonly kind: 'sign' | 'word' | 'text'; readonly text: string; readonly at: number}
  /** A text in quotes without its second one, or a sign that has no meaning. */
  | {readonly kind: 'open' | 'odd'; readonly text: string; readonly at: number}
  | {readonly kind: 'end'; readonly text: ''; readonly at: number};

const SIGNS = ['!=', '<=', '>=', '=', '<', '>', '(', ')'];
/** Letters of any language, digits, and what stands in names: `-1`, `Wedding/Portfolio`. */
const WORD = /[\p{L}\p{N}\p{M}_/|.&+'’-]+/uy;
const BLANK = /\s+/uy;

/** @returns the words in their order; the last one is the end, or what cannot be read. */
export function splitRule(text: string): readonly RuleWord[] {
  const words: RuleWord[] = [];
  for (let at = 0; at < text.length; ) {
    const blank = matchAt(BLANK, text, at);
    if (blank !== '') {
      at += blank.length;
      continue;
    }
    const found = readWord(text, at);
    words.push(found.word);
    if (found.word.kind === 'open' || found.word.kind === 'odd') return words;
    at = found.end;
  }
  words.push({kind: 'end', text: '', at: text.length});
  return words;
}

function readWord(text: string, at: number): {readonly word: RuleWord; readonly end: number} {
  const sign = SIGNS.find((one) => text.startsWith(one, at));
  if (sign !== undefined) return {word: {kind: 'sign', text: sign, at}, end: at + sign.length};
  const quote = text[at];
  if (quote === '"' || quote === "'") return readQuoted(text, at, quote);
  const word = matchAt(WORD, text, at);
  if (word !== '') return {word: {kind: 'word', text: word, at}, end: at + word.length};
  const odd = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return {word: {kind: 'odd', text: odd, at}, end: at + odd.length};
}

/** A quote inside the text is written twice. */
function readQuoted(text: string, at: number, quote: string) {
  let value = '';
  for (let from = at + 1; ; ) {
    const next = text.indexOf(quote, from);
    if (next < 0) return {word: {kind: 'open', text: quote, at} as const, end: text.length};
    value += text.slice(from, next);
    if (text[next + 1] !== quote)
      return {word: {kind: 'text', text: value, at} as const, end: next + 1};
    value += quote;
    from = next + 2;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
