/** HTML that cannot be broken out of: whatever is put into a template is text, unless it is markup already. */
import {printable} from '../printable.ts';

/** A piece of HTML. Only {@link html} makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = string | number | Markup | readonly Markup[] | null;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** @returns text for an element or for an attribute in quotes: nothing in it is markup, and nothing in it is unseen or turns the direction of writing. */
export const escapeHtml = (text: string): string => escapeSigns(printable(text));

const escapeSigns = (text: string): string =>
  text.replace(/[&<>"'`]/g, (sign) => ENTITIES[sign] ?? '');

/** @param text that was made printable before: doing it twice would double its backslashes. */
export const printed = (text: string): Markup => new Markup(escapeSigns(text));

/** A template for HTML. Texts and numbers are escaped, markup is not, null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings
      .map((text, index) => (index === 0 ? text : `${write(parts[index - 1] ?? null)}${text}`))
      .join(''),
  );
}

function write(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(({text}) => text).join('');
}

/** @returns pieces with a comma between them. */
export const joinMarkup = (pieces: readonly Markup[]): Markup =>
  new Markup(pieces.map(({text}) => text).join(', '));

/** A text of somebody else within a sentence: writing from right to left stays within it (HTML standard, 4.5.24, the bdi element). */
export const name = (text: string): Markup => html`<bdi>${text}</bdi>`;
