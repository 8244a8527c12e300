/**
 * A strict reader for the XML of ASC MHL files, which may come from anywhere: UTF-8 text, elements, attributes, the five entities and character numbers of XML 1.0. Document types are refused, so
 * that nothing can be declared, fetched or expanded; depth is bounded; what is not well-formed is refused.
 */

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly namespace: string;
  /** Without prefixed ones. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

/** Far more than any MHL has. */
const DEEPEST = 64;

const NAME = '[A-Za-z_\\u0080-\\uFFFF][\\w.\\-\\u0080-\\uFFFF]*';
const QUALIFIED = `(?:${NAME}:)?${NAME}`;
/** A start or an end tag. */
const TAG = new RegExp(
  `^<(?:/(${QUALIFIED})\\s*>|(${QUALIFIED})((?:\\s+${QUALIFIED}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>)`,
);
const ATTRIBUTE = new RegExp(`(${QUALIFIED})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');

/** Characters. Far more than any path needs. */
const LONGEST_TAG = 64 * 1024;

/** An element that is still open. */
interface Open {
  readonly qualified: string;
  readonly element: XmlElement & {children: XmlElement[]; text: string};
  readonly namespaces: ReadonlyMap<string, string>;
}

/** What stands between elements: where it begins, where it ends, and whether its inside is text. */
const SECTIONS = [
  {start: '<!--', end: '-->', isText: false},
  {start: '<?', end: '?>', isText: false},
  {start: '<![CDATA[', end: ']]>', isText: true},
] as const;

/** @returns the root element; undefined when the text is not XML of this kind. */
export function readXml(source: string): XmlElement | undefined {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  for (let at = 0; at < text.length; ) {
    const top = stack.at(-1);
    const section = SECTIONS.find(({start}) => text.startsWith(start, at));
    if (section !== undefined || text[at] !== '<') {
      const piece = section === undefined ? takeText(text, at) : takeSection(text, at, section);
      if (piece === undefined) return undefined;
      if (top !== undefined) top.element.text += piece.own;
      else if (piece.own.trim() !== '') return undefined;
      at = piece.next;
      continue;
    }
    const match = TAG.exec(text.slice(at, at + LONGEST_TAG));
    if (match === null) return undefined;
    const [whole, end, start = '', attributes = '', selfClosing] = match;
    at += whole.length;
    if (end !== undefined) {
      if (top?.qualified !== end) return undefined;
      stack.pop();
      continue;
    }
    if (stack.length >= DEEPEST || (top === undefined && root !== undefined)) return undefined;
    const opened = openElement(start, attributes, top?.namespaces ?? NO_NAMESPACES);
    if (opened === undefined) return undefined;
    if (top === undefined) root = opened.element;
    else top.element.children.push(opened.element);
    if (selfClosing === '') stack.push(opened);
  }
  return stack.length === 0 ? root : undefined;
}

interface Piece {
  readonly own: string;
  readonly next: number;
}

function takeText(text: string, at: number): Piece | undefined {
  const found = text.indexOf('<', at);
  const next = found < 0 ? text.length : found;
  const own = decode(text.slice(at, next));
  return own === undefined ? undefined : {own, next};
}

function takeSection(
  text: string,
  at: number,
  {start, end, isText}: (typeof SECTIONS)[number],
): Piece | undefined {
  const found = text.indexOf(end, at + start.length);
  if (found < 0) return undefined;
  const own = isText ? text.slice(at + start.length, found) : '';
  return {own, next: found + end.length};
}

const NO_NAMESPACES: ReadonlyMap<string, string> = new Map();

function openElement(
  qualified: string,
  source: string,
  around: ReadonlyMap<string, string>,
): Open | undefined {
  const attributes = new Map<string, string>();
  const seen = new Set<string>();
  const declared = new Map<string, string>();
  for (const [, name = '', double, single] of source.matchAll(ATTRIBUTE)) {
    const value = decode((double ?? single ?? '').replace(/[\t\n]/g, ' '));
    if (value === undefined || seen.has(name)) return undefined;
    seen.add(name);
    const [prefix, local] = splitName(name);
    if (name === 'xmlns') declared.set('', value);
    else if (prefix === 'xmlns') declared.set(local, value);
    else if (prefix === '') attributes.set(local, value);
  }
  const namespaces = declared.size === 0 ? around : new Map([...around, ...declared]);
  const [prefix, name] = splitName(qualified);
  const namespace = namespaces.get(prefix);
  if (namespace === undefined && prefix !== '') return undefined;
  const element = {name, namespace: namespace ?? '', attributes, children: [], text: ''};
  return {qualified, element, namespaces};
}

function splitName(qualified: string): readonly [prefix: string, local: string] {
  const at = qualified.indexOf(':');
  return at < 0 ? ['', qualified] : [qualified.slice(0, at), qualified.slice(at + 1)];
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Undefined for an entity that XML itself does not know, or a character that it cannot hold. */
function decode(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let isRight = true;
  const decoded = text.replace(/&(?:#(\d{1,7})|#x([\dA-Fa-f]{1,6})|(\w+));|&/g, (...match) => {
    const [, decimal, hex, name]: (string | undefined)[] = match;
    const known = name === undefined ? undefined : ENTITIES.get(name);
    if (known !== undefined) return known;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    if (Number.isNaN(code) || code === 0 || code > 0x10ffff || isHalf) {
      isRight = false;
      return '';
    }
    return String.fromCodePoint(code);
  });
  return isRight ? decoded : undefined;
}

/** Children of a name in the element's own namespace. */
export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name && child.namespace === element.namespace);

export const childOf = (element: XmlElement, name: string): XmlElement | undefined =>
  childrenOf(element, name)[0];
