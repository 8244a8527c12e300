/** Names of what lies beside a catalog `X.lrcat`. Adobe: "Lightroom Classic catalog FAQ"; lock, log and journal as they were seen with Lightroom Classic 11 to 15. */

const CATALOG = '.lrcat';

/** @returns true for the name of a catalog, in any case. */
export const isCatalogName = (name: string): boolean =>
  name.length > CATALOG.length && name.toLowerCase().endsWith(CATALOG);

/** @param name of the catalog. @returns `X` of `X.lrcat`. */
export const baseOf = (name: string): string => name.slice(0, -CATALOG.length);

/** There while Lightroom has the catalog open, and after it crashed. Works for a path as well as for a name. */
export const lockOf = (catalog: string): string => `${catalog}.lock`;

/** Log and journal of SQLite: sqlite.org/fileformat2.html, sections 3 and 4. */
export const logOf = (catalog: string): string => `${catalog}-wal`;
export const journalOf = (catalog: string): string => `${catalog}-journal`;

/** Masks of the AI tools and, since 14.4, pixels of Denoise. A folder on Windows; a package, which is a folder too, or a file on macOS. */
export const dataOf = (name: string): string => `${name}-data`;

/** Small editable pictures, for when the originals are away. They do not change once they are made. */
export const smartPreviewsOf = (name: string): string => `${baseOf(name)} Smart Previews.lrdata`;

/** What Lightroom's own cloud knows. */
export const syncOf = (name: string): string => `${baseOf(name)} Sync.lrdata`;
