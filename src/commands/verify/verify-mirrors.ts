/** Copies that only a mirror knows: edits, exports, layered files. They are read back and compared with what the mirror wrote down. */
import {join} from 'node:path';
import {staysInside} from '../../../verify/stays-inside.ts';
import {type CopyState, verifyCopy} from '../../../verify/verify-shoot.ts';
import type {MirrorRecord} from '../../core/backup/mirror-record.ts';
import {isWithin} from '../../core/backup/walk-order.ts';
import {type Cause, causeFrom, errnoOf} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {isInSlice, type Slice} from '../../core/verify/slices.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import {readerOf} from '../restore/place-files.ts';
import {describeCopy} from './describe-copy.ts';
import {judgeMirrored} from './judge-mirrored.ts';
import {findFollowed, findOutdated} from './mirror-followed.ts';
import {below, type Mirror, recordsOf} from './mirrors.ts';
import {archivePurged} from './recall-let-go.ts';
import {countCopy, countHealed, emptyTally, type Tally} from './tally.ts';
import {type JudgedCopy, keepsLocalTimes} from './verify-records.ts';

/** A copy of a mirror that was read. */
export interface ReadCopy extends JudgedCopy {
  readonly record: MirrorRecord;
}

export interface MirrorVerification {
  readonly program: Program;
  readonly mirror: Mirror;
  /** Only copies in this folder are wanted. */
  readonly inside: string;
  readonly slice: Slice | undefined;
  /** Hears of so many copies that memory holds them. */
  readonly note: (copies: readonly ReadCopy[]) => Promise<void>;
  /** Brings bad copies back. @returns those that are good now. */
  readonly heal: (bad: readonly ReadCopy[]) => Promise<readonly ReadCopy[]>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface VerifiedMirror {
  readonly tally: Tally;
  readonly allGood: boolean;
  /** The drive went away: the rest was not read. */
  readonly isGone: boolean;
}

/** Copies that are held in memory before what was found out is told to the catalog, and the bad ones are healed. */
const AT_A_TIME = 5000;

export async function verifyMirror(verification: MirrorVerification): Promise<VerifiedMirror> {
  const {mirror, slice, emit, signal} = verification;
  const tally = emptyTally();
  const problems: Cause[] = [...mirror.problems];
  const pass = new Pass(verification, tally);
  try {
    for await (const wanted of wantedOf(verification)) {
      if (!(await pass.read(wanted))) return {tally, allGood: false, isGone: true};
      if (signal.aborted) break;
    }
    if (!(await pass.settle())) return {tally, allGood: false, isGone: true};
  } catch (error) {
    // The state itself cannot be read any more.
    if (!(await isThere(verification))) return {tally, allGood: false, isGone: true};
    const damaged = mirror.states.find((state) => state.damaged !== null)?.damaged;
    const cause = damaged ?? causeFrom(error, 'reading what the backup knows', mirror.folder);
    const isTold = problems.some(({code, path}) => code === cause.code && path === cause.path);
    if (!isTold) {
      emit({type: 'noticed', level: 'warning', ...cause});
      problems.push(cause);
    }
  }
  const allGood = tally.bad === 0 && problems.length === 0;
  const {lost: _, ...counts} = tally;
  const {folder} = mirror;
  if (slice === undefined || tally.files + tally.followed + problems.length > 0)
    emit({type: 'mirror-verified', folder, ...counts, problems: problems.length, allGood});
  return {tally, allGood, isGone: false};
}

interface WantedRecord {
  readonly record: MirrorRecord;
  /** Of the job that wrote there last: what it records is there. What others left may be over. */
  readonly isNewest: boolean;
}

/** The records that nothing else speaks of. Of two records of one place the later one is wanted. */
async function* wantedOf({
  mirror,
  inside,
  slice,
}: MirrorVerification): AsyncGenerator<WantedRecord> {
  const scope = below(mirror.folder, inside) ?? '';
  for (const state of [...mirror.states].reverse()) {
    const isNewest = state === mirror.states.at(-1);
    for await (const record of recordsOf({states: [state]})) {
      const {target, hash, provedAt} = record;
      if (!isWithin(target, scope) || mirror.index.isClaimed(target)) continue;
      const known = mirror.index.find(target);
      if (known !== undefined && known.provedMs > Date.parse(provedAt)) continue;
      // Two jobs may have left one record of a place; it is read once.
      mirror.index.claim(target);
      if (slice === undefined || isInSlice(hash, slice)) yield {record, isNewest};
    }
  }
}

async function isThere({
  program: {files},
  mirror: {folder, device},
}: Pick<MirrorVerification, 'program' | 'mirror'>): Promise<boolean> {
  try {
    return (await files.follow(folder)).device === device;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

class Pass {
  readonly #about: MirrorVerification;
  readonly #tally: Tally;
  #method: Awaited<ReturnType<typeof chooseReadMethod>> | undefined;
  #read: ReadCopy[] = [];
  /** Copies that are not there, or were written to: a backup may have run meanwhile, and what a job left that another one came after may be over. */
  #doubtful: (WantedRecord & {readonly state: CopyState})[] = [];

  constructor(about: MirrorVerification, tally: Tally) {
    this.#about = about;
    this.#tally = tally;
  }

  /** @returns false when the drive went away. */
  async read({record, isNewest}: WantedRecord): Promise<boolean> {
    const {program, mirror, signal} = this.#about;
    const {folder: shoot} = mirror;
    const {hash: blake3, size, target} = record;
    const method = await this.#chooseMethod(record);
    const check = {reader: readerOf(program), shoot, method, signal};
    const state = await verifyCopy(check, {blake3, size}, target);
    if (state.kind === 'stopped') return true;
    const isLost = state.kind === 'missing' || state.kind === 'unreadable';
    if (isLost && !(await isThere(this.#about))) return false;
    const change = this.#judge(record, state);
    const isDoubtful = state.kind === 'missing' || change === 'edited' || change === 'altered';
    if (isDoubtful) this.#doubtful.push({record, isNewest, state});
    else this.#take(record, state);
    const held = this.#read.length + this.#doubtful.length;
    return held < AT_A_TIME || (await this.settle());
  }

  #take(record: MirrorRecord, state: CopyState): void {
    const {mirror, emit} = this.#about;
    const {folder: shoot} = mirror;
    const {hash: blake3, size, target, source} = record;
    const change = this.#judge(record, state);
    const file = {path: target, size, mtimeNs: `${source.mtimeNs}`, blake3, retries: 0, copies: []};
    const read: ReadCopy = {target, file, state, change, record};
    countCopy(this.#tally, read, change);
    const told = describeCopy(read, {shoot, change});
    if (told !== undefined) emit(told);
    this.#read.push(read);
  }

  /** Tells what was read, and has bad copies brought back. @returns false when the drive went away. */
  async settle(): Promise<boolean> {
    const {note, heal, signal} = this.#about;
    await this.#judgeDoubtful();
    const read = this.#read;
    this.#read = [];
    if (read.length === 0) return true;
    if (!(await isThere(this.#about))) return false;
    const bad = read.filter(({state}) => state.kind !== 'good');
    const healed = bad.length === 0 || signal.aborted ? [] : await heal(bad);
    for (const one of healed) countHealed(this.#tally, one.change);
    const now = new Map(healed.map((one) => [one.target, one]));
    await note(read.map((one) => now.get(one.target) ?? one));
    return true;
  }

  #judge({size, target, copy: {mtimeNs}}: MirrorRecord, state: CopyState) {
    const kind = {path: target, keepsLocalTimes: keepsLocalTimes(this.#about.mirror.volume)};
    return judgeMirrored(state, {size, mtimeNs}, kind);
  }

  async #judgeDoubtful(): Promise<void> {
    const {program, mirror, emit} = this.#about;
    const doubtful = this.#doubtful.map(({record, isNewest, state}) => {
      const {target: place, hash, provedAt} = record;
      const sinceMs = Date.parse(provedAt);
      return {record, isNewest, state, place, hash, sinceMs, isOfMirror: true};
    });
    this.#doubtful = [];
    const outdated = await findOutdated(program, mirror, doubtful);
    const current = doubtful.filter((one) => !outdated.has(one));
    const old = current.filter(({isNewest, state}) => !isNewest && state.kind === 'missing');
    const newest = {...mirror, states: mirror.states.slice(-1)};
    const followed = await findFollowed(program, newest, old);
    this.#tally.followed += outdated.size + followed.size;
    const purged = [...followed.values()].flatMap((at) => at ?? []);
    if (purged.length > 0)
      emit({type: 'noticed', level: 'info', ...archivePurged(purged, mirror.folder)});
    for (const one of current) if (!followed.has(one)) this.#take(one.record, one.state);
  }

  /** Found out once for all, by a file of this mirror. */
  async #chooseMethod({target}: MirrorRecord) {
    if (this.#method !== undefined) return this.#method;
    const {program, mirror} = this.#about;
    const place = join(mirror.folder, target);
    const isOwn = await staysInside(program.files, mirror.folder, place);
    const method = await chooseReadMethod(program, mirror.volume, isOwn ? [place] : []);
    // An empty file says nothing of how the others are read.
    if (isOwn && (await sizeOf(program, place)) > 0) this.#method = method;
    return method;
  }
}

async function sizeOf({files}: Program, path: string): Promise<number> {
  try {
    const {kind, size} = await files.look(path);
    return kind === 'file' ? size : 0;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return 0;
  }
}
