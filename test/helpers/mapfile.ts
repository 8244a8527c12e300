/** Reads the text of a ddrescue mapfile, after its manual and without the program's own code. */

interface Mapfile {
  /** Of the status line. */
  readonly position: number;
  readonly status: string;
  readonly blocks: readonly {
    readonly position: number;
    readonly size: number;
    readonly status: string;
  }[];
}

/** @throws Error when it is none, or its blocks leave a gap. */
export function parseMapfile(text: string): Mapfile {
  const rows = text
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
  const [[current = '', status = '', pass = ''] = [], ...data] = rows;
  if (!/^[?*/\-FG+]$/.test(status) || !/^[1-9]\d*$/.test(pass)) {
    throw new Error(`no status line: ${current} ${status} ${pass}`);
  }
  let end = 0;
  const blocks = data.map((row) => {
    const [position, size] = row.slice(0, 2).map(Number);
    const mark = row[2] ?? '';
    const isBlock = row.length === 3 && /^[?*/\-+]$/.test(mark) && position === end;
    if (!isBlock || position === undefined || size === undefined || !(size > 0)) {
      throw new Error(`no block that begins at ${end}: ${row.join(' ')}`);
    }
    end += size;
    return {position, size, status: mark};
  });
  return {position: Number(current), status, blocks};
}
