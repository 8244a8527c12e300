/** What the program must reach, and whether it does. Pure. */
import {COMPETITORS, type ContenderName} from './contenders.ts';
import type {Trial} from './run-trial.ts';

/** Runs of each contender in the order of the rounds. Contenders that did not run are absent. */
export type Trials = ReadonlyMap<ContenderName, readonly Trial[]>;

export interface Target {
  readonly what: string;
  readonly limit: number;
  readonly unit: string;
  /** Undefined when it was not measured in this run. */
  readonly measured: number | undefined;
}

const MAX_TIMES_FLOOR = 1.15;
const MAX_TIMES_FASTEST = 0.8;
/** CPU seconds for each GB (1e9 bytes) of card. */
const MAX_CPU_SECONDS_A_GB = 0.8;
/** MB (1e6 bytes). */
const MAX_MEMORY_MB = 200;

/** @returns undefined for no numbers at all. */
export function median(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Median of one number of a contender's runs. */
export const medianOf = (
  trials: Trials,
  name: ContenderName,
  pick: (trial: Trial) => number,
): number | undefined => median((trials.get(name) ?? []).map(pick));

export const seconds = (trial: Trial): number => trial.seconds;

/** The competitor with the smallest median, of those that ran. */
export function findFastest(trials: Trials): ContenderName | undefined {
  const medianSeconds = (name: ContenderName) => medianOf(trials, name, seconds) ?? Infinity;
  return COMPETITORS.filter((name) => trials.has(name)).toSorted(
    (a, b) => medianSeconds(a) - medianSeconds(b),
  )[0];
}

/** a / b, undefined when one of them is. */
export const divide = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a / b;

/** @param bytes of the card. */
export function judgeTargets(trials: Trials, bytes: number): readonly Target[] {
  const ours = medianOf(trials, 'offload', seconds);
  const fastest = findFastest(trials);
  const others = fastest === undefined ? undefined : medianOf(trials, fastest, seconds);
  const cpu = medianOf(trials, 'offload', ({cpuSeconds}) => cpuSeconds);
  const peaks = (trials.get('offload') ?? []).map(({peakRssBytes}) => peakRssBytes / 1e6);
  return [
    {
      what: 'time, median, against the floor',
      limit: MAX_TIMES_FLOOR,
      unit: '×',
      measured: divide(ours, medianOf(trials, 'floor', seconds)),
    },
    {
      what: `time, median, against the fastest other${fastest === undefined ? '' : ` (${fastest})`}`,
      limit: MAX_TIMES_FASTEST,
      unit: '×',
      measured: divide(ours, others),
    },
    {
      what: 'CPU time for each GB of card, median',
      limit: MAX_CPU_SECONDS_A_GB,
      unit: 's',
      measured: divide(cpu, bytes / 1e9),
    },
    {
      what: 'memory, highest of all runs',
      limit: MAX_MEMORY_MB,
      unit: 'MB',
      measured: peaks.length === 0 ? undefined : Math.max(...peaks),
    },
  ];
}

/** Only what was measured can be met. */
export function tellTarget({measured, limit}: Target): 'met' | 'MISSED' | 'not measured' {
  if (measured === undefined) return 'not measured';
  return measured <= limit ? 'met' : 'MISSED';
}
