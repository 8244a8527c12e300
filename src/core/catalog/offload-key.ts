/**
 * Numbers of offloads in the catalog. They follow from the record alone, so that rows are the same whatever was recorded first, and they grow with time, so that the newest
 * is found first. 32 bits of seconds since 2000 (until 2136), and 10 bits of the id, because several cards start in one second.
 */

const START_MS = Date.UTC(2000, 0, 1);
const MAX_SECONDS = 2 ** 32 - 1;
const ID_VALUES = 2 ** 10;

/** A file's number in the search index is its offload's key times this, plus its place in the record: 42 and 21 bits make a rowid of SQLite. */
export const FILES_PER_OFFLOAD = 2 ** 21;

/** @param startedAt ISO 8601. @returns 0 to 2^42 - 1. Two offloads can have the same: the next free number is taken then. */
export function offloadKey(startedAt: string, id: string): number {
  const seconds = Math.floor((Date.parse(startedAt) - START_MS) / 1000);
  const within = Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), MAX_SECONDS);
  return within * ID_VALUES + (hashId(id) % ID_VALUES);
}

/** FNV-1a, 32 bits, over UTF-16 units (isthe.com/chongo/tech/comp/fnv): spreads, and is no more than that. */
function hashId(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
