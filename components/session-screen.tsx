import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {Now} from '../src/core/format-dates.ts';
import type {BackupsView} from '../src/core/session/overlay.ts';
import type {SessionState} from '../src/core/session/session-state.ts';
import {unreachable} from '../src/core/unreachable.ts';
import {BackupQuestion} from './backups/backup-question.tsx';
import {BackupsScreen} from './backups/backups-screen.tsx';
import {StepsScreen} from './backups/steps-screen.tsx';
import {ConfirmStop, countConfirmLines} from './overlays/confirm-stop.tsx';
import {FailureList} from './overlays/failure-list.tsx';
import {HelpScreen} from './overlays/help-screen.tsx';
import {ReadyScreen} from './ready/ready-screen.tsx';
import {StatusScreen} from './status/status-screen.tsx';
import {TooSmall} from './terminal/too-small.tsx';
import type {Symbols} from './theme.ts';
import {VerdictScreen} from './verdict/verdict-screen.tsx';
import {WorkingScreen} from './working/working-screen.tsx';

export interface SessionScreenProps {
  readonly state: SessionState;
  /** Cells and lines of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly symbols: Symbols;
  readonly now: Now;
  /** ms until all is copied and proved, kept steady from frame to frame; null while it is measured. */
  readonly timeLeftMs?: number | null;
}

/** The smallest terminal that the screens are made for. */
const SMALLEST = {columns: 40, rows: 12};

/** What stands on the terminal now: the overlay, or else the screen behind it. */
export function SessionScreen(props: SessionScreenProps): ReactElement {
  const {state, columns, rows, symbols} = props;
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) {
    return <TooSmall state={state} smallest={SMALLEST} symbols={symbols} />;
  }
  const {overlay} = state;
  const size = {state, columns, rows, symbols};
  switch (overlay?.type) {
    case 'help':
      return <HelpScreen place={state.screen} scroll={overlay.scroll} {...size} />;
    case 'failures':
      return <FailureList failures={overlay.failures} scroll={overlay.scroll} {...size} />;
    case 'confirm-stop':
      return <AskToStop {...props} leaves={overlay.leaves} />;
    case 'status':
      return <StatusScreen view={overlay} {...props} />;
    case 'backups':
      return <Backups {...props} view={overlay} />;
    case 'shoot':
    case 'pictures':
    case undefined:
      return <Screen {...props} />;
    default:
      return unreachable(overlay);
  }
}

function Backups(props: SessionScreenProps & {readonly view: BackupsView}): ReactElement {
  const {front} = props.view;
  if (front === null) return <BackupsScreen {...props} />;
  if (front.type !== 'backup-steps') return <BackupQuestion {...props} front={front} />;
  const {state, columns, rows, symbols} = props;
  return state.backup === null ? (
    <BackupsScreen {...props} />
  ) : (
    <StepsScreen
      run={state.backup}
      scroll={front.scroll}
      columns={columns}
      rows={rows}
      symbols={symbols}
    />
  );
}

function Screen({
  now,
  timeLeftMs,
  hasFooter = true,
  ...props
}: SessionScreenProps & {readonly hasFooter?: boolean}): ReactElement {
  switch (props.state.screen) {
    case 'ready':
      return <ReadyScreen {...props} now={now} />;
    case 'working': {
      const time = timeLeftMs === undefined ? {} : {timeLeftMs};
      return <WorkingScreen {...props} {...time} hasFooter={hasFooter} />;
    }
    case 'verdict':
      return <VerdictScreen {...props} />;
    default:
      return unreachable(props.state.screen);
  }
}

/** What goes on stays in sight above the question. */
function AskToStop({
  leaves,
  ...props
}: SessionScreenProps & {readonly leaves: boolean}): ReactElement {
  const {columns, rows, symbols} = props;
  const above = rows - countConfirmLines({leaves, columns});
  return (
    <Box flexDirection="column">
      <Screen {...props} rows={above} hasFooter={false} />
      <ConfirmStop leaves={leaves} columns={columns} symbols={symbols} />
    </Box>
  );
}
