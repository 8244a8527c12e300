/** Every call of rclone that a cloud job makes. What it reports as done is never believed: the caller looks at the remote afterwards. */
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {type Cause, failed, ok, type Result} from '../core/cause.ts';
import {
  causeOfFailure,
  isNotThere,
  soundsUnreachable,
  stalled,
} from '../core/offsite/cloud-causes.ts';
import type {RemoteFeatures} from '../core/offsite/cloud-features.ts';
import {
  parseCombined,
  parseHashSums,
  parseListing,
  type RemoteFile,
} from '../core/offsite/cloud-listing.ts';
import type {LogLine} from '../core/offsite/cloud-log.ts';
import {joinRemote, type Remote} from '../core/offsite/cloud-remote.ts';
import type {RcloneCall, RunRclone} from '../system/rclone.ts';
import {callRclone, causeOf, type Ended, oddAnswer} from './call-rclone.ts';
import {type StallLimits, StallWatch} from './stall-watch.ts';

/** Files on their way at the same time: large raw files fill a line with four, and small ones wait for answers. */
const TRANSFERS = 4;
const CHECKERS = 8;

/** A server that is gone is tried again, and not for an hour as by rclone's own numbers; seconds. */
const PATIENCE = ['--low-level-retries', '4', '--contimeout', '20s', '--timeout', '2m'];

export interface RemoteSetting {
  readonly rclone: RunRclone;
  readonly remote: Remote;
  readonly features: RemoteFeatures;
  /** It is a crypt remote: what lies below has hashes of what was encrypted. */
  readonly isCrypt: boolean;
  readonly bwLimit: string | null;
  readonly stallLimits: {readonly upload: StallLimits; readonly look: StallLimits};
  /** Ends the call in hand. */
  readonly signal: AbortSignal;
}

export interface Upload {
  /** The source folder, absolute. */
  readonly from: string;
  readonly paths: readonly TreePath[];
  /** Below the remote; empty for the remote itself. */
  readonly to: string;
  /** `new`: nothing lies there, and what does is not replaced. `over`: what lies there is replaced whatever it is. `resume`: what is there with its size and time stays. */
  readonly mode: 'new' | 'over' | 'resume';
  /** Seconds after which nothing new is begun; null for no end. */
  readonly seconds: number | null;
  readonly onLog: (line: LogLine) => void;
}

export interface Downloaded {
  readonly sums: ReadonlyMap<TreePath, string>;
  readonly cause: Cause | null;
}

export class RemoteCalls {
  readonly #setting: RemoteSetting;

  constructor(setting: RemoteSetting) {
    this.#setting = setting;
  }

  get features(): RemoteFeatures {
    return this.#setting.features;
  }

  get isStopped(): boolean {
    return this.#setting.signal.aborted;
  }

  /** @param paths below `folder`. @returns those of them that are there, with what the remote says of each. */
  async list(
    paths: readonly TreePath[],
    folder: string,
  ): Promise<Result<ReadonlyMap<TreePath, RemoteFile>>> {
    if (paths.length === 0) return ok(new Map());
    const args = ['lsjson', '-R', '--files-only', '--no-modtime', '--no-mimetype'];
    const hashes = this.#cheapHashes();
    if (hashes.length > 0) args.push('--hash', ...hashes.flatMap((one) => ['--hash-type', one]));
    args.push('--checkers', `${CHECKERS}`, '--files-from-raw', '-', this.#at(folder));
    // It ends with 0, and gives the file without a hash.
    const unread = new Map<TreePath, string>();
    const looked = await this.#call({args, input: lines(paths)}, (line) => {
      if (line.kind === 'error' && line.path !== null && /failed to read hash/i.test(line.message))
        unread.set(line.path, line.message);
    });
    const {end} = looked;
    if (end.kind === 'ended' && isNotThere(end.exitCode)) return ok(new Map());
    const cause = causeOfLook(looked);
    if (cause !== null) return failed(cause);
    const listed = end.kind === 'ended' ? parseListing(end.output) : null;
    if (listed === null) return failed(oddAnswer('lsjson'));
    const broken = [...unread.values()].filter(soundsUnreachable);
    if (broken.length > 0) return failed(causeOfFailure({exitCode: null, words: broken}));
    return ok(
      new Map(
        [...listed].map(
          ([path, file]) => [path, {...file, isUnreadable: unread.has(path)}] as const,
        ),
      ),
    );
  }

  /** @returns SHA-1 of what a download of each gives, 40 hex digits; one that could not be downloaded whole has none, and then there is a cause. */
  async download(paths: readonly TreePath[], folder: string): Promise<Downloaded> {
    const args = ['hashsum', 'sha1', '--download', '--files-from-raw', '-', '--retries', '1'];
    args.push('--transfers', `${TRANSFERS}`, '--checkers', `${TRANSFERS}`, this.#at(folder));
    const call = {args: [...args, ...this.#limits()], input: lines(paths)};
    const looked = await this.#call(call);
    const {end} = looked;
    // One bad file ends it with an error, and the sums of the others stand.
    const sums = end.kind === 'ended' ? parseHashSums(end.output) : new Map<TreePath, string>();
    return {sums, cause: causeOfLook(looked)};
  }

  /** False where only sizes and times tell files apart. */
  get tellsHashes(): boolean {
    return this.#setting.isCrypt || this.#setting.features.hashes.length > 0;
  }

  /** Which command of rclone compares the source with what lies there by hashes; null where the remote tells SHA-1 or MD5 itself, or nothing at all. */
  get comparison(): 'cryptcheck' | 'check' | null {
    const {isCrypt, features} = this.#setting;
    if (isCrypt) return 'cryptcheck';
    return features.hashes.length > 0 && this.#cheapHashes().length === 0 ? 'check' : null;
  }

  /** @returns `=` for each that has the hash of the file in the source; other signs for the others. A file that was not compared by a hash has none. */
  async compare(
    command: 'cryptcheck' | 'check',
    {
      from,
      paths,
      folder,
    }: {
      readonly from: string;
      readonly paths: readonly TreePath[];
      readonly folder: string;
    },
  ): Promise<Result<ReadonlyMap<TreePath, string>>> {
    const args = [command, from, this.#at(folder), '--one-way', '--combined', '-'];
    args.push('--files-from-raw', '-');
    const looked = await this.#call({args, input: lines(paths)});
    const {end, words} = looked;
    const signs = end.kind === 'ended' ? parseCombined(end.output) : new Map<TreePath, string>();
    const cause = causeOfLook(looked);
    // Without hashes every file of equal size is called equal, and the end says that none were compared.
    const isBlind = words.some((word) => BLIND.test(word));
    if (isBlind) return ok(new Map());
    return cause !== null && signs.size === 0 ? failed(cause) : ok(signs);
  }

  /** @returns why it failed; null says nothing about any file. */
  async upload({from, paths, to, mode, seconds, onLog}: Upload): Promise<Cause | null> {
    const args = ['copy', from, this.#at(to), '--files-from-raw', '-', '--no-traverse'];
    if (mode === 'new') args.push('--immutable', '--no-update-modtime');
    if (mode === 'over') args.push('--ignore-times');
    args.push('--transfers', `${TRANSFERS}`, '--checkers', `${CHECKERS}`);
    args.push('--retries', '2', ...PATIENCE, '-v');
    args.push(...SAMPLES, ...this.#limits());
    if (seconds !== null) args.push('--max-duration', `${seconds}s`, '--cutoff-mode', 'soft');
    const {rclone, signal} = this.#setting;
    const watch = new StallWatch(() => performance.now(), this.#setting.stallLimits.upload);
    const ends = [signal, watch.signal, ...(seconds === null ? [] : [endAfter(seconds)])];
    const call = {args, input: lines(paths), signal: AbortSignal.any(ends)};
    const ended = await callRclone(rclone, call, (line) => {
      watch.hear(line);
      onLog(line);
    });
    const {stalledSeconds} = watch;
    return stalledSeconds === null ? causeOf(ended) : stalled(stalledSeconds, ended.words);
  }

  /** Gives a file of the remote another name on it. What stands there would be replaced: the caller has looked. @returns why it failed. */
  async rename(from: TreePath, to: TreePath): Promise<Cause | null> {
    const args = ['moveto', this.#at(from), this.#at(to), '--retries', '1'];
    return causeOfLook(await this.#call({args}));
  }

  /** Copies a file within the remote. @returns why it failed. */
  async duplicate(from: TreePath, to: TreePath): Promise<Cause | null> {
    const args = ['copyto', this.#at(from), this.#at(to), '--retries', '1'];
    return causeOfLook(await this.#call({args}));
  }

  /** @param to absolute: a new name beside the place where it is wanted. @returns why it failed. */
  async fetch(path: TreePath, to: string): Promise<Cause | null> {
    const args = ['copyto', this.#at(path), to, '--retries', '3', ...this.#limits()];
    return causeOfLook(await this.#call({args}));
  }

  /** What the remote tells without reading the file; where it must read it, one is enough. */
  #cheapHashes(): readonly string[] {
    const {hashes, isBucket} = this.#setting.features;
    const known = ['sha1', 'md5'].filter((one) => hashes.includes(one));
    return isBucket ? known : known.slice(0, 1);
  }

  #limits(): readonly string[] {
    const {bwLimit} = this.#setting;
    return bwLimit === null ? [] : ['--bwlimit', bwLimit];
  }

  #at(below: string): string {
    return joinRemote(this.#setting.remote, below);
  }

  async #call(
    call: Omit<RcloneCall, 'signal' | 'onLine'>,
    onLog: (line: LogLine) => void = () => {},
  ): Promise<Looked> {
    const {rclone, signal, stallLimits} = this.#setting;
    const watch = new StallWatch(() => performance.now(), stallLimits.look);
    const args = [...call.args, ...PATIENCE, ...SAMPLES];
    const ended = await callRclone(
      rclone,
      {...call, args, signal: AbortSignal.any([signal, watch.signal])},
      (line) => {
        watch.hear(line);
        onLog(line);
      },
    );
    return {...ended, stalledSeconds: watch.stalledSeconds};
  }
}

/** What `check` and `cryptcheck` say where there is nothing to compare by. */
const BLIND =
  /hash(?:es)? could not be checked|does(?:n't| not) support any hashes|no common hash found/i;

/** A sample each second, also of a call that only looks: by it a call is known to live. */
const SAMPLES = ['--stats', '1s', '--stats-log-level', 'NOTICE'];

interface Looked extends Ended {
  /** Null unless it was ended because nothing moved. */
  readonly stalledSeconds: number | null;
}

const causeOfLook = ({stalledSeconds, ...ended}: Looked): Cause | null =>
  stalledSeconds === null ? causeOf(ended) : stalled(stalledSeconds, ended.words);

/** Large films would go on for hours: so long what is on its way may take to its end. Seconds. */
const OVERTIME_SECONDS = 15 * 60;

/** The longest time of a timer, ms: 2^31 - 1 (Node.js, "Timers"). */
const LONGEST_MS = 2_147_483_647;

const endAfter = (seconds: number): AbortSignal =>
  AbortSignal.timeout(Math.min(LONGEST_MS, (seconds + OVERTIME_SECONDS) * 1000));

const lines = (paths: readonly TreePath[]): string => `${paths.join('\n')}\n`;
