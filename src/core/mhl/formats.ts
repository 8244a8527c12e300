/**
 * The hash formats of ASC MHL v2 (ASC MHL specification v1.0, "Hash Formats"; the XML schema `urn:ASC:MHL:v2.0`). BLAKE3 is none of them: it stands in the metadata of an entry.
 */

/** In the order in which they stand in an entry: the schema wants the alphabet. */
export const MHL_FORMATS = ['c4', 'md5', 'sha1', 'xxh128', 'xxh3', 'xxh64'] as const;

export type MhlFormat = (typeof MHL_FORMATS)[number];

/** What `--mhl-hash` takes, the default first. `xxh3` is read where others wrote it. */
export const CHOSEN_FORMATS = [
  'xxh64',
  'xxh128',
  'md5',
  'sha1',
  'c4',
] as const satisfies readonly MhlFormat[];

/** Hashes of one file, in one format or several. */
export type MhlValues = Readonly<Partial<Record<MhlFormat, string>>>;

/** Lower-case hex, fixed width; C4 as SMPTE ST 2114 writes it. Readers compare them as text. */
const FORMS: Readonly<Record<MhlFormat, RegExp>> = {
  c4: /^c4[1-9A-HJ-NP-Za-km-z]{88}$/,
  md5: /^[0-9a-f]{32}$/,
  sha1: /^[0-9a-f]{40}$/,
  xxh128: /^[0-9a-f]{32}$/,
  xxh3: /^[0-9a-f]{16}$/,
  xxh64: /^[0-9a-f]{16}$/,
};

export const isMhlFormat = (name: string): name is MhlFormat => Object.hasOwn(FORMS, name);

/** True when a text can be a hash of the format. */
export const isHashText = (format: MhlFormat, text: string): boolean => FORMS[format].test(text);
