import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {SessionState} from '../../src/core/session/session-state.ts';
import type {Symbols} from '../theme.ts';
import {Column} from './column.tsx';
import {DriveRows, measureDrives} from './drive-rows.tsx';
import {POINTER_CELLS} from './pointer.tsx';
import type {ReadyFacts} from './ready-facts.ts';
import {layOutSentences, Sentences} from './sentences.tsx';
import {measureRows} from './window.ts';

export interface DriveColumnProps {
  readonly state: SessionState;
  readonly facts: ReadyFacts;
  readonly width: number;
  /** Lines, the heading among them. */
  readonly room: number;
  /** Little height: no heading, a line for each drive, few for sentences. */
  readonly low: boolean;
  readonly symbols: Symbols;
}

/** The drives, and below them what is to be said of all together. */
export function DriveColumn(props: DriveColumnProps): ReactElement {
  const {state, facts, width, room, low, symbols} = props;
  const split = splitColumn(props, room - (low ? 0 : 1));
  const figures = low || facts.drives.length === 0 ? {} : {figures: 'free'};
  return (
    <Column
      heading={low ? null : 'DRIVES'}
      {...figures}
      width={width}
      room={room}
      symbols={symbols}
    >
      {facts.drives.length === 0 ? null : (
        <DriveRows
          drives={facts.drives}
          selected={state.selectedDrive}
          focused={state.focus === 'drives'}
          width={width}
          room={split.list}
          low={low}
          symbols={symbols}
        />
      )}
      <Box flexShrink={0} paddingLeft={POINTER_CELLS} paddingTop={split.between}>
        <Sentences
          sentences={facts.notes}
          width={width - POINTER_CELLS}
          room={split.notes}
          symbols={symbols}
        />
      </Box>
    </Column>
  );
}

/** @returns the lines that the column would like to have, without its heading. */
export function measureDriveColumn(props: Omit<DriveColumnProps, 'room'>): number {
  const {list, between, notes} = splitColumn(props, Number.POSITIVE_INFINITY);
  return list + between + notes;
}

/** Lines for sentences on the low screen: what matters most comes first. */
const LOW_NOTES = 3;

function splitColumn(
  {facts, width, low, symbols}: Omit<DriveColumnProps, 'room'>,
  room: number,
): {readonly list: number; readonly between: number; readonly notes: number} {
  const list = measureRows(measureDrives(facts.drives, low), 0);
  const sentences = {
    sentences: facts.notes,
    width: width - POINTER_CELLS,
    room: low ? LOW_NOTES : Number.POSITIVE_INFINITY,
    symbols,
  };
  const notes = layOutSentences(sentences).length;
  const between = notes === 0 || list === 0 || low ? 0 : 1;
  if (list + between + notes <= room) return {list, between, notes};
  // Neither takes all: a list can be scrolled, and a sentence that is cut still warns.
  const forList = Math.max(Math.ceil(room / 2), room - between - notes);
  const shown = Math.min(list, forList);
  return {list: shown, between, notes: Math.max(0, room - between - shown)};
}
