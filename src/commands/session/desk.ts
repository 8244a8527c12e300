import type {Effect} from '../../core/session/effects.ts';
import type {SessionEvent} from '../../core/session/session-events.ts';
import type {SessionState} from '../../core/session/session-state.ts';

/** Where the session and its screen meet: one tells what happens, the other what was pressed. */
export interface Desk {
  dispatch(event: SessionEvent): void;
  getSnapshot(): SessionState;
  /** Called for everything that keys ask for, from now on. */
  onEffect(listener: (effect: Effect) => void): void;
}
