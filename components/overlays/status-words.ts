import {cardPerCent} from '../../src/core/figures.ts';
import {formatCount} from '../../src/core/format-amounts.ts';
import {printable} from '../../src/core/printable.ts';
import {runCards} from '../../src/core/run-cards.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {type VerdictBlock, verdictBlocks} from '../../src/core/verdict-block.ts';

export interface Status {
  /** The same in fewer and fewer words. */
  readonly forms: readonly [string, ...string[]];
  /** True when something is wrong. */
  readonly isBad: boolean;
}

/** @returns what must stay in sight while something stands in front: is anything wrong, may I format. Null where nothing runs. */
export function describeStatus(state: SessionState): Status | null {
  if (state.screen === 'verdict') return describeVerdicts(verdictBlocks(state));
  return state.screen === 'working' ? describeWork(state) : null;
}

/** @returns `2 NOT SAFE, 1 safe to format`. */
export function describeVerdicts(blocks: readonly VerdictBlock[]): Status | null {
  const unsafe = blocks.filter(({safe}) => !safe).length;
  const safe = blocks.length - unsafe;
  if (blocks.length === 0) return null;
  const tell = (words: string) =>
    [
      ...(unsafe > 0 ? [`${formatCount(unsafe)} NOT SAFE`] : []),
      ...(safe > 0 ? [`${formatCount(safe)} ${words}`] : []),
    ].join(', ');
  return {forms: [tell('safe to format'), tell('safe')], isBad: unsafe > 0};
}

function describeWork(state: SessionState): Status | null {
  const cards = runCards(state);
  const failed = cards.reduce((sum, card) => sum + (card.state?.failureCount ?? 0), 0);
  const busy = cards.filter(({stage}) => stage === 'busy');
  const progress = busy.map(
    ({label, state: card}) => `${printable(label)} ${card === null ? 0 : cardPerCent(card)} %`,
  );
  const unsafe = cards.filter(({verdict}) => verdict?.safe === false).length;
  const wrong = [
    ...(unsafe > 0 ? [`${formatCount(unsafe)} NOT SAFE`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed so far`] : []),
  ];
  const all = [...wrong, ...progress].join(', ');
  if (wrong.length > 0) return {forms: [all, wrong.join(', '), wrong[0] ?? all], isBad: true};
  return all === '' ? null : {forms: [all], isBad: false};
}
