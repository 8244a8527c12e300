import {Box} from 'ink';
import type {ReactElement} from 'react';
import {causeText} from '../../src/core/cause-text.ts';
import type {Now} from '../../src/core/format-dates.ts';
import type {BackupsView} from '../../src/core/session/overlay.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {Footer} from '../footer.tsx';
import {FullScreen} from '../full-screen.tsx';
import {innerWidth} from '../grid.ts';
import {clipLines, Gap, Lines} from '../lines.tsx';
import {paragraph} from '../paragraph.ts';
import {Line} from '../ready/line.tsx';
import {POINTER_CELLS} from '../ready/pointer.tsx';
import {isLow} from '../ready/ready-layout.ts';
import {measureRows} from '../ready/window.ts';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';
import {jobLines} from './job-lines.ts';
import {JobRows, measureJobs} from './job-rows.tsx';
import {measurePanel, RunPanel} from './run-panel.tsx';

export interface BackupsScreenProps {
  readonly state: SessionState;
  readonly view: BackupsView;
  readonly now: Now;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that may be drawn. */
  readonly rows: number;
  readonly symbols: Symbols;
  /** False where a question stands below. @default true */
  readonly hasFooter?: boolean;
}

/** No line gets longer than this: an eye that has to travel loses it. */
const WIDEST = 120;
/** Lines that the list keeps whatever runs. */
const LEAST_LIST = {low: 2, tall: 6} as const;

/** The backup jobs, and below them the run of one. */
export function BackupsScreen(props: BackupsScreenProps): ReactElement {
  const {state, view, now, columns, symbols, hasFooter = true} = props;
  const rows = Math.max(3, Math.floor(props.rows));
  const low = isLow(rows);
  const width = Math.min(WIDEST, innerWidth(columns));
  const gap = low ? 0 : 1;
  const jobs = state.jobs ?? [];
  const told = clipLines(toldLines(view, width, symbols), low ? 2 : 4);
  const body = Math.max(0, rows - 1 - gap - told.length - (hasFooter ? 1 + gap : 0));
  const list = {jobs, low, now, width, symbols};
  const wanted = jobs.length === 0 ? 3 : measureRows(measureJobs(list), low ? 0 : 1);
  const least = Math.min(wanted, LEAST_LIST[low ? 'low' : 'tall']);
  const {backup} = state;
  const panel =
    backup === null ? 0 : Math.min(measurePanel({run: backup, width, symbols}), body - least - gap);
  const hasPanel = backup !== null && panel >= 2;
  const room = Math.max(1, Math.min(wanted, hasPanel ? body - panel - gap : body));
  const selected = jobs[view.selected];
  const details =
    low && !hasPanel && selected !== undefined
      ? clipLines(
          jobLines({job: selected, width: width - POINTER_CELLS, now, symbols}),
          body - room,
        )
      : [];
  return (
    <FullScreen columns={columns} rows={rows}>
      <Title state={state} width={width} symbols={symbols} />
      <Gap lines={gap} />
      {jobs.length === 0 ? (
        <Lines lines={nothingLines(state, width, symbols)} width={width} symbols={symbols} />
      ) : (
        <JobRows {...list} selected={view.selected} room={room} />
      )}
      <Box flexShrink={0} paddingLeft={POINTER_CELLS}>
        <Lines lines={details} width={width - POINTER_CELLS} symbols={symbols} />
      </Box>
      <Box flexGrow={1} />
      {hasPanel ? <RunPanel run={backup} width={width} room={panel} symbols={symbols} /> : null}
      <Lines lines={told} width={width} symbols={symbols} />
      {hasFooter ? (
        <>
          <Gap lines={gap} />
          <Footer place="backups" state={state} width={width} symbols={symbols} />
        </>
      ) : null}
    </FullScreen>
  );
}

interface PartProps {
  readonly state: SessionState;
  readonly width: number;
  readonly symbols: Symbols;
}

const TITLE = 'Backups';

function Title({state: {jobs}, width, symbols}: PartProps): ReactElement {
  const late = (jobs ?? []).filter(({targets}) => targets.some(({overdue}) => overdue)).length;
  const count = late === 0 ? '' : `${symbols.trouble} ${late} of ${jobs?.length ?? 0} overdue`;
  return (
    <Box height={1} flexShrink={0}>
      <Line text={TITLE} width={TITLE.length + 2} symbols={symbols} style={symbols.styles.strong} />
      <Line
        text={count}
        width={width - TITLE.length - 2}
        symbols={symbols}
        style={symbols.styles.decision}
        align="right"
      />
    </Box>
  );
}

/** What stands where the jobs would. */
function nothingLines(
  {jobs, jobsProblem}: SessionState,
  width: number,
  symbols: Symbols,
): readonly ScreenLine[] {
  if (jobsProblem !== null) {
    return paragraph(causeText(jobsProblem), {
      key: 'problem',
      width,
      symbols,
      sign: symbols.trouble,
      style: symbols.styles.failure,
    });
  }
  return paragraph(jobs === null ? LOOKING : NO_JOBS, {key: 'nothing', width, symbols});
}

const LOOKING = 'Looking for the jobs and their drives…';
const NO_JOBS =
  'There is no backup job yet. A job keeps a folder of one drive in step on others. Make one with: offload backup add.';

/** What the last key could not do; that the jobs cannot be told anew, where older ones stand. */
function toldLines({told}: BackupsView, width: number, symbols: Symbols): readonly ScreenLine[] {
  if (told === null) return [];
  return paragraph(causeText(told), {
    key: 'told',
    width,
    symbols,
    sign: symbols.trouble,
    style: symbols.styles.decision,
  });
}
