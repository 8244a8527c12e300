import type {Violation, ViolationKind} from '../faults/violation.ts';

/** A broken promise, and how to see it again. */
export interface Broken extends Violation {
  readonly round: number;
  readonly attempt: number;
}

/** Counts of a whole soak. */
export class Tally {
  rounds = 0;
  runs = 0;
  files = 0;
  bytes = 0;
  readonly ends = new Map<string, number>();
  readonly faults = new Map<string, number>();
  readonly broken: Broken[] = [];
  mostMemory = 0;
  mostHandles = 0;

  countEnd(how: string): void {
    this.ends.set(how, (this.ends.get(how) ?? 0) + 1);
  }

  countFault(fault: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }

  /** Litter takes room and harms nothing: it is told, and does not fail the soak. */
  get hasFailed(): boolean {
    return this.broken.some(({kind}) => kind !== 'litter');
  }

  countOf(kinds: readonly ViolationKind[]): number {
    return this.broken.filter(({kind}) => kinds.includes(kind)).length;
  }
}

/** What must be 0, by the names in the table. */
const MUST_BE_NONE: readonly (readonly [name: string, kinds: readonly ViolationKind[]])[] = [
  ['false SAFE', ['false-safe']],
  ['files lost', ['file-lost']],
  ['wrong final names', ['wrong-name']],
  ['cards touched', ['card-touched']],
  ['handles left', ['left-open']],
  ['wrong records', ['wrong-record']],
  ['not finished though nothing was broken any more', ['not-finished']],
  ['copied again', ['copied-again']],
  ['crashes', ['crashed']],
];

export function tableOf(tally: Tally): readonly string[] {
  const {rounds, runs, files, bytes, ends, faults} = tally;
  const rows: (readonly [string, string | number])[] = [
    ['cards', rounds],
    ['runs', runs],
    ...sorted(ends).map(([how, count]) => [`  ${how}`, count] as const),
    ['files on the cards', files],
    ['MB on the cards', Math.round(bytes / 1e6)],
    ['faults that hit', sum(faults)],
    ...sorted(faults).map(([fault, count]) => [`  ${fault}`, count] as const),
    ...MUST_BE_NONE.map(([name, kinds]) => [name, tally.countOf(kinds)] as const),
    ['runs that left temporary files or journals behind', tally.countOf(['litter'])],
    ['most memory, MB', Math.round(tally.mostMemory / 1e6)],
    ['most open files', tally.mostHandles],
  ];
  return rows.map(([name, value]) => `| ${name} | ${value} |`);
}

/** What a minute's line says. */
export function summarize(tally: Tally): string {
  const {rounds, runs, faults, broken} = tally;
  const memory = Math.round(process.memoryUsage().rss / 1e6);
  return `${rounds} cards, ${runs} runs, ${sum(faults)} faults, ${broken.length} promises broken, ${memory} MB`;
}

const sum = (counts: ReadonlyMap<string, number>) =>
  [...counts.values()].reduce((total, count) => total + count, 0);

const sorted = (counts: ReadonlyMap<string, number>) => [...counts].sort(([, a], [, b]) => b - a);
