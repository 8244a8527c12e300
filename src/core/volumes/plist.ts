/**
 * Parses the part of Apple's XML property lists that diskutil and hdiutil write (plist(5)): dict, array, string, integer, real,
 * true, false, and data and date as text.
 */
interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

/** Deeper than any real list; keeps a hostile one from using up the stack. */
const MAX_DEPTH = 64;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Tags and the text between them, without comments, declarations and attributes. */
function tokenize(xml: string): readonly string[] {
  const bare = xml.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>/g, '');
  return [...bare.matchAll(/<(\/?[a-z]+)(?:\s[^>]*?)?(\/?)>|[^<]+/gi)].flatMap((match) => {
    if (match[1] !== undefined) return `<${match[1]}${match[2] ?? ''}>`;
    return match[0].trim() === '' ? [] : match[0];
  });
}

class NotAList extends Error {}

function take(reader: Reader): string {
  const token = reader.tokens[reader.at];
  if (token === undefined) throw new NotAList();
  reader.at += 1;
  return token;
}

function readText(reader: Reader, tag: string): string {
  const token = take(reader);
  if (token === `</${tag}>`) return '';
  if (token.startsWith('<') || take(reader) !== `</${tag}>`) throw new NotAList();
  return decodeEntities(token);
}

function readDict(reader: Reader, depth: number): unknown {
  const entries: [string, unknown][] = [];
  for (;;) {
    const token = take(reader);
    if (token === '</dict>') return Object.fromEntries(entries);
    if (token !== '<key>') throw new NotAList();
    const key = readText(reader, 'key');
    entries.push([key, readValue(reader, depth + 1)]);
  }
}

function readArray(reader: Reader, depth: number): unknown {
  const values: unknown[] = [];
  while (reader.tokens[reader.at] !== '</array>') values.push(readValue(reader, depth + 1));
  reader.at += 1;
  return values;
}

function readValue(reader: Reader, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new NotAList();
  const token = take(reader);
  const tag = /^<([a-z]+)>$/.exec(token)?.[1] ?? '';
  if (tag === 'dict') return readDict(reader, depth);
  if (tag === 'array') return readArray(reader, depth);
  if (tag === 'integer' || tag === 'real') return Number(readText(reader, tag));
  if (tag === 'string' || tag === 'data' || tag === 'date') return readText(reader, tag);
  if (token === '<true/>') return true;
  if (token === '<false/>') return false;
  if (token === '<dict/>') return {};
  if (token === '<array/>') return [];
  if (/^<(string|data|date)\/>$/.test(token)) return '';
  throw new NotAList();
}

/** @returns the value of the list, or undefined when the text is not such a list. */
export function parsePlist(xml: string): unknown {
  const reader: Reader = {tokens: tokenize(xml), at: 0};
  try {
    if (take(reader) !== '<plist>') return undefined;
    const value = readValue(reader, 0);
    return take(reader) === '</plist>' ? value : undefined;
  } catch (error) {
    if (error instanceof NotAList) return undefined;
    throw error;
  }
}
