/** The report as Markdown that is readable as plain text. Pure. */
import {CONTENDERS, type ContenderName} from './contenders.ts';
import type {CacheMethod} from './drop-caches.ts';
import type {Trial} from './run-trial.ts';
import {
  divide,
  findFastest,
  judgeTargets,
  median,
  medianOf,
  seconds,
  type Trials,
  tellTarget,
} from './targets.ts';

export interface Results {
  readonly trials: Trials;
  /** RAW and JPEG pairs, and bytes, of the card. */
  readonly pairs: number;
  readonly bytes: number;
  readonly runs: number;
  readonly caches: CacheMethod;
  /** Lines for what did not run. */
  readonly leftOut: readonly string[];
}

type Row = readonly string[];

/** The two tables that matter most: contenders and targets. */
export function formatSummary(results: Results): string {
  return `${formatTable(contenderRows(results))}\n\n${formatTable(targetRows(results))}\n`;
}

/** The whole report. */
export function formatReport(
  results: Results,
  context: {readonly date: string; readonly facts: readonly Row[]},
): string {
  const {pairs, bytes, runs, caches, leftOut} = results;
  const emptied =
    caches === 'dropped'
      ? 'The caches of the whole machine are dropped (`sync`, then `drop_caches`)'
      : 'Not run as root: the files that matter are evicted from the cache one by one (`dd oflag=nocache`)';
  return `# Benchmark

${context.date}. A card of ${pairs} RAW of 30 MB and ${pairs} JPEG of 7 MB (${(bytes / 1e9).toFixed(2)} GB) to two folders of one disk,
both copies proved from the medium. ${runs} run(s) of each, alternating, medians. \`npm run bench\` writes this page.

${formatTable(contenderRows(results))}

## Targets

${formatTable(targetRows(results))}

## Every run, seconds

${formatTable(runRows(results, ({seconds: value}) => value.toFixed(2)))}

## Every run, CPU seconds

${formatTable(runRows(results, ({cpuSeconds}) => cpuSeconds.toFixed(2)))}

## Every run, peak memory, MB

${formatTable(runRows(results, ({peakRssBytes}) => (peakRssBytes / 1e6).toFixed(0)))}

## Steps of those that copy first and check then, median seconds

${formatTable(stepRows(results))}

## How

${CONTENDERS.map(({name, does}) => `- ${name}: ${does}.`).join('\n')}
${leftOut.map((line) => `- Left out: ${line}.\n`).join('')}- Both destinations of each tool run side by side. ${emptied} before every run, and between copy and check.
- Writing back the cache between copy and check (\`flush\`) counts as time of the tool; emptying it (\`drop\`) does not.
- CPU time is that of all processes of a contender, from /proc; the kernel's own writing back belongs to nobody and is not in it.
- Memory is the peak resident set of all its processes together, sampled every 50 ms.

## Machine

${formatTable([['what', 'which'], ...context.facts])}
`;
}

function contenderRows({trials}: Results): readonly Row[] {
  const floor = medianOf(trials, 'floor', seconds);
  const fastest = findFastest(trials);
  const other = fastest === undefined ? undefined : medianOf(trials, fastest, seconds);
  const rows = [...trials].map(([name, runs]) => {
    const times = runs.map(seconds);
    return [
      name,
      fixed(median(times), 2),
      `${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)}`,
      fixed(divide(median(times), floor), 2),
      fixed(divide(median(times), other), 2),
      fixed(
        medianOf(trials, name, ({cpuSeconds}) => cpuSeconds),
        2,
      ),
      fixed(
        medianOf(trials, name, ({peakRssBytes}) => peakRssBytes / 1e6),
        0,
      ),
    ];
  });
  return [
    ['contender', 'median s', 'range s', '× floor', '× fastest other', 'CPU s', 'peak MB'],
    ...rows,
  ];
}

function targetRows({trials, bytes}: Results): readonly Row[] {
  const rows = judgeTargets(trials, bytes).map((target) => [
    target.what,
    `at most ${target.limit} ${target.unit}`,
    target.measured === undefined ? '' : `${target.measured.toFixed(2)} ${target.unit}`,
    tellTarget(target),
  ]);
  return [['target', 'limit', 'measured', ''], ...rows];
}

function runRows({trials, runs}: Results, tell: (trial: Trial) => string): readonly Row[] {
  const names = [...trials.keys()];
  const cell = (name: ContenderName, round: number) => {
    const trial = trials.get(name)?.[round];
    return trial === undefined ? '' : tell(trial);
  };
  const rounds = Array.from({length: runs}, (_, round) => [
    String(round + 1),
    ...names.map((name) => cell(name, round)),
  ]);
  return [['run', ...names], ...rounds];
}

const STEPS = ['copy', 'flush', 'drop', 'check'] as const;

function stepRows({trials}: Results): readonly Row[] {
  const checked = CONTENDERS.filter(({name, check}) => check !== undefined && trials.has(name));
  const rows = checked.map(({name}) => [
    name,
    ...STEPS.map((step) =>
      fixed(
        medianOf(trials, name, ({steps}) => steps[step]),
        2,
      ),
    ),
  ]);
  return [['contender', ...STEPS], ...rows];
}

const fixed = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? '';

/** First row: the heads. Cells are padded, numbers to the right. */
function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const columns = (cells[0] ?? []).map((_, column) => cells.map((row) => row[column] ?? ''));
  const widths = columns.map((column) => Math.max(3, ...column.map((cell) => cell.length)));
  const numeric = columns.map((column) => column.slice(1).every((cell) => /^[\d.]*$/.test(cell)));
  const line = (row: Row) => {
    const padded = widths.map((width, column) => {
      const cell = row[column] ?? '';
      return numeric[column] === true ? cell.padStart(width) : cell.padEnd(width);
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    numeric[column] === true ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  const [head = [], ...body] = cells;
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
