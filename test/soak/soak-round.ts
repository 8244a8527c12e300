/** One card of the soak: runs with faults, looks after each, and at the end the run that must make it safe. */
import {mkdtemp, readFile, realpath, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {verify} from '../../src/commands/verify.ts';
import {findTouches, sha256Of} from '../faults/card-truth.ts';
import {checkCopies, type Found, findMissing, type Ground} from '../faults/check-copies.ts';
import {checkProofs, checkRecords} from '../faults/check-records.ts';
import {checkSafety, checkTidy} from '../faults/check-safety.ts';
import {readDestination} from '../faults/read-destination.ts';
import {SeededRandom} from '../faults/seeded-random.ts';
import type {Violation} from '../faults/violation.ts';
import {isTool} from '../helpers/fault-names.ts';
import {testFiles, testProgram} from '../helpers/run-offload.ts';
import {toBytes} from '../rigs/trees.ts';
import {type AttemptReport, type Children, runAttempt} from './attempt.ts';
import {makeAttempt, makeRound, mendAll, type Round} from './make-round.ts';
import {rotFile, tearFile} from './rot.ts';
import type {Tally} from './tally.ts';

export interface SoakRound {
  readonly seed: number;
  readonly round: number;
  readonly children: Children;
  readonly tally: Tally;
}

export async function soakRound({seed, round: number, children, tally}: SoakRound): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'offload-soak-')));
  const random = new SeededRandom(seed * 1_000_003 + number);
  try {
    const round = await makeRound(random, folder);
    const soaking = new Soaking(round, {random, children, tally, number});
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
}

class Soaking {
  readonly #round: Round;
  readonly #means: Means;
  /** Copies that were changed on the disk after they were proved. */
  readonly #rotten = new Map<string, string>();
  readonly #misread = new Set<string>();
  #attempt = 0;
  #now: Found = new Map();
  #safe: ReadonlySet<string> = new Set();
  #past: ReadonlySet<string> = new Set();

  constructor(round: Round, means: Means) {
    this.#round = round;
    this.#means = means;
  }

  async run(): Promise<void> {
    const {random} = this.#means;
    for (let run = 0; run < this.#round.tries; run++) {
      this.#attempt += 1;
      await this.#look(await runAttempt(makeAttempt(random, this.#round), this.#means.children));
      if (random.chance(0.12)) await this.#rot();
    }
    await this.#finish();
  }

  get #ground(): Ground {
    const {truth, destinations, options} = this.#round;
    return {
      truth,
      destinations,
      shoot: 'Shoot',
      folder: options.layout === '{shoot}/{path}' ? '' : 'EOS',
      strangers: this.#rotten,
      rotten: new Set(this.#rotten.keys()),
      past: this.#past,
      misread: this.#misread,
    };
  }

  /** Looks at everything after a run, and keeps in mind what it cannot blame on the program later. */
  async #look(report: AttemptReport): Promise<void> {
    const {tally} = this.#means;
    const {truth, destinations} = this.#round;
    tally.runs += 1;
    tally.countEnd(nameEnd(report));
    for (const {fault, call} of report.hits) {
      tally.countFault(fault);
      const isCard = !isTool(call) && call.path.startsWith(`${truth.root}/`);
      if (fault === 'flips' && isCard) this.#misread.add(call.path.slice(truth.root.length + 1));
    }
    const rows = destinations.map(async (root) => [root, await readDestination(root)] as const);
    this.#now = new Map(await Promise.all(rows));
    const ground = this.#ground;
    const records = await checkRecords(ground, this.#now);
    this.#safe = new Set(
      records.manifests.flatMap(({manifest}) => (manifest.verdict.safe ? manifest.offload : [])),
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
    if (path.endsWith('.journal') && random.chance(0.5)) {
      await tearFile(random, place);
      tally.countFault('torn journal');
      return;
    }
    if (!(await rotFile(random, place))) return;
    tally.countFault(`rotten ${kind}`);
    if (kind !== 'copy') return;
    this.#past = this.#safe;
    this.#rotten.set(place, sha256Of(await readFile(toBytes(place))));
  }

  /** All is mended: one run must do. */
  async #finish(): Promise<void> {
    const {destinations} = this.#round;
    this.#attempt += 1;
    const report = await runAttempt(mendAll(this.#round), this.#means.children);
    await this.#look(report);
    const codes = report.events.flatMap((event) =>
      event.type === 'verdict' ? event.reasons.map(({code}) => code) : [],
    );
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
    const told = report.events.flatMap((event) =>
      event.type === 'noticed' ? (event.path ?? []) : [],
    );
    this.#accuse(checkTidy(this.#now, told));
    if (isDone && this.#rotten.size === 0 && this.#misread.size === 0) await this.#verifyLater();
  }

  /** `offload verify` finds nothing, and then the one bit that is changed. */
  async #verifyLater(): Promise<void> {
    const {random, tally} = this.#means;
    const root = random.pick(this.#round.destinations);
    const sound = await this.#verify(root);
    if (sound !== 0)
      this.#accuse([{kind: 'wrong-record', what: `verify of a sound shoot ends ${sound}`}]);
    const copies = [...(this.#now.get(root)?.values() ?? [])].filter(({kind}) => kind === 'copy');
    const {path} = random.pick(copies);
    if (!(await rotFile(random, `${root}/${path}`))) return;
    tally.countFault('rotten after all');
    if ((await this.#verify(root)) !== 1) {
      this.#accuse([{kind: 'false-safe', what: `verify does not see a bit changed in ${path}`}]);
    }
  }

  async #verify(root: string): Promise<number> {
    const program = testProgram({cards: [], to: [root]}, testFiles);
    const {exitCode} = await verify(program, [join(root, 'Shoot')], {
      emit: () => {},
      signal: new AbortController().signal,
    });
    return exitCode;
  }
}

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
