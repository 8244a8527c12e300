/** Reads columns of a row. What does not fit the schema was not written by this program. */
import {loadText} from '../core/catalog/stored-text.ts';

/** A row that cannot be: the file is damaged in a way that SQLite does not see. */
export class DamagedRow extends Error {}

function readColumn(row: unknown, name: string): unknown {
  if (typeof row !== 'object' || row === null) throw new DamagedRow(`no row for ${name}`);
  return Reflect.get(row, name);
}

export function readText(row: unknown, name: string): string {
  const value = readColumn(row, name);
  if (typeof value !== 'string') throw new DamagedRow(`${name} is no text`);
  return loadText(value);
}

export function readNumber(row: unknown, name: string): number {
  const value = readColumn(row, name);
  if (typeof value !== 'number') throw new DamagedRow(`${name} is no number`);
  return value;
}

export const readFlag = (row: unknown, name: string): boolean => readNumber(row, name) !== 0;

/** @returns ISO 8601, UTC. */
export function readInstant(row: unknown, name: string): string {
  const date = new Date(readNumber(row, name));
  if (Number.isNaN(date.getTime())) throw new DamagedRow(`${name} is no time`);
  return date.toISOString();
}

/** @returns hex digits; null for NULL. */
export function readHash(row: unknown, name: string): string | null {
  const value = readColumn(row, name);
  if (value === null) return null;
  if (!(value instanceof Uint8Array)) throw new DamagedRow(`${name} is no hash`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
}

export function readTextOrNull(row: unknown, name: string): string | null {
  return readColumn(row, name) === null ? null : readText(row, name);
}

/** @returns the texts of a JSON list. */
export function readTexts(row: unknown, name: string): readonly string[] {
  const list = readThings(row, name);
  if (!list.every((one): one is string => typeof one === 'string'))
    throw new DamagedRow(`${name} is no list`);
  return list;
}

/** @returns the members of a JSON list, whatever they are: a member is read as a row is. */
export function readThings(row: unknown, name: string): readonly unknown[] {
  const text = readColumn(row, name);
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    if (Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new DamagedRow(`${name} is no list`);
}
