/** The cards of a run as people know them: what was seen of them before, and what the run says of them. */
import type {CardState} from './card-state.ts';
import type {VerdictReached} from './events.ts';
import type {SessionCard, SessionRun, SessionState} from './session/session-state.ts';

export interface RunCard {
  readonly path: string;
  readonly label: string;
  /** `Canon EOS R6`; empty when nothing tells. */
  readonly camera: string;
  /** Null until they are counted. */
  readonly files: number | null;
  /** Bytes of them. */
  readonly bytes: number | null;
  /** `waiting`: another card is in the same reader and comes first. */
  readonly stage: 'preparing' | 'waiting' | 'busy' | 'done';
  /** Null when this run has reached none; that of an earlier try does not count. */
  readonly verdict: VerdictReached | null;
  /** Null until the run has said anything of it. */
  readonly state: CardState | null;
  /** Null when it is not there any more. */
  readonly seen: SessionCard | null;
}

/** @returns the cards of the run that goes on or went on last, in its order; none without a run. */
export function runCards({run, cards}: SessionState): readonly RunCard[] {
  if (run === null) return [];
  const known = run.state.cards;
  const paths = [...run.cards, ...known.map(({card}) => card.path)];
  // All cards are looked at before the first is copied.
  const isCopying = known.some((card) => card.verdict === null && isBusy(card));
  return [...new Set(paths)].map((path) => {
    const state = known.find(({card}) => card.path === path) ?? null;
    const isHere = !run.gone.has(path);
    const seen = (isHere ? cards.find((card) => card.path === path) : undefined) ?? null;
    const verdict = verdictOf(state, run);
    return {
      path,
      label: state?.card.label ?? seen?.label ?? path,
      camera: seen?.survey?.cameras.join(', ') ?? '',
      files: state?.plan?.files ?? seen?.survey?.files ?? null,
      bytes: state?.plan?.bytes ?? seen?.survey?.bytes ?? null,
      stage: stageOf({state, verdict, isCopying}),
      verdict,
      state,
      seen,
    };
  });
}

function verdictOf(card: CardState | null, {verdictMs}: SessionRun): VerdictReached | null {
  return card !== null && verdictMs.has(card.card.path) ? card.verdict : null;
}

const isBusy = ({plan, movingSinceMs}: CardState): boolean =>
  plan !== null || movingSinceMs !== null;

function stageOf({
  state,
  verdict,
  isCopying,
}: Pick<RunCard, 'state' | 'verdict'> & {readonly isCopying: boolean}): RunCard['stage'] {
  if (verdict !== null) return 'done';
  if (state !== null && state.verdict === null && isBusy(state)) return 'busy';
  return isCopying ? 'waiting' : 'preparing';
}
