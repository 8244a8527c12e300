import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {ConfirmStop, countConfirmLines} from '../../components/overlays/confirm-stop.tsx';
import {FailureList} from '../../components/overlays/failure-list.tsx';
import {HelpScreen} from '../../components/overlays/help-screen.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import {VerdictScreen} from '../../components/verdict/verdict-screen.tsx';
import {WorkingScreen} from '../../components/working/working-screen.tsx';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {renderFrame} from '../helpers/render.tsx';
import {fileFailed, hostileName, lostB, nikon, planned, verdict} from '../helpers/run-events.ts';
import {eosCard, run, sessionCard} from '../helpers/session-states.ts';
import {
  failures,
  goproCard,
  happened,
  mixedState,
  nikonCard,
  notSafe,
  oneCard,
  tenCards,
  twoAtOnce,
  working,
} from './run-screens.ts';

const odd = {path: '/mnt/E', label: `写真 🎞️ ${hostileName} 👩🏽‍🚀`};
const cards = [eosCard, nikonCard, goproCard];
const states: readonly SessionState[] = [
  happened({cards, offloaded: [eosCard.path, nikonCard.path], events: working}),
  happened({
    cards,
    events: [...working, ...failures, lostB],
    beside: [
      run({
        type: 'noticed',
        level: 'warning',
        code: 'x',
        message: 'a long story '.repeat(20),
        next: 'Wait.',
      }),
      run({type: 'cancel-requested', by: 'key'}),
    ],
  }),
  happened({cards, events: twoAtOnce}),
  tenCards(),
  mixedState(),
  oneCard(verdict({waived: ['same-drive', 'cached']})),
  happened({
    cards: [sessionCard({label: odd.label}), nikonCard],
    events: [
      planned({card: odd, shoot: odd.label}),
      ...Array.from({length: 100}, (_, index) => fileFailed({card: odd, path: `${index}`})),
      notSafe({card: odd, reasons: [{code: 'file-failed', message: 'x'.repeat(500)}]}),
      planned({card: nikon}),
    ],
  }),
];

const signs = [
  chooseSymbols({unicode: true, colour: false}),
  chooseSymbols({unicode: false, colour: false}),
];

interface Case {
  readonly state: SessionState;
  readonly columns: number;
  readonly rows: number;
  readonly scroll: number;
  readonly symbols: ReturnType<typeof chooseSymbols>;
}

/** By number, so that a counterexample is short. */
const numbers = fc.record({
  state: fc.nat(states.length - 1),
  sign: fc.nat(signs.length - 1),
  scroll: fc.nat(60),
  columns: fc.integer({min: 40, max: 160}),
  rows: fc.integer({min: 12, max: 50}),
});

function assertAll(t: ExecutionContext, runs: number, holds: (one: Case) => boolean): void {
  const check = () =>
    fc.assert(
      fc.property(numbers, ({state, sign, ...size}) => {
        const [chosen, symbols] = [states[state], signs[sign]];
        if (chosen === undefined || symbols === undefined) throw new Error('no such state');
        return holds({state: chosen, symbols, ...size});
      }),
      {numRuns: runs},
    );
  t.notThrows(check);
}

const draw = (node: ReactElement, columns: number): readonly string[] =>
  renderFrame(node, columns).split('\n');

/** Measured by Ink, which cuts what is wider. */
function areCut(lines: readonly string[], columns: number): boolean {
  const node = (
    <Box width={columns} flexDirection="column">
      {lines.map((line) => (
        <Text key={line} wrap="truncate-end">
          {line}
        </Text>
      ))}
    </Box>
  );
  return renderFrame(node, columns + 10) !== lines.join('\n');
}

const screens: Readonly<Record<string, (one: Case) => ReactElement>> = {
  working: ({scroll, ...one}) => <WorkingScreen {...one} />,
  verdict: ({state, scroll, ...one}) => <VerdictScreen state={{...state, scroll}} {...one} />,
  help: (one) => <HelpScreen place="working" {...one} />,
  failures: (one) => <FailureList failures={one.state.run?.failures ?? []} {...one} />,
};

for (const [name, screen] of Object.entries(screens)) {
  test(`${name}: exactly as high as it may be, and never wider than the terminal`, (t) => {
    assertAll(t, 60, (one) => {
      const lines = draw(screen(one), one.columns);
      const words = [...new Set(lines)].filter((line) => line !== '');
      return lines.length === one.rows && !areCut(words, one.columns);
    });
  });

  test(`${name}: the keys are always on the last line`, (t) => {
    assertAll(t, 40, (one) => /help|back/.test(draw(screen(one), one.columns).at(-1) ?? ''));
  });
}

test('stopping below the working screen: together as high as the terminal', (t) => {
  assertAll(t, 40, ({state, columns, rows, symbols, scroll}) => {
    const leaves = scroll % 2 === 1;
    const above = rows - countConfirmLines({leaves, columns});
    const working = (
      <WorkingScreen
        state={state}
        columns={columns}
        rows={above}
        symbols={symbols}
        hasFooter={false}
      />
    );
    const question = <ConfirmStop leaves={leaves} columns={columns} symbols={symbols} />;
    return draw(working, columns).length + draw(question, columns).length === rows;
  });
});

test('at the top of the verdicts the words of the first card are always in sight', (t) => {
  assertAll(t, 40, ({state, columns, ...one}) => {
    const node = <VerdictScreen state={{...state, scroll: 0}} columns={columns} {...one} />;
    return draw(node, columns).some((line) => /SAFE TO FORMAT|NOT SAFE . do not format/.test(line));
  });
});
