import {Box} from 'ink';
import type {ReactElement} from 'react';
import {formatClock, type Now} from '../../src/core/format-dates.ts';
import {placeOf} from '../../src/core/session/press-key.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {findDefaultShoot} from '../../src/core/session-words.ts';
import {Footer} from '../footer.tsx';
import type {Symbols} from '../theme.ts';
import {Line} from './line.tsx';
import {Lists} from './lists.tsx';
import {gatherNotices} from './notices.ts';
import {PicturesStrip} from './pictures-strip.tsx';
import {POINTER_CELLS} from './pointer.tsx';
import {gatherFacts} from './ready-facts.ts';
import {type Extras, HEADER_LINES, isLow, layOutReady, measureWidth} from './ready-layout.ts';
import {layOutSentences, Sentences} from './sentences.tsx';
import {ShootLine} from './shoot-line.tsx';

export interface ReadyScreenProps {
  readonly state: SessionState;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines of the terminal. */
  readonly rows: number;
  readonly symbols: Symbols;
  readonly now: Now;
}

/**
 * Cards and drives before anything runs, with the line in which the shoot is named and the strip of pictures in front. It is one line
 * lower than the terminal, because Ink empties the whole terminal when a frame is as high as it is.
 */
export function ReadyScreen({state, columns, rows, symbols, now}: ReadyScreenProps): ReactElement {
  const {overlay} = state;
  const low = isLow(rows);
  const pictures = overlay?.type === 'pictures' ? overlay : null;
  const entry = overlay?.type === 'shoot' ? overlay : null;
  const notices = gatherNotices(state, {low, width: measureWidth(columns), symbols});
  const suggestions = entry === null ? 0 : countSuggestions(state, rows);
  const extras: Extras = {
    shoot: pictures === null ? 1 : 0,
    suggestions,
    notices: layOutSentences(notices).length,
  };
  const layout = layOutReady(columns, rows, extras);
  const {width, height, gap} = layout;
  const facts = gatherFacts(state, {low, now});
  const parts = {state, facts, layout, symbols, now};
  return (
    <Box flexDirection="column" width={Math.max(1, columns)} height={height} overflow="hidden">
      {low ? null : <Header width={width} symbols={symbols} now={now} />}
      {pictures === null ? (
        <Lists {...parts} />
      ) : (
        <PicturesStrip
          strip={pictures}
          label={state.cards.find(({path}) => path === pictures.card)?.label ?? ''}
          width={width}
          room={layout.body}
          symbols={symbols}
        />
      )}
      <Box flexDirection="column" flexShrink={0} paddingTop={gap}>
        <Box
          flexDirection="column"
          flexShrink={0}
          paddingBottom={extras.shoot + extras.notices > 0 ? gap : 0}
        >
          <Box flexShrink={0} paddingLeft={POINTER_CELLS}>
            <Sentences {...notices} />
          </Box>
          {pictures === null ? (
            <ShootLine
              shoot={state.shoot}
              defaultShoot={findDefaultShoot(facts.card?.survey ?? null)}
              entry={entry}
              width={width}
              room={suggestions}
              symbols={symbols}
            />
          ) : null}
        </Box>
        <Footer
          place={placeOf(state)}
          state={state}
          width={columns}
          margin={POINTER_CELLS}
          symbols={symbols}
        />
      </Box>
    </Box>
  );
}

interface HeaderProps {
  readonly width: number;
  readonly symbols: Symbols;
  readonly now: Now;
}

function Header({width, symbols, now}: HeaderProps): ReactElement {
  const clock = formatClock(now);
  return (
    <Box height={HEADER_LINES} flexShrink={0} paddingLeft={POINTER_CELLS}>
      <Line
        text="offload"
        width={width - POINTER_CELLS - clock.length}
        symbols={symbols}
        style={symbols.styles.strong}
      />
      <Line
        text={clock}
        width={clock.length}
        symbols={symbols}
        style={symbols.styles.quiet}
        align="right"
      />
    </Box>
  );
}

/** @returns the lines kept for suggestions: the same for all that is typed. */
function countSuggestions({recentShoots, overlay}: SessionState, rows: number): number {
  const most = isLow(rows) ? 2 : rows < 30 ? 4 : 8;
  const now = overlay?.type === 'shoot' ? overlay.suggestions.length : 0;
  return Math.min(most, Math.max(recentShoots.length, now));
}
