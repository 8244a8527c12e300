/** Faults of the calls that wait, each by its name: wrappers of the interface by which threads read and write small files. They match on paths, and can be put around each other. */
import {constants} from 'node:fs';
import type {SmallFileCalls} from '../../src/system/small-files/small-file-calls.ts';
import type {Match} from './faulty-files.ts';

/** One call; those of an opened file by the path that it was opened with. */
export interface SmallCall {
  readonly method: keyof SmallFileCalls;
  readonly path: string;
  /** Second path of `link`. */
  readonly to?: string;
  /** Flags of `open`. */
  readonly flags?: number;
  /** Length of a read or a write, in bytes. */
  readonly length?: number;
}

/** Sees every call before it is made, and may refuse it or change what comes back. */
type Intercept = <T>(call: SmallCall, proceed: () => T) => T;

const systemError = (code: string, {method, path}: SmallCall): Error =>
  Object.assign(new Error(`${code}: ${method} ${path}`), {code});

/** Calls that know the path of each opened file. */
function interceptSmall(calls: SmallFileCalls, intercept: Intercept): SmallFileCalls {
  const paths = new Map<number, string>();
  const pathOf = (file: number) => paths.get(file) ?? `file ${file}`;
  return {
    open: (path, flags, mode) =>
      intercept({method: 'open', path, flags}, () => {
        const file = calls.open(path, flags, mode);
        paths.set(file, path);
        return file;
      }),
    facts: (file) => intercept({method: 'facts', path: pathOf(file)}, () => calls.facts(file)),
    follow: (path) => intercept({method: 'follow', path}, () => calls.follow(path)),
    read: (file, buffer, length) =>
      intercept({method: 'read', path: pathOf(file), length}, () =>
        calls.read(file, buffer, length),
      ),
    readAt: (file, buffer, position) =>
      intercept({method: 'readAt', path: pathOf(file), length: buffer.length}, () =>
        calls.readAt(file, buffer, position),
      ),
    write: (file, buffer, offset, length) =>
      intercept({method: 'write', path: pathOf(file), length}, () =>
        calls.write(file, buffer, offset, length),
      ),
    setModified: (file, seconds) =>
      intercept({method: 'setModified', path: pathOf(file)}, () =>
        calls.setModified(file, seconds),
      ),
    close: (file) => intercept({method: 'close', path: pathOf(file)}, () => calls.close(file)),
    link: (from, to) => intercept({method: 'link', path: from, to}, () => calls.link(from, to)),
    unlink: (path) => intercept({method: 'unlink', path}, () => calls.unlink(path)),
  };
}

/** Keeps a record of every call, in the order in which they were made. */
export function recordsSmall(calls: SmallFileCalls, made: SmallCall[]): SmallFileCalls {
  return interceptSmall(calls, (call, proceed) => {
    made.push(call);
    return proceed();
  });
}

/** Calls `told` at the n-th call of a kind, before it is made; the first is 1. */
export function tellsAtSmall(
  calls: SmallFileCalls,
  {method, n}: {readonly method: SmallCall['method']; readonly n: number},
  told: () => void,
): SmallFileCalls {
  let seen = 0;
  return interceptSmall(calls, (call, proceed) => {
    if (call.method === method && ++seen === n) told();
    return proceed();
  });
}

/** Knows which files are open, by their numbers. */
export function tracksSmall(calls: SmallFileCalls, open: Set<number>): SmallFileCalls {
  return {
    ...calls,
    open(path, flags, mode) {
      const file = calls.open(path, flags, mode);
      open.add(file);
      return file;
    },
    close(file) {
      if (!open.delete(file)) throw new Error(`${file} is closed and was not open`);
      calls.close(file);
    },
  };
}

/** Opens without the direct flag though it was asked for: what stands in for a disk where the temporary folder is in memory. */
export function withoutDirect(calls: SmallFileCalls): SmallFileCalls {
  return {
    ...calls,
    open: (path, flags, mode) => calls.open(path, flags & ~(constants.O_DIRECT ?? 0), mode),
  };
}

interface Failing {
  readonly methods: readonly SmallCall['method'][];
  readonly match: Match;
  readonly errno: string;
  /** So many calls fail, then no more; all if not given. */
  readonly times?: number;
}

/** Calls of some kinds fail on the paths that match. */
export function failsSmall(
  calls: SmallFileCalls,
  {methods, match, errno, times = Number.POSITIVE_INFINITY}: Failing,
): SmallFileCalls {
  let failed = 0;
  return interceptSmall(calls, (call, proceed) => {
    if (!methods.includes(call.method) || !match(call.path) || failed >= times) return proceed();
    failed += 1;
    // close(2) frees the descriptor even when it reports an error.
    if (call.method === 'close') proceed();
    throw systemError(errno, call);
  });
}

/** A bad place, or a loose contact where only so many reads fail. */
export const failsToRead = (calls: SmallFileCalls, match: Match, times?: number): SmallFileCalls =>
  failsSmall(calls, {methods: ['read'], match, errno: 'EIO', ...(times && {times})});

export const failsToOpen = (calls: SmallFileCalls, match: Match, errno: string): SmallFileCalls =>
  failsSmall(calls, {methods: ['open'], match, errno});

/** Some file systems tell of a failed write when the file is closed (close(2)). */
export const failsToClose = (calls: SmallFileCalls, match: Match): SmallFileCalls =>
  failsSmall(calls, {methods: ['close'], match, errno: 'EIO'});

export const refusesTimes = (calls: SmallFileCalls, match: Match, errno = 'EPERM') =>
  failsSmall(calls, {methods: ['setModified'], match, errno});

/** A file system that has no hard links. */
export const hasNoLinks = (calls: SmallFileCalls, match: Match): SmallFileCalls =>
  failsSmall(calls, {methods: ['link'], match, errno: 'EPERM'});

/** Calls of its own, which may ask with which path a file was opened. */
function overrideSmall(
  calls: SmallFileCalls,
  makeOwn: (pathOf: (file: number) => string) => Partial<SmallFileCalls>,
): SmallFileCalls {
  const paths = new Map<number, string>();
  const own: SmallFileCalls = {...calls, ...makeOwn((file) => paths.get(file) ?? '')};
  return {
    ...own,
    open(path, flags, mode) {
      const file = own.open(path, flags, mode);
      paths.set(file, path);
      return file;
    },
  };
}

/** A read gives a part of what is there, and says so. */
export function shortRead(calls: SmallFileCalls, match: Match): SmallFileCalls {
  return overrideSmall(calls, (pathOf) => ({
    read(file, buffer, length) {
      const given = calls.read(file, buffer, length);
      return match(pathOf(file)) ? Math.floor(given / 2) : given;
    },
  }));
}

/** No fault: a write does a part of what it is asked. */
export function shortWrite(calls: SmallFileCalls, match: Match): SmallFileCalls {
  return overrideSmall(calls, (pathOf) => ({
    write(file, buffer, offset, length) {
      const some = match(pathOf(file)) ? Math.ceil(length / 3) : length;
      return calls.write(file, buffer, offset, some);
    },
  }));
}

/** The volume is full once so many bytes were written to what matches: what fits is written, and then nothing. */
export function fullAfter(calls: SmallFileCalls, match: Match, bytes: number): SmallFileCalls {
  let room = bytes;
  return overrideSmall(calls, (pathOf) => ({
    write(file, buffer, offset, length) {
      const path = pathOf(file);
      if (!match(path)) return calls.write(file, buffer, offset, length);
      if (room === 0 && length > 0) throw systemError('ENOSPC', {method: 'write', path});
      const written = calls.write(file, buffer, offset, Math.min(room, length));
      room -= written;
      return written;
    },
  }));
}

/** Says that bytes are written, and writes nothing: neither an error nor a byte. */
export function takesNothing(calls: SmallFileCalls, match: Match): SmallFileCalls {
  return overrideSmall(calls, (pathOf) => ({
    write: (file, buffer, offset, length) =>
      match(pathOf(file)) ? 0 : calls.write(file, buffer, offset, length),
  }));
}

const turnBit = (buffer: Uint8Array, at: number, bit: number) => {
  buffer[at] = (buffer[at] ?? 0) ^ bit;
};

/** The last byte of what is written comes to the disk flipped; of the first so many writes, or of all. */
export function flipsLastByte(
  calls: SmallFileCalls,
  match: Match,
  times = Number.POSITIVE_INFINITY,
): SmallFileCalls {
  let seen = 0;
  return overrideSmall(calls, (pathOf) => ({
    write(file, buffer, offset, length) {
      if (!match(pathOf(file)) || seen++ >= times) return calls.write(file, buffer, offset, length);
      // What is in memory stays right: the next destination is written from it.
      const spoiled = Buffer.from(buffer.subarray(0, offset + length));
      turnBit(spoiled, offset + length - 1, 2);
      return calls.write(file, spoiled, offset, length);
    },
  }));
}

/** The last byte of a read is flipped; of the first so many reads, or of all. */
export function flipsOnRead(
  calls: SmallFileCalls,
  match: Match,
  times = Number.POSITIVE_INFINITY,
): SmallFileCalls {
  let seen = 0;
  return overrideSmall(calls, (pathOf) => ({
    read(file, buffer, length) {
      const bytes = calls.read(file, buffer, length);
      if (bytes > 0 && match(pathOf(file)) && seen++ < times) turnBit(buffer, bytes - 1, 1);
      return bytes;
    },
  }));
}

/** Says that it read the file, and gave nothing: what the buffer held before is still there. */
export function lyingRead(calls: SmallFileCalls, match: Match): SmallFileCalls {
  return overrideSmall(calls, (pathOf) => ({
    read(file, buffer, length) {
      const before = Uint8Array.from(buffer);
      const bytes = calls.read(file, buffer, length);
      if (match(pathOf(file))) buffer.set(before);
      return bytes;
    },
  }));
}

/** A drive is pulled from under its mount point: from the n-th look at it on, its path leads to another file system. */
export function vanishingRoot(calls: SmallFileCalls, root: string, n: number): SmallFileCalls {
  let looks = 0;
  return {
    ...calls,
    follow(path) {
      const facts = calls.follow(path);
      if (path !== root || ++looks < n) return facts;
      return Object.assign(facts, {dev: facts.dev + 1n});
    },
  };
}

/** Something happens to a file of the card right after it was read. */
export function changesWhileRead(
  calls: SmallFileCalls,
  match: Match,
  change: (path: string) => void,
): SmallFileCalls {
  return overrideSmall(calls, (pathOf) => ({
    read(file, buffer, length) {
      const bytes = calls.read(file, buffer, length);
      if (match(pathOf(file))) change(pathOf(file));
      return bytes;
    },
  }));
}
