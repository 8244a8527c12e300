import {printable} from '../../src/core/printable.ts';
import {KEYS} from '../../src/core/session/keys.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {cardsToQueue} from '../../src/core/session/waiting-cards.ts';
import {joinWithAnd} from '../../src/core/words.ts';
import {chooseForm} from '../../src/core/wrap-words.ts';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';

/** One line each, the most important first: that it stops, what came meanwhile, what is done next. */
export function workingNotes(
  state: SessionState,
  width: number,
  symbols: Symbols,
): readonly ScreenLine[] {
  const {decision, quiet} = symbols.styles;
  const tell = (key: string, text: string, style = {}): ScreenLine => ({
    kind: 'text',
    key,
    text,
    indent: 0,
    style,
  });
  const here = cardsToQueue(state).map(({label}) => printable(label));
  const next = state.queue.map((path) => nameCard(state, path));
  const isStopping = state.run?.state.cancelRequested !== null && state.run?.endedMs === null;
  return [
    ...(isStopping ? [tell('stopping', chooseForm(STOPPING, width), decision)] : []),
    // A run that is to stop is followed by none.
    ...(here.length > 0 && !isStopping ? [tell('here', describeHere(here, width, symbols))] : []),
    ...(next.length > 0 ? [tell('next', `next: ${next.join(', ')}`, quiet)] : []),
  ];
}

const STOPPING = [
  'stopping after the block in hand… Ctrl-C again leaves at once',
  'stopping after the block in hand…',
];

function describeHere(labels: readonly string[], width: number, {unicode}: Symbols): string {
  const key = KEYS.working.find(({action}) => action === 'offload');
  const sign = (unicode ? key?.sign : key?.asciiSign) ?? '';
  const [are, them] = labels.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const count = `${labels.length} more cards`;
  return chooseForm(
    [joinWithAnd(labels), labels.length === 1 ? (labels[0] ?? '') : count].map(
      (who) => `${who} ${are} here: ${sign} queues ${them}`,
    ),
    width,
  );
}

function nameCard({cards}: SessionState, path: string): string {
  return printable(cards.find((card) => card.path === path)?.label ?? path);
}
