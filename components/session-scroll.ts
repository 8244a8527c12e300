import type {SessionState} from '../src/core/session/session-state.ts';
import {lastStepsScroll} from './backups/steps-screen.tsx';
import {lastFailureScroll} from './overlays/failure-list.tsx';
import {lastHelpScroll} from './overlays/help-screen.tsx';
import type {Symbols} from './theme.ts';
import {lastVerdictScroll} from './verdict/verdict-screen.tsx';

interface ScrollSetting {
  /** Cells and lines of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly symbols: Symbols;
}

/** @returns the state with its first lines inside what there is to see: only a screen knows how many lines that is. */
export function clampScroll(state: SessionState, setting: ScrollSetting): SessionState {
  const {overlay} = state;
  switch (overlay?.type) {
    case 'help': {
      const last = lastHelpScroll({state, place: state.screen, scroll: overlay.scroll, ...setting});
      return overlay.scroll <= last ? state : {...state, overlay: {...overlay, scroll: last}};
    }
    case 'failures': {
      const {failures, scroll} = overlay;
      const last = lastFailureScroll({state, failures, scroll, ...setting});
      return scroll <= last ? state : {...state, overlay: {...overlay, scroll: last}};
    }
    case undefined: {
      if (state.screen !== 'verdict' || state.scroll === 0) return state;
      const last = lastVerdictScroll({state, ...setting});
      return state.scroll <= last ? state : {...state, scroll: last};
    }
    case 'backups': {
      const {front} = overlay;
      if (front?.type !== 'backup-steps' || state.backup === null) return state;
      const last = lastStepsScroll({run: state.backup, scroll: front.scroll, ...setting});
      return front.scroll <= last
        ? state
        : {...state, overlay: {...overlay, front: {...front, scroll: last}}};
    }
    case 'status':
    case 'shoot':
    case 'confirm-stop':
    case 'pictures':
      return state;
  }
}
