import {Box} from 'ink';
import type {ReactElement} from 'react';
import {formatTimeLeft} from '../../src/core/format-amounts.ts';
import {printable} from '../../src/core/printable.ts';
import type {RunCard} from '../../src/core/run-cards.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {chooseForm, countCells} from '../../src/core/wrap-words.ts';
import {Cut} from '../cut.tsx';
import {Right} from '../lane.tsx';
import type {Symbols} from '../theme.ts';

export interface WorkingTitleProps {
  readonly state: SessionState;
  readonly cards: readonly RunCard[];
  /** ms, rounded; null while it is measured. */
  readonly timeLeftMs: number | null;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
}

/** The shoot, and when all that is being copied is done. */
export function WorkingTitle(props: WorkingTitleProps): ReactElement {
  const {state, width, symbols} = props;
  const time = describeTime(props);
  const timeWidth = time === '' ? 0 : countCells(time) + 2;
  return (
    <Box flexShrink={0} height={1}>
      <Cut
        text={nameShoot(state, width - timeWidth, symbols)}
        width={width - timeWidth}
        symbols={symbols}
      />
      {time === '' ? null : <Right width={timeWidth} text={time} />}
    </Box>
  );
}

/** What most shoots begin with; where room is short their names tell more. */
const DATE = /^\d{4}-\d{2}-\d{2}[ _-]+(?=\S)/;

function nameShoot({run}: SessionState, room: number, {separator}: Symbols): string {
  const shoot = run?.state.cards.findLast(({plan}) => plan !== null)?.plan?.shoot;
  if (shoot === undefined) return 'offload';
  const name = printable(shoot);
  return chooseForm([`offload ${separator} ${name}`, name, name.replace(DATE, '')], room);
}

/** Cards that wait are not in the time: how fast they will be is not known. */
function describeTime({state, cards, timeLeftMs, width}: WorkingTitleProps): string {
  if (state.run === null || state.run.endedMs !== null) return '';
  if (state.run.state.cancelRequested !== null) return 'stopping';
  // Nothing tells how long the second reading of a card takes.
  const busy = cards.filter(
    ({stage, state: card}) => stage === 'busy' && card?.movingSinceMs !== null,
  );
  if (busy.every(({state: card}) => card?.phase === 'reread')) return '';
  const waiting = cards.filter(({stage}) => stage === 'waiting').length + state.queue.length;
  const time = formatTimeLeft(timeLeftMs);
  const left = timeLeftMs === null ? time : `${time} left`;
  if (waiting === 0) return left;
  const then = `, then ${waiting} more ${waiting === 1 ? 'card' : 'cards'}`;
  return chooseForm([left + then, `${left} + ${waiting}`, left], Math.floor(width * 0.7));
}
