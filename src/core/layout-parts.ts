/** One part of a layout template: text and words in braces. */
import {type Cause, failed, ok, type Result} from './cause.ts';
import {printable} from './printable.ts';

/** Known from the card alone. */
const CARD_TOKENS = ['shoot', 'card', 'path', 'name', 'stem', 'ext'] as const;
/** From the time at which a picture was taken. */
const TIME_TOKENS = ['yyyy', 'mm', 'dd', 'date', 'time'] as const;
/** From what a picture says of its camera. */
const CAMERA_TOKENS = ['camera', 'serial', 'lens'] as const;

export type CardToken = (typeof CARD_TOKENS)[number];
export type TimeToken = (typeof TIME_TOKENS)[number];
export type CameraToken = (typeof CAMERA_TOKENS)[number];
/** Every word that stands for a value; `{seq}` is counted. */
export type Token = CardToken | TimeToken | CameraToken;

export type Piece =
  | {readonly type: 'text'; readonly text: string}
  | {readonly type: 'token'; readonly token: Token}
  /** Digits at least. */
  | {readonly type: 'seq'; readonly width: number};

export type LayoutPart = readonly Piece[];

const TOKENS: readonly Token[] = [...CARD_TOKENS, ...TIME_TOKENS, ...CAMERA_TOKENS];
const ALL_TOKENS = `${TOKENS.map((token) => `{${token}}`).join(' ')} {seq:4}`;

const SEQ = /^seq(?::([1-9]))?$/;
const DEFAULT_WIDTH = 4;

export const isTimeToken = (token: Token): token is TimeToken =>
  TIME_TOKENS.some((known) => known === token);
export const isCameraToken = (token: Token): token is CameraToken =>
  CAMERA_TOKENS.some((known) => known === token);

// Reserved on Windows ("Naming Files, Paths, and Namespaces", Microsoft Learn): one template does for every destination.
const RESERVED = /[\0-\x1F\x7F<>:"\\|?*]/u;

/** @param text what stands between two `/`. */
export function parsePart(text: string): Result<LayoutPart> {
  const problem = refuseText(text);
  if (problem !== undefined) return failed(problem);
  const part: Piece[] = [];
  for (const [whole, word] of text.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    if (whole === '{' || whole === '}') {
      return failed({
        code: 'layout-braces',
        message: `A ${whole} in the layout has no partner.`,
        next: `Close every word in braces: ${ALL_TOKENS}.`,
      });
    }
    if (word === undefined) {
      part.push({type: 'text', text: whole});
      continue;
    }
    const [isSeq, width] = SEQ.exec(word) ?? [];
    if (isSeq !== undefined) {
      part.push({type: 'seq', width: Number(width ?? DEFAULT_WIDTH)});
      continue;
    }
    const token = TOKENS.find((known) => known === word);
    if (token === undefined) return failed(refuseToken(word));
    part.push({type: 'token', token});
  }
  return ok(part);
}

function refuseText(text: string): Cause | undefined {
  if (text.trim() === '') {
    return {
      code: 'layout-empty-part',
      message: 'The layout has a part without a name.',
      next: 'Leave out the / at its end, or the second of two.',
    };
  }
  if (/^[. ]+$/.test(text)) {
    return {
      code: 'layout-dots',
      message: `The layout has the part ${text.trim()}, which is no folder name.`,
      next: 'Name the folders from the shoot folder downwards.',
    };
  }
  const [reserved] = RESERVED.exec(text.replace(/\{[^{}]*\}/g, '')) ?? [];
  if (reserved === undefined) return undefined;
  return {
    code: 'layout-character',
    message: `The layout has the character ${printable(reserved)}, which not every drive can hold in a name.`,
    next: 'Leave it out; folders are joined by /.',
  };
}

function refuseToken(word: string): Cause {
  const shown = printable(`{${word}}`);
  if (/^seq\b/.test(word)) {
    return {
      code: 'layout-seq-width',
      message: `${shown} has no number of digits from 1 to 9.`,
      next: 'Use for example {seq:4}.',
    };
  }
  return {
    code: 'layout-unknown-token',
    message: `The layout has the unknown word ${shown}.`,
    next: `Use ${ALL_TOKENS}.`,
  };
}
