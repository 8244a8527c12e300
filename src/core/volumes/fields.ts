/** Reads fields of JSON and property lists that other programs wrote: what has another type than expected counts as not told. */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text without spaces and NULs around it; null when there is none. PowerShell writes an absent drive letter as NUL. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replace(/^[\s\0]+|[\s\0]+$/g, '');
  return text === '' ? null : text;
}

/** A whole number that is not negative; older versions of lsblk write numbers as strings. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : null;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null;
}

/** Older versions of lsblk write `"1"` and `"0"`. */
export function flagOf(value: unknown): boolean | null {
  if (value === true || value === 1 || value === '1') return true;
  if (value === false || value === 0 || value === '0') return false;
  return null;
}

/** PowerShell 5.1 can wrap a list as `{"value": […], "Count": n}`, and writes a list of one without brackets. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isFields(value) && Array.isArray(value.value)) return value.value;
  return value === null || value === undefined ? [] : [value];
}

/** @returns the value, or undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
