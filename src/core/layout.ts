/** Templates that say where the files of a card go: `{shoot}/{card}/{path}`. */
import type {CardPath} from './card.ts';
import {type Cause, failed, ok, type Result} from './cause.ts';
import {
  isCameraToken,
  isTimeToken,
  type LayoutPart,
  type Piece,
  parsePart,
  type Token,
} from './layout-parts.ts';
import type {PhotoDetail} from './photo/photo-facts.ts';
import {RECORD_FOLDER} from './place-files.ts';
import {safeFolderName} from './safe-folder-name.ts';
import {foldCase} from './safe-names.ts';
import {splitName} from './split-name.ts';

export const DEFAULT_LAYOUT = '{shoot}/{card}/{path}';

export interface Layout {
  readonly template: string;
  /** The folders below the shoot folder, and last the file. */
  readonly parts: readonly LayoutPart[];
}

export interface LayoutValues {
  readonly shoot: string;
  readonly card: string;
  readonly path: CardPath;
}

/**
 * Reads a template. Its first folder is `{shoot}`, because the record of an offload lies in the shoot folder. Its last part is `{path}`,
 * or keeps the file's name and extension, so that two files of a card do not want one path unless they have one name.
 * @returns the layout, or a cause whose code starts with `layout-`.
 */
export function parseLayout(template: string): Result<Layout> {
  const problem = refuseTemplate(template);
  if (problem !== undefined) return failed(problem);
  const parts: LayoutPart[] = [];
  for (const text of template.split('/')) {
    const part = parsePart(text);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  const misplaced = refuseParts(parts);
  return misplaced === undefined ? ok({template, parts: parts.slice(1)}) : failed(misplaced);
}

/** Values of words; those that are not there are empty. */
export type TokenValues = Readonly<Partial<Record<Token, string>>> & {
  /** The number that `{seq}` stands for. */
  readonly seq?: number;
};

/**
 * @returns the path that a layout of the card's own words wants, below the shoot folder, parts joined by `/`. Names from the card stand in it as the card has
 * them: `placeTree` makes them safe. `{ext}` has no dot; where a file has none, a dot before it goes too.
 */
export function renderLayout({parts}: Layout, {shoot, card, path}: LayoutValues): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const {stem, ext} = splitName(name);
  const values: TokenValues = {
    shoot: safeFolderName(shoot),
    card: safeFolderName(card),
    path,
    name,
    stem,
    ext: ext.slice(1),
  };
  return parts.map((part) => renderPart(part, values)).join('/');
}

/** What of pictures a layout needs to know: `none` of them, their `plain` fields, or the maker's own notes too. */
export function needsOf({parts}: Layout): 'none' | 'plain' | 'details' {
  const tokens = tokensOf(parts);
  if (detailsOf({parts}).length > 0) return 'details';
  const asks = countsFiles({parts}) || tokens.some((one) => isTimeToken(one) || isCameraToken(one));
  return asks ? 'plain' : 'none';
}

/** @returns what a layout needs of the fields that may stand in the maker's own notes only. */
export function detailsOf({parts}: Pick<Layout, 'parts'>): readonly PhotoDetail[] {
  const tokens = tokensOf(parts);
  return (['serial', 'lens'] as const).filter((detail) => tokens.includes(detail));
}

/** True when places depend on when pictures were taken. */
export function needsTimes({parts}: Pick<Layout, 'parts'>): boolean {
  return countsFiles({parts}) || tokensOf(parts).some(isTimeToken);
}

/** True when the files are numbered: the layout has `{seq}`. */
export function countsFiles({parts}: Pick<Layout, 'parts'>): boolean {
  return parts.some((part) => part.some(({type}) => type === 'seq'));
}

const tokensOf = (parts: readonly LayoutPart[]): readonly Token[] =>
  parts.flatMap((part) => part.flatMap((piece) => (piece.type === 'token' ? piece.token : [])));

/**
 * True when the card's folders have a place of their own: then {@link renderLayout} gives the wanted path of a folder too. Under other
 * layouts an empty folder has no place.
 */
export function keepsFolders({parts}: Layout): boolean {
  const above = parts.slice(0, -1);
  return (
    isOnly(parts.at(-1), 'path') &&
    tokensOf(above).every((token) => token === 'shoot' || token === 'card')
  );
}

/** @returns one part of a path, as it is wanted: never empty. */
export function renderPart(part: LayoutPart, values: TokenValues): string {
  let text = '';
  for (const piece of part) {
    if (piece.type === 'text') text += piece.text;
    else if (piece.type === 'seq') text += String(values.seq ?? 0).padStart(piece.width, '0');
    else if (piece.token === 'ext' && (values.ext ?? '') === '') text = text.replace(/\.$/, '');
    else text += values[piece.token] ?? '';
  }
  return text === '' ? '_' : text;
}

const NEXT = `Use for example ${DEFAULT_LAYOUT} or {shoot}/{card}/{name}.`;

function refuseTemplate(template: string): Cause | undefined {
  if (template.trim() === '') {
    return {code: 'layout-empty', message: 'The layout is empty.', next: NEXT};
  }
  if (/^[/\\]|^[A-Za-z]:/.test(template)) {
    return {
      code: 'layout-absolute',
      message: 'The layout is an absolute path; it must start with {shoot}/.',
      next: `The destination is given with --to. ${NEXT}`,
    };
  }
  return undefined;
}

function refuseParts([first, ...below]: readonly LayoutPart[]): Cause | undefined {
  if (!isOnly(first, 'shoot')) {
    return {
      code: 'layout-start',
      message:
        'The layout must start with {shoot}/ alone, because the record of the offload lies in that folder.',
      next: NEXT,
    };
  }
  const [top] = below;
  if (top?.[0]?.type === 'text' && foldCase(top[0].text) === foldCase(RECORD_FOLDER)) {
    return {
      code: 'layout-reserved',
      message: `The folder ${RECORD_FOLDER} of a shoot is kept for the record of the offload.`,
      next: 'Give that folder of the layout another name.',
    };
  }
  const last = below.at(-1);
  if (below.some((part) => has(part, 'path') && (part !== last || part.length > 1))) {
    return {
      code: 'layout-path-place',
      message: 'In a layout {path} must stand alone at the end: it holds the folders and the name.',
      next: NEXT,
    };
  }
  if (countsFiles({parts: below.slice(0, -1)})) {
    return {
      code: 'layout-seq-place',
      message: 'In a layout {seq} can stand in the last part only: it numbers files, not folders.',
      next: 'Use for example {shoot}/{date}_{seq:4}.{ext}.',
    };
  }
  if (last === undefined || !keepsName(last)) {
    return {
      code: 'layout-no-name',
      message:
        'The layout must end with {path}, with {name}, or with a part that has {stem} or {seq} and ends with .{ext}, so that every file has a name of its own and keeps its kind.',
      next: NEXT,
    };
  }
  return undefined;
}

/** The extension stays at the end: other programs know a file by it. */
function keepsName(last: LayoutPart): boolean {
  if (isOnly(last, 'path') || isToken(last.at(-1), 'name')) return true;
  const dot = last.at(-2);
  return (
    (has(last, 'stem') || countsFiles({parts: [last]})) &&
    isToken(last.at(-1), 'ext') &&
    dot?.type === 'text' &&
    dot.text.endsWith('.')
  );
}

/** True when files keep their own names, with something before them perhaps. */
export const keepsNames = ({parts}: Layout): boolean => isToken(parts.at(-1)?.at(-1), 'name');
/** True when files keep their folders below the folders of the layout. */
export const keepsPaths = ({parts}: Layout): boolean => isOnly(parts.at(-1), 'path');

const isToken = (piece: Piece | undefined, token: Token): boolean =>
  piece?.type === 'token' && piece.token === token;

const has = (part: LayoutPart, token: Token): boolean =>
  part.some((piece) => isToken(piece, token));

const isOnly = (part: LayoutPart | undefined, token: Token): boolean =>
  part?.length === 1 && isToken(part[0], token);
