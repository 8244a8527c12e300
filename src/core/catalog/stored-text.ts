/**
 * Text as the catalog keeps it. SQLite holds UTF-8 that ends at the first NUL; a name can have bytes that are not UTF-8, which stand as lone surrogates
 * (`file-names.ts`), and a text from outside can have anything. What UTF-8 cannot hold stands as U+001A (SUBSTITUTE) and four hex digits of the UTF-16 unit.
 */

const MARK = '\u001A';
// With the `u` flag a surrogate of a pair is never matched, only one that stands alone.
const UNSTORABLE = /[\0\u001A\uD800-\uDFFF]/gu;
const ESCAPED = /\u001A([0-9a-f]{4})/g;

/** @returns the text in a form that UTF-8 holds without loss; most text is its own form. */
export function storeText(text: string): string {
  return text.replace(
    UNSTORABLE,
    (unit) => MARK + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** @returns the text that {@link storeText} was given. */
export function loadText(stored: string): string {
  return stored.replace(ESCAPED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
