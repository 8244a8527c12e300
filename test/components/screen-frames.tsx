/** Screens as they are looked at: in three sizes of a terminal, without colours. */
import type {ExecutionContext} from 'ava';
import {SessionScreen} from '../../components/session-screen.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {checkFrame} from '../helpers/frame-files.ts';
import {renderFrame} from '../helpers/render.tsx';
import {now} from './ready/sample-session.ts';

export const unicode = chooseSymbols({unicode: true, colour: false});
export const ascii = chooseSymbols({unicode: false, colour: false});

/** Columns and rows. */
export const SIZES = [
  [80, 24],
  [120, 40],
  [40, 12],
] as const;

/** The screen that a session shows. */
export const drawSession = (
  state: SessionState,
  columns: number,
  rows: number,
  symbols = unicode,
): string =>
  renderFrame(
    <SessionScreen state={state} columns={columns} rows={rows} symbols={symbols} now={now} />,
    columns,
  );

interface SizedFrames {
  /** The address of the test. */
  readonly beside: string;
  readonly name: string;
  readonly draw: (columns: number, rows: number) => string;
}

/** Compares the frame of every size with `frames/<name>-<columns>x<rows>.txt`; none may be higher than its terminal. */
export function checkSizes(t: ExecutionContext, {beside, name, draw}: SizedFrames): void {
  for (const [columns, rows] of SIZES) {
    const frame = draw(columns, rows);
    checkFrame(t, frame, {beside, name: `${name}-${columns}x${rows}`});
    t.true(frame.split('\n').length <= rows);
  }
}
