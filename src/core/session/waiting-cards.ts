import type {SessionCard, SessionState} from './session-state.ts';

/** A card that an offload would have something to do with, as far as is known. */
export const isWaiting = ({problem, survey, history, ejected}: SessionCard): boolean =>
  problem === null && survey?.files !== 0 && ejected === 'no' && history?.state !== 'safe';

/** @returns the cards that a key would queue while others are copied: in neither the run nor the queue, and not safe yet. One that lies where a card of the run lay is another card. */
export function cardsToQueue({cards, run, queue}: SessionState): readonly SessionCard[] {
  if (run === null) return [];
  const isInRun = (path: string) => run.cards.includes(path) && !run.gone.has(path);
  return cards.filter(
    (card) => isWaiting(card) && !queue.includes(card.path) && !isInRun(card.path),
  );
}
