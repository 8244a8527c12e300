import type {Cause} from '../cause.ts';
import type {SessionState} from './session-state.ts';

/** As many as a small screen can show. */
const NEWEST_NOTICES = 3;

/** @returns the state with a sentence for the user; the same one twice is told once. */
export function tell(state: SessionState, cause: Cause): SessionState {
  const others = state.notices.filter(
    ({code, path, message}) =>
      code !== cause.code || path !== cause.path || message !== cause.message,
  );
  return {...state, notices: [...others, cause].slice(-NEWEST_NOTICES)};
}
