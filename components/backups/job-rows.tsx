import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {JobKnown} from '../../src/core/events.ts';
import type {Now} from '../../src/core/format-dates.ts';
import {describeJob} from '../../src/core/job-words.ts';
import {printable} from '../../src/core/printable.ts';
import {chooseForm, countCells} from '../../src/core/wrap-words.ts';
import {Lines} from '../lines.tsx';
import {Line, Name} from '../ready/line.tsx';
import {POINTER_CELLS, Pointer} from '../ready/pointer.tsx';
import {clamp} from '../ready/ready-layout.ts';
import {ScrolledRows} from '../ready/scrolled-rows.tsx';
import type {Symbols} from '../theme.ts';
import {jobLines} from './job-lines.ts';

export interface JobRowsProps {
  readonly jobs: readonly JobKnown[];
  readonly selected: number;
  /** One line for each job. */
  readonly low: boolean;
  /** Lines. */
  readonly room: number;
  readonly now: Now;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
}

/** The jobs around the selected one: a block for each, or a line. */
export function JobRows(props: JobRowsProps): ReactElement {
  const {jobs, selected, low, room, width, symbols} = props;
  return (
    <ScrolledRows
      heights={measureJobs(props)}
      gap={low ? 0 : 1}
      room={room}
      selected={selected}
      width={width}
      symbols={symbols}
      draw={(index) => {
        const job = jobs[index];
        const Row = low ? JobLine : JobBlock;
        return job === undefined ? null : (
          <Row key={job.job} {...props} job={job} isSelected={index === selected} />
        );
      }}
    />
  );
}

/** @returns the lines of each job. */
export function measureJobs({
  jobs,
  low,
  width,
  now,
  symbols,
}: Pick<JobRowsProps, 'jobs' | 'low' | 'width' | 'now' | 'symbols'>): readonly number[] {
  return jobs.map((job) =>
    low ? 1 : 1 + jobLines({job, width: width - POINTER_CELLS, now, symbols}).length,
  );
}

interface RowProps extends JobRowsProps {
  readonly job: JobKnown;
  readonly isSelected: boolean;
}

/** Its name, and what is most to be said of it. */
function JobLine(props: RowProps): ReactElement {
  const {job, jobs, now, width, symbols} = props;
  const {decision, quiet} = symbols.styles;
  const longest = Math.max(...jobs.map((one) => countCells(printable(one.job))));
  const name = clamp(longest, 4, Math.floor((width - POINTER_CELLS) / 2));
  const room = width - POINTER_CELLS - name - 2;
  const {words, short, warns} = describeJob(job, now);
  const sign = warns ? `${symbols.trouble} ` : '';
  return (
    <Head {...props} name={name}>
      <Line
        text={chooseForm([sign + words, sign + short], room)}
        width={room}
        symbols={symbols}
        style={warns ? decision : quiet}
      />
    </Head>
  );
}

/** Its name and when it runs; below them everything else. */
function JobBlock(props: RowProps): ReactElement {
  const {job, now, width, symbols} = props;
  const inner = width - POINTER_CELLS;
  const trigger = printable(job.trigger);
  const name = clamp(countCells(printable(job.job)), 4, Math.floor(inner * 0.6));
  return (
    <Box flexDirection="column" flexShrink={0} width={width}>
      <Head {...props} name={name}>
        <Line
          text={trigger}
          width={inner - name - 2}
          symbols={symbols}
          style={symbols.styles.quiet}
        />
      </Head>
      <Box flexShrink={0} paddingLeft={POINTER_CELLS}>
        <Lines
          lines={jobLines({job, width: inner, now, symbols})}
          width={inner}
          symbols={symbols}
        />
      </Box>
    </Box>
  );
}

function Head(
  props: RowProps & {readonly name: number; readonly children: ReactElement},
): ReactElement {
  const {job, isSelected, name, symbols, children} = props;
  const {strong, accent} = symbols.styles;
  return (
    <Box height={1} flexShrink={0}>
      <Pointer selected={isSelected} focused={true} symbols={symbols} />
      <Name
        text={printable(job.job)}
        width={name}
        symbols={symbols}
        style={isSelected ? {...strong, ...accent} : strong}
      />
      <Box width={2} flexShrink={0} />
      {children}
    </Box>
  );
}
