import type {Action} from './keys.ts';

/** Lines. */
const PAGE = 10;
const STEPS: ReadonlyMap<Action, number> = new Map([
  ['next', 1],
  ['previous', -1],
  ['page-down', PAGE],
  ['page-up', -PAGE],
]);

/** @returns by how many lines or rows a key moves; 0 when it does not. */
export const stepOf = (action: Action): number => STEPS.get(action) ?? 0;

/** @returns the first line shown; the screen itself knows where the end is. */
export function scrolled(scroll: number, action: Action): number {
  return Math.max(0, scroll + stepOf(action));
}

/** @returns the index after a key, inside a list of so many. */
export function moved(index: number, action: Action, count: number): number {
  return Math.max(0, Math.min(count - 1, index + stepOf(action)));
}
