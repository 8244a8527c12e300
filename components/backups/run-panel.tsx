import {Box} from 'ink';
import type {ReactElement} from 'react';
import {backupPerCent, describeBackupPhase} from '../../src/core/backup-words.ts';
import {formatBytes, formatTimeLeft} from '../../src/core/format-amounts.ts';
import {printable} from '../../src/core/printable.ts';
import {
  type BackupRun,
  isBackingUp,
  type TargetRun,
  targetAtWork,
} from '../../src/core/session/backup-run.ts';
import {countCells} from '../../src/core/wrap-words.ts';
import {layOutGrid} from '../grid.ts';
import {describeSpeed, Right, Row} from '../lane.tsx';
import {clipLines, Lines} from '../lines.tsx';
import {Line} from '../ready/line.tsx';
import {DrawnLine, type ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';
import {resultLines} from './run-lines.ts';

export interface RunPanelProps {
  readonly run: BackupRun;
  /** Cells. */
  readonly width: number;
  /** Lines. */
  readonly room: number;
  readonly symbols: Symbols;
}

/** How far the backup is that runs, or what came of the last one. */
export function RunPanel(props: RunPanelProps): ReactElement {
  const {run, width, room, symbols} = props;
  const title = <Title run={run} width={width} symbols={symbols} />;
  if (isBackingUp(run)) {
    const target = targetAtWork(run);
    const done = clipLines(resultLines({run, width, symbols}), room - 1 - PROGRESS_LINES);
    return (
      <Box flexDirection="column" flexShrink={0} width={width} height={room} overflow="hidden">
        {title}
        <Lines lines={done} width={width} symbols={symbols} />
        {target === null ? (
          <Line text="looking at the drives…" width={width} symbols={symbols} />
        ) : (
          <Progress target={target} width={width} symbols={symbols} />
        )}
      </Box>
    );
  }
  return (
    <Box flexDirection="column" flexShrink={0} width={width} height={room} overflow="hidden">
      {title}
      <Lines
        lines={clipResult(resultLines({run, width, symbols}), room - 1, props)}
        width={width}
        symbols={symbols}
      />
    </Box>
  );
}

const PROGRESS_LINES = 4;

/** @returns the lines that the panel would like to have. */
export function measurePanel({run, width, symbols}: Omit<RunPanelProps, 'room'>): number {
  const results = resultLines({run, width, symbols}).length;
  return 1 + results + (isBackingUp(run) ? PROGRESS_LINES : 0);
}

/** What has no room stands in the list. */
function clipResult(
  lines: readonly ScreenLine[],
  room: number,
  {width, symbols}: RunPanelProps,
): readonly ScreenLine[] {
  if (lines.length <= room) return lines;
  const text = 'more: press l';
  return [
    ...lines.slice(0, Math.max(0, room - 1)),
    {
      kind: 'text',
      key: 'more',
      text: text.slice(0, width),
      indent: 0,
      style: symbols.styles.strong,
    },
  ];
}

type PartProps = Omit<RunPanelProps, 'room'>;

/** A rule, with what it is about. */
function Title({run, width, symbols}: PartProps): ReactElement {
  const {preview, stopping, endedMs} = run;
  const what = `${preview ? 'Preview' : endedMs === null ? 'Backup' : 'Last backup'} of ${printable(run.job)}`;
  const text = `${what}${stopping && endedMs === null ? ', stopping' : ''} `;
  const words = Math.min(width, countCells(text));
  const {quiet, strong} = symbols.styles;
  return (
    <Box height={1} flexShrink={0}>
      <Line text={text} width={words} symbols={symbols} style={strong} />
      {width - words <= 0 ? null : (
        <Line
          text={symbols.rest.repeat(width - words)}
          width={width - words}
          symbols={symbols}
          style={quiet}
        />
      )}
    </Box>
  );
}

/** A target in the pace and the columns of the working screen. */
function Progress({
  target,
  width,
  symbols,
}: Omit<PartProps, 'run'> & {readonly target: TargetRun}): ReactElement {
  const {progress, readRate, time} = target;
  const grid = layOutGrid(width, true);
  const name = `${symbols.unicode ? '→' : '->'} ${printable(target.target)}`;
  if (progress === null) return <Line text={name} width={width} symbols={symbols} />;
  const isMoving = progress.phase !== 'scan';
  const left = isMoving && progress.phase === 'copy' ? formatTimeLeft(time.shownMs) : '';
  const {bytes, read, steps, done} = progress;
  const total = bytes > 0 ? bytes : steps;
  const amount = isMoving && bytes > 0 ? `${formatBytes(read)} of ${formatBytes(bytes)}` : '';
  const side = countCells(left) + 2;
  const about = [describeBackupPhase(progress), amount].filter((part) => part !== '').join(', ');
  return (
    <Box flexDirection="column" flexShrink={0} width={width}>
      <Box height={1} flexShrink={0}>
        <Line text={name} width={width - side} symbols={symbols} />
        {left === '' ? null : <Right width={side} text={left} />}
      </Box>
      {isMoving ? (
        <Row
          grid={grid}
          symbols={symbols}
          name={grid.note === 0 ? '' : '  read'}
          total={total}
          proved={0}
          copied={bytes > 0 ? read : done}
          figure={`${backupPerCent(progress)} %`}
          note={readRate === null || read >= bytes ? '' : describeSpeed(readRate)}
        />
      ) : null}
      <Line text={`  ${about}`} width={width} symbols={symbols} style={symbols.styles.quiet} />
      {progress.now === null ? null : (
        <DrawnLine
          line={{
            kind: 'file',
            key: 'now',
            indent: 2,
            where: '',
            whereWidth: 0,
            path: printable(progress.now),
            style: symbols.styles.quiet,
          }}
          width={width}
          symbols={symbols}
        />
      )}
    </Box>
  );
}
