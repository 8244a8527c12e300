/** The keys of the screen that tells how each shoot is kept. */
import type {Action} from './keys.ts';
import type {Pressed} from './press-key.ts';
import {moved} from './scroll-steps.ts';
import type {SessionState} from './session-state.ts';

/** Opens it empty, and asks for what it shows. */
export function openStatus(state: SessionState): Pressed {
  const overlay = {
    type: 'status',
    shoots: [],
    offsite: [],
    warnings: [],
    problem: null,
    complete: false,
    selected: 0,
  } as const;
  return {state: {...state, overlay}, effects: [{type: 'ask-status'}]};
}

export function pressOnStatus(state: SessionState, action: Action): Pressed {
  const {overlay} = state;
  if (overlay?.type !== 'status') return {state, effects: []};
  if (action === 'close') {
    return {state: {...state, overlay: null}, effects: [{type: 'stop-status'}]};
  }
  const selected = moved(overlay.selected, action, overlay.shoots.length);
  return {state: {...state, overlay: {...overlay, selected}}, effects: []};
}
