/** One part of a layout template: text and words in braces. */
import {type Cause, failed, ok, type Result} from './cause.ts';
import {printable} from './printable.ts';

export type Token = 'shoot' | 'card' | 'path' | 'name' | 'stem' | 'ext';

export type Piece =
  | {readonly type: 'text'; readonly text: string}
  | {readonly type: 'token'; readonly token: Token};

export type LayoutPart = readonly Piece[];

const TOKENS: readonly Token[] = ['shoot', 'card', 'path', 'name', 'stem', 'ext'];
const ALL_TOKENS = TOKENS.map((token) => `{${token}}`).join(' ');

/** Words that the design knows and this version cannot fill: from the pictures' metadata, or counted. */
const LATER_TOKEN = /^(?:yyyy|mm|dd|date|time|camera|serial|lens|seq(?::\d{1,2})?)$/;

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
  if (LATER_TOKEN.test(word)) {
    return {
      code: 'layout-later-token',
      message: `${shown} is not supported by this version of offload.`,
      next: `Use ${ALL_TOKENS}.`,
    };
  }
  return {
    code: 'layout-unknown-token',
    message: `The layout has the unknown word ${shown}.`,
    next: `Use ${ALL_TOKENS}.`,
  };
}
