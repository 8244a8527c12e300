/** A backup that starts by itself because its drives came: it is told some seconds before, and any key keeps it from starting. */
import type {Cause} from '../cause.ts';
import {isBackingUp} from './backup-run.ts';
import {isRunning} from './session-run.ts';
import type {SessionState} from './session-state.ts';
import {tell} from './tell-notice.ts';

/** s from the first word to the start, and when it is told again. */
export const COMING_SECONDS = [10, 5] as const;

const CODE = 'backup-coming';

/** True while nobody does anything else: cards go first, and what stands in front would hide it. */
export const mayCome = ({screen, overlay, run, backup, queue}: SessionState): boolean =>
  screen !== 'working' &&
  overlay === null &&
  queue.length === 0 &&
  !isRunning(run) &&
  !isBackingUp(backup);

/** @returns the state that tells of it; without it where it may not come now. */
export function showComing(
  state: SessionState,
  {job, seconds}: {readonly job: string; readonly seconds: number},
): SessionState {
  const others = withoutComing(state);
  if (!mayCome(state)) return others;
  const notice: Cause = {
    code: CODE,
    message: `the drives of the backup ${job} are there: it starts in ${seconds} seconds`,
    next: 'Any key stops it.',
  };
  return {...tell(others, notice), coming: job};
}

/** @returns the state without the word of it. */
export function withoutComing(state: SessionState): SessionState {
  if (state.coming === null) return state;
  return {...state, coming: null, notices: state.notices.filter(({code}) => code !== CODE)};
}

/** A key was pressed. */
export function stopComing(state: SessionState): SessionState {
  const {coming} = state;
  if (coming === null) return state;
  const stopped: Cause = {
    code: 'backup-not-begun',
    message: `the backup ${coming} was not started`,
    next: 'Press u, then Enter, to run it; or plug its drive in again.',
  };
  return tell(withoutComing(state), stopped);
}
