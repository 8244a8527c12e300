import type {Emit} from '../core/events.ts';
import type {Program} from './program.ts';

/** Keeps the computer awake; that it cannot be is told. @returns how to let the computer sleep again; nothing is told after that. */
export function stayAwake(program: Program, emit: Emit): () => Promise<void> {
  const hold = program.keepAwake();
  let isOver = false;
  hold.state.then((state) => {
    if (state.type !== 'not-held' || isOver) return;
    emit({type: 'noticed', level: 'info', ...state.cause});
  });
  return async () => {
    isOver = true;
    await hold.release();
  };
}
