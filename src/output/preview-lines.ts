/** A dry run in lines that stay short: pure, printable. */
import type {CopyPlanned} from '../core/events.ts';
import {formatBytes} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {countFiles, joinWithAnd} from '../core/words.ts';

export interface PreviewLines {
  /** @returns the lines of the file before, when this row is of another one. */
  readonly take: (row: CopyPlanned) => readonly string[];
  /** @returns the lines of the last file, and how many files there were. No lines when there was no row. */
  readonly end: () => readonly string[];
}

/** The rows of a file come one after the other, one for each destination. They are told once where the file has the same place on all of them. */
export function previewLines(): PreviewLines {
  let rows: readonly CopyPlanned[] = [];
  let folders = '';
  let files = 0;

  const tellFile = (): readonly string[] => {
    const places = new Map<string, readonly CopyPlanned[]>();
    for (const row of rows) {
      const place = `${row.present} ${row.target}`;
      places.set(place, [...(places.get(place) ?? []), row]);
    }
    return [...places.values()].flatMap(tellPlace);
  };
  const tellPlace = (same: readonly CopyPlanned[]): readonly string[] => {
    const [first] = same;
    if (first === undefined) return [];
    const {path, size, target, present} = first;
    const names = joinWithAnd(same.map(({to}) => printable(to)));
    const heading = names === folders ? [] : [`to ${names}:`];
    folders = names;
    const there = present ? ' (is there already, would be proved)' : '';
    return [
      ...heading,
      `  ${printable(path)} (${formatBytes(size)})`,
      `    -> ${printable(target)}${there}`,
    ];
  };

  return {
    take(row) {
      const [last] = rows;
      const isSame = last?.path === row.path && last.card.path === row.card.path;
      if (isSame) {
        rows = [...rows, row];
        return [];
      }
      const lines = tellFile();
      rows = [row];
      files += 1;
      return lines;
    },
    end() {
      if (files === 0) return [];
      const lines = [...tellFile(), `${countFiles(files)}, nothing was written`];
      rows = [];
      files = 0;
      folders = '';
      return lines;
    },
  };
}
