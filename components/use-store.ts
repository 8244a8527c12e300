import {useSyncExternalStore} from 'react';
import type {RunState} from '../src/core/run-state.ts';
import type {RunStore} from '../src/output/store.ts';

/** What a screen needs of the store: to hear and to look. */
export type ReadableStore = Pick<RunStore, 'subscribe' | 'getSnapshot'>;

/** @returns the run's state; draws again when the store tells. */
export function useStore(store: ReadableStore): RunState {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}
