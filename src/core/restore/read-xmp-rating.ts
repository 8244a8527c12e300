/**
 * Reads the rating out of XMP, which may come from anywhere. Attributes and elements are both legal (XMP specification part 1, 7.9.2.2). Nothing is declared, fetched or expanded: a document
 * type ends the reading, entities stay as they are, depth and tags are bounded, and time grows with the length alone.
 */

export interface XmpRating {
  /** `xmp:Rating`, -1 (rejected) to 5; undefined when nothing says it, or nothing that can be one. */
  readonly rating: number | undefined;
  /** `photoshop:SidecarForExtension` in capitals: which of several files of one name a sidecar belongs to. */
  readonly extension: string | undefined;
}

const NOTHING: XmpRating = {rating: undefined, extension: undefined};

const XMP = 'http://ns.adobe.com/xap/1.0/';
const PHOTOSHOP = 'http://ns.adobe.com/photoshop/1.0/';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** Far more than any XMP has; characters. */
const DEEPEST = 200;
const LONGEST_TAG = 1024 * 1024;

/** What stands between tags. */
const SECTIONS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** @returns what the first description of the text says. */
export function readXmpRating(text: string): XmpRating {
  const prefixes = new Map<string, string>();
  /** Names of the open elements, as `namespace local`. */
  const open: string[] = [];
  let rating: number | undefined;
  let extension: string | undefined;
  const nameOf = (qualified: string): string => {
    const cut = qualified.indexOf(':');
    if (cut < 0) return qualified;
    return `${prefixes.get(qualified.slice(0, cut)) ?? ''} ${qualified.slice(cut + 1)}`;
  };
  const take = (name: string, value: string) => {
    if (name === `${XMP} Rating`) rating ??= readNumber(value);
    if (name === `${PHOTOSHOP} SidecarForExtension`) extension ??= value.trim().toUpperCase();
  };
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const section = SECTIONS.find(([start]) => text.startsWith(start, at));
    if (section !== undefined) {
      const end = text.indexOf(section[1], at + section[0].length);
      if (end < 0) break;
      at = end + section[1].length;
      continue;
    }
    if (text.startsWith('<!', at)) return NOTHING;
    const tag = readTag(text, at + 1);
    if (tag === undefined) break;
    at = tag.end;
    if (tag.isEnd) {
      open.pop();
      continue;
    }
    for (const [name, value] of tag.attributes) {
      if (name.startsWith('xmlns:')) prefixes.set(name.slice('xmlns:'.length), value);
    }
    const name = nameOf(tag.name);
    // What describes the picture itself; what it was made of is described further inside.
    const [parent, around] = [open.at(-1), open.at(-2)];
    const isDescription = name === `${RDF} Description` && parent === `${RDF} RDF`;
    if (isDescription) for (const [one, value] of tag.attributes) take(nameOf(one), value);
    if (parent === `${RDF} Description` && around === `${RDF} RDF` && !tag.isEmpty) {
      const end = text.indexOf('<', at);
      take(name, text.slice(at, end < 0 ? at : end));
    }
    if (tag.isEmpty) continue;
    if (open.length >= DEEPEST) break;
    open.push(name);
  }
  return {rating, extension};
}

interface Tag {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly isEnd: boolean;
  readonly isEmpty: boolean;
  /** Where the text goes on behind it. */
  readonly end: number;
}

const isSpace = (sign: string | undefined): boolean =>
  sign === ' ' || sign === '\n' || sign === '\t' || sign === '\r';

/** @param start behind the `<`. @returns undefined when it is no tag. */
function readTag(text: string, start: number): Tag | undefined {
  const last = Math.min(text.length, start + LONGEST_TAG);
  const isEnd = text[start] === '/';
  let at = isEnd ? start + 1 : start;
  const skip = () => {
    while (at < last && isSpace(text[at])) at++;
  };
  const readName = (): string => {
    const from = at;
    while (at < last && !isSpace(text[at]) && !'=/><"\''.includes(text[at] ?? '')) at++;
    return text.slice(from, at);
  };
  const name = readName();
  if (name === '') return undefined;
  const attributes: (readonly [string, string])[] = [];
  for (;;) {
    skip();
    if (at >= last) return undefined;
    if (text[at] === '>') return {name, attributes, isEnd, isEmpty: false, end: at + 1};
    if (text.startsWith('/>', at)) return {name, attributes, isEnd, isEmpty: true, end: at + 2};
    const attribute = readName();
    skip();
    if (attribute === '' || text[at] !== '=') return undefined;
    at++;
    skip();
    const quote = text[at];
    if (quote !== '"' && quote !== "'") return undefined;
    const end = text.indexOf(quote, at + 1);
    if (end < 0 || end >= last) return undefined;
    attributes.push([attribute, text.slice(at + 1, end)]);
    at = end + 1;
  }
}

function readNumber(text: string): number | undefined {
  if (!/^\s*-?\d(?:\.\d{1,6})?\s*$/.test(text)) return undefined;
  const rating = Number(text);
  return rating >= -1 && rating <= 5 ? rating : undefined;
}

const PACKET_START = '<rdf:RDF';
const PACKET_END = '</rdf:RDF>';
/** What may stand around it and declare its names; characters. */
const WRAPPER = '<x:xmpmeta';
const LONGEST_WRAPPER = 4096;

/** @param bytes of a picture as Latin-1 text. @returns the rating of the first XMP in it that has one. */
export function findEmbeddedRating(bytes: string): number | undefined {
  for (let at = bytes.indexOf(PACKET_START); at >= 0; ) {
    const end = bytes.indexOf(PACKET_END, at);
    if (end < 0) return undefined;
    const wrapper = bytes.slice(Math.max(0, at - LONGEST_WRAPPER), at).lastIndexOf(WRAPPER);
    const start = wrapper < 0 ? at : Math.max(0, at - LONGEST_WRAPPER) + wrapper;
    const {rating} = readXmpRating(bytes.slice(start, end + PACKET_END.length));
    if (rating !== undefined) return rating;
    at = bytes.indexOf(PACKET_START, end);
  }
  return undefined;
}
