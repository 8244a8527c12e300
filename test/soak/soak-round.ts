/** One card of the soak: runs with faults, looks after each, and at the end the run that must make it safe. */
import {mkdtemp, realpath, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {verify} from '../../src/commands/verify.ts';
import {findTouches} from '../faults/card-truth.ts';
import {checkCopies, type Found, findMissing, type Ground} from '../faults/check-copies.ts';
import {checkProofs, checkRecords} from '../faults/check-records.ts';
import {checkSafety, checkTidy} from '../faults/check-safety.ts';
import {readDestination} from '../faults/read-destination.ts';
import {SeededRandom} from '../faults/seeded-random.ts';
import type {Violation} from '../faults/violation.ts';
import {isTool} from '../helpers/fault-names.ts';
import {testFiles, testProgram} from '../helpers/run-offload.ts';
import {type Attempt, type AttemptReport, type Children, runAttempt} from './attempt.ts';
import {makeAttempt, makeRound, mendAll, type Round} from './make-round.ts';
import {rotFile, tearFile} from './rot.ts';
import type {Tally} from './tally.ts';

export interface SoakRound {
  readonly seed: number;
  readonly round: number;
  readonly children: Children;
  readonly tally: Tally;
  /** Told of each run and what came of it, to see one card again. */
  readonly trace?: (line: string) => void;
}

export async function soakRound({
  seed,
  round: number,
  children,
  tally,
  trace = () => {},
}: SoakRound): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'offload-soak-')));
  const random = new SeededRandom(seed * 1_000_003 + number);
  try {
    const round = await makeRound(random, folder);
    const soaking = new Soaking(round, {random, children, tally, number, trace});
    await soaking.run();
    tally.rounds += 1;
    tally.files += round.truth.files.size;
    for (const {size} of round.truth.files.values()) tally.bytes += size;
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

interface Means {
  readonly random: SeededRandom;
  readonly children: Children;
  readonly tally: Tally;
  readonly number: number;
  readonly trace: (line: string) => void;
}

const TRACED: ReadonlySet<string> = new Set([
  'file-failed',
  'file-mismatched',
  'destination-lost',
  'noticed',
  'refused',
  'verdict',
]);

class Soaking {
  readonly #round: Round;
  readonly #means: Means;
  /** Copies that were changed on the disk after they were proved. */
  readonly #rotten = new Map<string, string>();
  readonly #strangers = new Map<string, string>();
  readonly #misread = new Set<string>();
  readonly #misreadPlaces = new Set<string>();
  /** What some run said it could not clear away. */
  readonly #told = new Set<string>();
  #attempt = 0;
  #now: Found = new Map();
  #hasRotten = false;
  /** Offloads whose records say SAFE. */
  #safe: ReadonlySet<string> = new Set();
  /** Copies that records speak of, absolute. */
  #recorded: readonly string[] = [];
  #past: ReadonlySet<string> = new Set();

  constructor(round: Round, means: Means) {
    this.#round = round;
    this.#means = means;
  }

  async run(): Promise<void> {
    const {random} = this.#means;
    for (let run = 0; run < this.#round.tries; run++) {
      this.#attempt += 1;
      await this.#attemptOnce(makeAttempt(random, this.#round));
      if (random.chance(0.12)) await this.#rot();
    }
    await this.#finish();
  }

  async #attemptOnce(attempt: Attempt): Promise<AttemptReport> {
    const {children, trace} = this.#means;
    const {calls, standing, stopAt, killAfter, options} = attempt;
    const asked = {calls, standing, stopAt, killAfter, options};
    trace(`run ${this.#attempt}: ${JSON.stringify(asked)}`);
    const report = await runAttempt(attempt, children);
    trace(`  ended ${report.ended} ${JSON.stringify(report.end)}`);
    for (const {fault, call} of report.hits) trace(`  hit: ${fault} ${call.method} ${call.path}`);
    for (const event of report.events)
      if (TRACED.has(event.type)) trace(`  ${JSON.stringify(event)}`);
    await this.#look(report);
    return report;
  }

  get #ground(): Ground {
    const {truth, destinations, options} = this.#round;
    return {
      truth,
      destinations,
      shoot: 'Shoot',
      folder: options.layout === '{shoot}/{path}' ? '' : 'EOS',
      strangers: new Map([...this.#strangers, ...this.#rotten]),
      rotten: new Set(this.#rotten.keys()),
      past: this.#past,
      misread: this.#misread,
      misreadPlaces: this.#misreadPlaces,
    };
  }

  /** Looks at everything after a run, and keeps in mind what it cannot blame on the program later. */
  async #look(report: AttemptReport): Promise<void> {
    const {tally} = this.#means;
    const {truth, destinations} = this.#round;
    tally.runs += 1;
    tally.countEnd(nameEnd(report));
    for (const [place, sha256] of report.appeared) {
      tally.countFault('name taken meanwhile');
      this.#strangers.set(place, sha256);
    }
    for (const {fault, call} of report.hits) {
      tally.countFault(fault);
      const isCard = !isTool(call) && call.path.startsWith(`${truth.root}/`);
      if (fault === 'flips' && isCard) this.#misread.add(call.path.slice(truth.root.length + 1));
    }
    this.#noteEvents(report);
    const rows = destinations.map(async (root) => [root, await readDestination(root)] as const);
    this.#now = new Map(await Promise.all(rows));
    const ground = this.#ground;
    const records = await checkRecords(ground, this.#now);
    this.#safe = new Set(
      records.manifests.flatMap(({manifest}) => (manifest.verdict.safe ? manifest.offload : [])),
    );
    this.#recorded = records.manifests.flatMap(({root, manifest}) =>
      manifest.files.flatMap(({copies}) =>
        copies
          .filter(({destination}) => destination === manifest.writtenTo)
          .map(({target}) => join(root, 'Shoot', target)),
      ),
    );
    this.#accuse([
      ...checkThrown(report),
      ...checkCopies(ground, this.#now),
      ...records.violations,
      ...checkProofs(ground, this.#now, report),
      ...checkSafety(ground, this.#now, {...report, manifests: records.manifests}),
      ...(await findTouches(truth)),
    ]);
  }

  #noteEvents({events}: AttemptReport): void {
    for (const event of events) {
      if (event.type === 'noticed' && event.path !== undefined) this.#told.add(event.path);
      if (event.type !== 'file-copied' || !this.#misread.has(event.path)) continue;
      this.#misreadPlaces.add(join(event.to, 'Shoot', event.target));
    }
  }

  #accuse(violations: readonly Violation[]): void {
    const {tally, number: round} = this.#means;
    for (const one of violations) tally.broken.push({...one, round, attempt: this.#attempt});
  }

  /** Between two runs a drive may lose a bit, and a journal its end. */
  async #rot(): Promise<void> {
    const {random, tally} = this.#means;
    const files = [...this.#now].flatMap(([root, found]) =>
      [...found.values()].map((file) => ({...file, place: `${root}/${file.path}`})),
    );
    const rots = files.filter(
      ({kind, path}) => kind === 'copy' || kind === 'temporary' || path.endsWith('.journal'),
    );
    if (rots.length === 0) return;
    const {place, path, kind} = random.pick(rots);
    this.#hasRotten = true;
    if (path.endsWith('.journal') && random.chance(0.5)) {
      await tearFile(random, place);
      tally.countFault('torn journal');
      this.#means.trace(`torn: ${place}`);
      return;
    }
    if (!(await rotFile(random, place))) return;
    tally.countFault(`rotten ${kind}`);
    this.#means.trace(`rotten: ${place}`);
    await this.#noteRotten();
  }

  /** A copy that was named by half is rotten under both of its names. */
  async #noteRotten(): Promise<void> {
    for (const [root, before] of this.#now) {
      for (const {path, kind, sha256} of (await readDestination(root)).values()) {
        if (kind !== 'copy' || before.get(path)?.sha256 === sha256) continue;
        this.#past = this.#safe;
        this.#rotten.set(`${root}/${path}`, sha256);
      }
    }
  }

  /** All is mended: one run must do, and one more where it finds out that the card gave wrong bytes before. */
  async #finish(): Promise<void> {
    const {destinations} = this.#round;
    this.#attempt += 1;
    let report = await this.#attemptOnce(mendAll(this.#round));
    let codes = findReasons(report);
    if (this.#misread.size > 0 && codes.includes('source-mismatch')) {
      this.#attempt += 1;
      report = await this.#attemptOnce(mendAll(this.#round));
      codes = findReasons(report);
    }
    const isDone =
      destinations.length > 1
        ? report.end?.exitCode === 0
        : report.end?.exitCode === 1 && codes.every((code) => code === 'copies-missing');
    if (!isDone)
      this.#accuse([{kind: 'not-finished', what: `${JSON.stringify(report.end)} ${codes}`}]);
    for (const root of destinations) {
      const missing = [...findMissing(this.#ground, root, this.#now)];
      if (missing.length > 0)
        this.#accuse([{kind: 'file-lost', what: `${missing} not on ${root}`}]);
    }
    const [litter, ...more] = checkTidy(this.#now, [...this.#told]);
    if (litter !== undefined) {
      this.#accuse([{...litter, what: `${litter.what}, and ${more.length} more`}]);
    }
    if (isDone && !this.#hasRotten && this.#misread.size === 0) await this.#verifyLater();
  }

  /** `offload verify` finds nothing, and then the one bit that is changed. */
  async #verifyLater(): Promise<void> {
    const {random, tally} = this.#means;
    const root = random.pick(this.#round.destinations);
    const sound = await this.#verify(root);
    if (sound !== 0)
      this.#accuse([{kind: 'wrong-record', what: `verify of a sound shoot ends ${sound}`}]);
    const place = random.pick(this.#recorded.filter((one) => one.startsWith(`${root}/`)));
    if (!(await rotFile(random, place))) return;
    tally.countFault('rotten after all');
    const rotten = await this.#verify(root);
    if (rotten !== 1) {
      const what = `verify ends ${rotten} with a bit changed in ${place}`;
      this.#accuse([{kind: 'false-safe', what}]);
    }
  }

  async #verify(root: string): Promise<number> {
    const program = testProgram({cards: [], to: [root]}, testFiles);
    const asked = {paths: [join(root, 'Shoot')], part: undefined, heal: false};
    const {exitCode} = await verify(program, asked, {
      emit: (event) => {
        const isGood = event.type === 'copy-checked' && event.state === 'good';
        if (!isGood) this.#means.trace(`  verify: ${JSON.stringify(event)}`);
      },
      signal: new AbortController().signal,
    });
    return exitCode;
  }
}

const findReasons = ({events}: AttemptReport): readonly string[] =>
  events.flatMap((event) => (event.type === 'verdict' ? event.reasons.map(({code}) => code) : []));

function nameEnd({ended, end}: AttemptReport): string {
  if (ended === 'died') return 'killed in this process, or stopped behind a call that hangs';
  if (ended === 'killed') return 'killed with -9';
  switch (end?.exitCode) {
    case 0:
      return 'SAFE';
    case 1:
      return 'NOT SAFE';
    case 2:
      return 'refused';
    case 130:
      return 'stopped by the user';
    default:
      return 'crashed';
  }
}

function checkThrown({thrown}: AttemptReport): readonly Violation[] {
  if (thrown === undefined) return [];
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return [{kind: /left open|listeners are left/.test(text) ? 'left-open' : 'crashed', what: text}];
}
