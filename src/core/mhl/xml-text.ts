/** Text in XML 1.0 (W3C recommendation, fifth edition). */

/** Section 2.2, "Char": no other control characters, no half of a pair, not U+FFFE and U+FFFF. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const ALL_NOT_IN_XML = new RegExp(NOT_IN_XML, 'gu');

/** A parser may turn these into others, and in attributes into blanks (sections 2.11 and 3.3.3). */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** @returns the text for an element or a quoted attribute; what XML cannot hold stands as U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(ALL_NOT_IN_XML, '\uFFFD')
    .replace(/[&<>"\t\n\r]/g, (one) => ESCAPES[one] ?? one);
}

/**
 * True when a path can stand in an ASC MHL and be found again by its readers: XML 1.0 can hold it. Line breaks it could hold, but the reference implementation indents them when it
 * writes the next generation.
 */
export function isWritablePath(path: string): boolean {
  return !NOT_IN_XML.test(path) && !/[\n\r]/.test(path);
}
