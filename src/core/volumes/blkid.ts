/**
 * Parses `blkid -o export`: lines `KEY=value`, where unsafe characters of a value have a backslash before them (blkid(8)).
 */
export function parseBlkid(text: string): {
  readonly label: string | null;
  readonly uuid: string | null;
} {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value.replace(/\\(.)/g, '$1'));
  }
  return {label: values.get('LABEL') || null, uuid: values.get('UUID') || null};
}
