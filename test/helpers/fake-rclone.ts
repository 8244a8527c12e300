/** An rclone of tests: the calls that a cloud job makes, on a folder. What it does wrong has a name. */
import {createHash} from 'node:crypto';
import {copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {RcloneCall, RcloneEnd, RunRclone} from '../../src/system/rclone.ts';

export interface FakeRemote {
  readonly type?: string;
  readonly isBucket?: boolean;
  readonly hashes?: readonly string[];
  readonly copies?: boolean;
  /** Other remotes by their names, as `config show` has them; `far` too. Their first line is `type = …`. */
  readonly configured?: Readonly<Record<string, string>>;
  /** Hashes of the remote that `far:` wraps. */
  readonly innerHashes?: readonly string[];
  /** What `cryptcheck` says instead of comparing. */
  readonly cryptcheck?: string;
}

export interface FakeFaults {
  /** Exit code 0, and nothing was copied. */
  lies?: boolean;
  /** Uploads of names with this text lose their last byte. */
  cuts?: string;
  /** Uploads of names with this text have one byte changed, and their size and time. */
  spoils?: string;
  /** The remote has no hash of this path, because its bytes cannot be read. */
  unreadable?: string | undefined;
  /** What rclone says of it. */
  unreadableWhy?: string;
  /** Called before each call; what it returns is said on standard error, and the call fails. */
  refuse?: (command: string) => string | undefined;
  /** Called before each file of an upload. */
  onUpload?: (path: string) => Promise<void> | void;
}

export interface FakeRclone {
  readonly run: RunRclone;
  /** Command and paths of every call, in order. */
  readonly calls: string[];
  readonly faults: FakeFaults;
  /** Folder of the remote `far:`. */
  readonly root: string;
  version: string;
}

/** @param root an absolute folder: what `far:` is. */
export function fakeRclone(root: string, remote: FakeRemote = {}): FakeRclone {
  const fake: FakeRclone = {
    root,
    calls: [],
    faults: {},
    version: 'rclone v1.60.1-DEV\n',
    run: async (call) => await answer(fake, remote, call),
  };
  return fake;
}

const ended = (exitCode: number | null, output = ''): RcloneEnd => ({
  kind: 'ended',
  exitCode,
  output,
});

async function answer(
  fake: FakeRclone,
  remote: FakeRemote,
  {args, input = '', onLine, signal}: RcloneCall,
): Promise<RcloneEnd> {
  const [command = '', ...rest] = args;
  const words = positional(rest);
  fake.calls.push([command, ...words].join(' '));
  if (signal?.aborted === true) return ended(null);
  const refusal = fake.faults.refuse?.(command);
  if (refusal !== undefined) {
    onLine?.(`2026/11/23 16:15:58 Failed to ${command}: ${refusal}`);
    return ended(1);
  }
  const {type = 'sftp', isBucket = false, hashes = ['md5', 'sha1'], copies = true} = remote;
  const listed = input.split('\n').filter((line) => line !== '');
  const at = (text: string) =>
    text.startsWith('far:') ? join(fake.root, text.slice('far:'.length)) : text;
  const [from = '', to = ''] = words.map(at);
  switch (command) {
    case 'version':
      return ended(0, fake.version);
    case 'listremotes':
      return ended(0, `far: ${type}\n${listConfigured(remote)}`);
    case 'config':
      return ended(0, showConfig(remote, words[1] ?? '', type));
    case 'backend': {
      const Features = {BucketBased: isBucket, Copy: copies, Move: true};
      const isInner = !(words[1] ?? '').startsWith('far:');
      const Hashes = isInner ? (remote.innerHashes ?? hashes) : hashes;
      return ended(0, JSON.stringify({Name: 'far', Hashes, Features}));
    }
    case 'lsjson':
      return await list(from, listed, args, (path) => sayUnreadable(fake.faults, path, onLine));
    case 'hashsum':
      return await hashsum(at(words[1] ?? ''), listed);
    case 'check':
    case 'cryptcheck':
      if (remote.cryptcheck !== undefined) {
        onLine?.(`2026/11/23 16:15:58 Failed to cryptcheck: ${remote.cryptcheck}`);
        return ended(1);
      }
      return await compare(from, to, listed);
    case 'copy':
      return await copy(fake, {from, to, listed, args, ...(onLine === undefined ? {} : {onLine})});
    case 'moveto':
    case 'copyto':
      await mkdir(dirname(to), {recursive: true});
      if (command === 'moveto') await rename(from, to);
      else await copyFile(from, to);
      return ended(0);
    default:
      throw new Error(`no call of a cloud job: rclone ${args.join(' ')}`);
  }
}

const typeIn = (config: string): string => /^type = (.+)$/m.exec(config)?.[1] ?? '';

const listConfigured = ({configured = {}}: FakeRemote): string =>
  Object.entries(configured)
    .filter(([name]) => name !== 'far')
    .map(([name, config]) => `${name}: ${typeIn(config)}\n`)
    .join('');

const showConfig = ({configured = {}}: FakeRemote, name: string, type: string): string =>
  `[${name}]\n${configured[name] ?? `type = ${type}\npass = *** ENCRYPTED ***`}\n`;

/** Options that have a value. */
const VALUED =
  /^--(?:hash-type|checkers|transfers|retries|low-level-retries|contimeout|timeout|stats|stats-log-level|bwlimit|max-duration|cutoff-mode|combined|files-from-raw)$/;

function positional(args: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const one = args[index] ?? '';
    if (VALUED.test(one)) index += 1;
    else if (!one.startsWith('-')) words.push(one);
  }
  return words;
}

async function look(path: string): Promise<{readonly size: number} | undefined> {
  try {
    const facts = await stat(path);
    return facts.isFile() ? facts : undefined;
  } catch {
    return undefined;
  }
}

async function list(
  folder: string,
  listed: readonly string[],
  args: readonly string[],
  isUnreadable: (path: string) => boolean,
): Promise<RcloneEnd> {
  const types = args.flatMap((one, index) => (args[index - 1] === '--hash-type' ? [one] : []));
  const rows = [];
  for (const path of listed) {
    const place = join(folder, path);
    const found = await look(place);
    if (found === undefined) continue;
    const bytes = await readFile(place);
    const asked = isUnreadable(path) ? [] : types;
    const sums = asked.map((type) => [type, createHash(type).update(bytes).digest('hex')]);
    rows.push({Path: path, Size: found.size, IsDir: false, Hashes: Object.fromEntries(sums)});
  }
  return ended(0, JSON.stringify(rows));
}

/** As rclone does: the answer is given, without the hash. */
function sayUnreadable(
  {unreadable, unreadableWhy = 'input/output error'}: FakeFaults,
  path: string,
  onLine: (line: string) => void = () => {},
): boolean {
  if (path !== unreadable) return false;
  const msg = `Failed to read hash: hash: failed to open: ${unreadableWhy}`;
  onLine(JSON.stringify({level: 'error', msg, object: path}));
  return true;
}

async function hashsum(folder: string, listed: readonly string[]): Promise<RcloneEnd> {
  let output = '';
  for (const path of listed) {
    if ((await look(join(folder, path))) === undefined) continue;
    const hash = createHash('sha1').update(await readFile(join(folder, path)));
    output += `${hash.digest('hex')}  ${path}\n`;
  }
  return ended(0, output);
}

async function compare(from: string, to: string, listed: readonly string[]): Promise<RcloneEnd> {
  let output = '';
  for (const path of listed) {
    const bytes = [from, to].map((folder) => readFile(join(folder, path)).catch(() => null));
    const [here, there] = await Promise.all(bytes);
    if (here === null || here === undefined || there === null || there === undefined)
      output += `+ ${path}\n`;
    else output += `${here.equals(there) ? '=' : '*'} ${path}\n`;
  }
  return ended(/^[*+]/m.test(output) ? 1 : 0, output);
}

interface Copying {
  readonly from: string;
  readonly to: string;
  readonly listed: readonly string[];
  readonly args: readonly string[];
  readonly onLine?: (line: string) => void;
}

async function copy(
  {faults}: FakeRclone,
  {from, to, listed, args, onLine = () => {}}: Copying,
): Promise<RcloneEnd> {
  if (faults.lies === true) return ended(0);
  let sent = 0;
  for (const path of listed) {
    await faults.onUpload?.(path);
    const [source, target] = [join(from, path), join(to, path)];
    const facts = await stat(source).catch(() => undefined);
    // As rclone does: what is not there is passed over, and the call is a success.
    if (facts === undefined) continue;
    const old = await stat(target).catch(() => undefined);
    const isSame = old?.size === facts.size && old.mtimeMs === facts.mtimeMs;
    if (old !== undefined && !args.includes('--ignore-times')) {
      if (isSame) continue;
      if (args.includes('--immutable')) {
        const msg = 'Source and destination exist but do not match: immutable file modified';
        onLine(JSON.stringify({level: 'error', msg, object: path}));
        continue;
      }
    }
    await mkdir(dirname(target), {recursive: true});
    await writeFile(target, spoil(faults, path, await readFile(source)));
    await utimes(target, facts.atime, facts.mtime);
    sent += facts.size;
    onLine(JSON.stringify({level: 'info', msg: 'Copied (new)', object: path}));
    const stats = {bytes: sent, totalBytes: sent, transfers: 1, transferring: [{name: path}]};
    onLine(JSON.stringify({level: 'notice', msg: '', stats}));
  }
  return ended(0);
}

function spoil({cuts, spoils}: FakeFaults, path: string, bytes: Buffer): Buffer {
  if (cuts !== undefined && path.includes(cuts)) return bytes.subarray(0, -1);
  if (spoils === undefined || !path.includes(spoils)) return bytes;
  const changed = Buffer.from(bytes);
  changed[0] = (changed[0] ?? 0) ^ 1;
  return changed;
}

/** Spoils what lies at the remote, as time does. */
export async function rot({root}: FakeRclone, path: string): Promise<void> {
  const place = join(root, path);
  const bytes = await readFile(place);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0x20;
  await writeFile(place, bytes);
}

export const lose = async ({root}: FakeRclone, path: string): Promise<void> =>
  await rm(join(root, path));
