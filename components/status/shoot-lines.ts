import type {ShootStatus} from '../../src/core/events.ts';
import type {Now} from '../../src/core/format-dates.ts';
import {printable} from '../../src/core/printable.ts';
import {describeLack, describeStatusDrive} from '../../src/core/shoot-status-words.ts';
import {paragraph} from '../paragraph.ts';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';

export interface ShootLinesOptions {
  readonly shoot: ShootStatus;
  /** Cells. */
  readonly width: number;
  /** Its name stands in the list. */
  readonly named: boolean;
  readonly now: Now;
  readonly symbols: Symbols;
}

/** @returns what is told of the selected shoot: what it lacks and what to do, then each drive that has it. */
export function shootLines({
  shoot,
  width,
  named,
  now,
  symbols,
}: ShootLinesOptions): readonly ScreenLine[] {
  const {strong, decision, quiet} = symbols.styles;
  const lack = describeLack(shoot);
  const drives = shoot.volumes.map((drive) => ({
    key: drive.volume,
    ...describeStatusDrive(drive, shoot.files, now),
  }));
  return [
    ...(named
      ? []
      : paragraph(printable(shoot.shoot), {key: 'name', width, symbols, style: strong}).slice(
          0,
          1,
        )),
    ...(lack === null ? [] : paragraph(lack, {key: 'lack', width, symbols, style: decision})),
    ...drives.flatMap(({key, words, warns}) =>
      paragraph(words, {
        key: `drive ${key}`,
        width,
        symbols,
        sign: warns ? symbols.trouble : symbols.dash,
        style: warns ? decision : quiet,
      }),
    ),
    ...(drives.length === 0
      ? paragraph('No drive that is known holds it.', {key: 'none', width, symbols, style: quiet})
      : []),
  ];
}
