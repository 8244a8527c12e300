/** As much of XML as XMP needs, read from the front without going back. */

export interface XmlTag {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly isEnd: boolean;
  readonly isEmpty: boolean;
  /** Where the text goes on behind it. */
  readonly end: number;
}

/** UTF-16 units; far more than any XMP has. */
const LONGEST_TAG = 1024 * 1024;

/** What stands between tags. */
const SECTIONS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** @returns where the text goes on behind a comment and its like; `open` when it has no end; undefined when none begins there. */
export function skipXmlSection(text: string, at: number): number | 'open' | undefined {
  const section = SECTIONS.find(([start]) => text.startsWith(start, at));
  if (section === undefined) return undefined;
  const end = text.indexOf(section[1], at + section[0].length);
  return end < 0 ? 'open' : end + section[1].length;
}

const isSpace = (sign: string | undefined): boolean =>
  sign === ' ' || sign === '\n' || sign === '\t' || sign === '\r';

/** @param start behind the `<`. @returns undefined when it is no tag. */
export function readXmlTag(text: string, start: number): XmlTag | undefined {
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

const NAMED: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};

/** The five names of XML 1.0, 4.6, and numbers of characters. Anything else stays as it is: nothing is declared. */
export function decodeXml(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
    (whole: string, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return NAMED[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
