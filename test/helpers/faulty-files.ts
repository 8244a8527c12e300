/**
 * Faults of drives and cards, each by its name: wrappers of the one interface to file systems. They match on paths, so that a card and each destination can be hit
 * apart, and can be put around each other.
 */
import {appendFile, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import {errnoOf} from '../../src/core/cause.ts';
import type {
  FileFacts,
  Files,
  ListedEntry,
  OpenedFile,
  OpenOptions,
} from '../../src/system/files.ts';

/** Which paths a fault hits. */
export type Match = (path: string) => boolean;

export const below =
  (folder: string): Match =>
  (path) =>
    path === folder || path.startsWith(`${folder}/`);

/** Temporary copies in a folder: their names say nothing of the file they will be. */
export const partsIn =
  (folder: string): Match =>
  (path) =>
    path.startsWith(`${folder}/.offload-`) && path.endsWith('.part');

export type Method = Exclude<keyof Files, 'knowsDirect'> | keyof OpenedFile;

/** One call, of the file system or of an opened file. */
export interface Call {
  readonly method: Method;
  readonly path: string;
  /** Second path of `publish` and `replace`. */
  readonly to?: string;
  /** Position of a read or a write. */
  readonly position?: number;
  /** Length of a read or a write, in bytes. */
  readonly length?: number;
}

/** Calls that change something on a disk. */
const CHANGING: ReadonlySet<Method> = new Set<Method>([
  'createFile',
  'openToUpdate',
  'makeFolder',
  'publish',
  'replace',
  'removeFile',
  'removeFolder',
  'write',
  'truncate',
  'setModified',
  'sync',
  'syncFolder',
]);

export const changes = ({method}: Call): boolean => CHANGING.has(method);

export function systemError(code: string, {method, path}: Call): Error {
  return Object.assign(new Error(`${code}: ${method} ${path}`), {code});
}

/** Sees every call before it is made, and may refuse it or change what comes back. */
export type Intercept = <T>(call: Call, proceed: () => Promise<T>) => Promise<T>;

class InterceptedFile implements OpenedFile {
  readonly #inner: OpenedFile;
  readonly #path: string;
  readonly #intercept: Intercept;

  constructor(inner: OpenedFile, path: string, intercept: Intercept) {
    this.#inner = inner;
    this.#path = path;
    this.#intercept = intercept;
  }

  read(buffer: Uint8Array, length: number, position: number) {
    const call: Call = {method: 'read', path: this.#path, position, length};
    return this.#intercept(call, () => this.#inner.read(buffer, length, position));
  }

  write(buffer: Uint8Array, length: number, position: number) {
    const call: Call = {method: 'write', path: this.#path, position, length};
    return this.#intercept(call, () => this.#inner.write(buffer, length, position));
  }

  truncate(size: number) {
    return this.#intercept({method: 'truncate', path: this.#path}, () =>
      this.#inner.truncate(size),
    );
  }

  setModified(mtimeNs: bigint) {
    return this.#intercept({method: 'setModified', path: this.#path}, () =>
      this.#inner.setModified(mtimeNs),
    );
  }

  sync() {
    return this.#intercept({method: 'sync', path: this.#path}, () => this.#inner.sync());
  }

  facts() {
    return this.#intercept({method: 'facts', path: this.#path}, () => this.#inner.facts());
  }

  close() {
    return this.#intercept({method: 'close', path: this.#path}, () => this.#inner.close());
  }
}

/**
 * What `lookAll` gives, by calls of their own for the names and for each entry behind it, so that a fault of either hits it too. Behind it and not within: a call that hangs
 * must leave no other one under way.
 */
async function lookOneByOne(
  files: Files,
  folder: string,
  intercept: Intercept,
): Promise<readonly ListedEntry[]> {
  const entries = await intercept({method: 'lookAll', path: folder}, () => files.lookAll(folder));
  await intercept({method: 'list', path: folder}, () => Promise.resolve(entries));
  return await Promise.all(
    entries.map(async (entry): Promise<ListedEntry> => {
      const {name, facts} = entry;
      if (facts === null) return entry;
      const call: Call = {method: 'look', path: join(folder, name)};
      try {
        return {...entry, facts: await intercept(call, () => Promise.resolve(facts))};
      } catch (error) {
        const errno = errnoOf(error);
        if (errno === undefined) throw error;
        return {name, facts: null, errno};
      }
    }),
  );
}

/** @returns files of which every call goes through `intercept`. */
export function interceptCalls(files: Files, intercept: Intercept): Files {
  const open = async (call: Call, proceed: () => Promise<OpenedFile>) =>
    new InterceptedFile(await intercept(call, proceed), call.path, intercept);
  return {
    knowsDirect: files.knowsDirect,
    openToRead: (path, options) =>
      open({method: 'openToRead', path}, () => files.openToRead(path, options)),
    createFile: (path, options) =>
      open({method: 'createFile', path}, () => files.createFile(path, options)),
    openToUpdate: (path) => open({method: 'openToUpdate', path}, () => files.openToUpdate(path)),
    list: (path) => intercept({method: 'list', path}, () => files.list(path)),
    lookAll: (path) => lookOneByOne(files, path, intercept),
    look: (path) => intercept({method: 'look', path}, () => files.look(path)),
    follow: (path) => intercept({method: 'follow', path}, () => files.follow(path)),
    resolve: (path) => intercept({method: 'resolve', path}, () => files.resolve(path)),
    makeFolder: (path, options) =>
      intercept({method: 'makeFolder', path}, () => files.makeFolder(path, options)),
    publish: (path, to) => intercept({method: 'publish', path, to}, () => files.publish(path, to)),
    replace: (path, to) => intercept({method: 'replace', path, to}, () => files.replace(path, to)),
    removeFile: (path) => intercept({method: 'removeFile', path}, () => files.removeFile(path)),
    removeFolder: (path) =>
      intercept({method: 'removeFolder', path}, () => files.removeFolder(path)),
    syncFolder: (path) => intercept({method: 'syncFolder', path}, () => files.syncFolder(path)),
    hold: (path) => intercept({method: 'hold', path}, () => files.hold(path)),
    freeBytes: (path) => intercept({method: 'freeBytes', path}, () => files.freeBytes(path)),
    checkWritable: (path) =>
      intercept({method: 'checkWritable', path}, () => files.checkWritable(path)),
  };
}

export type WrapOpened = (
  opened: OpenedFile,
  path: string,
  options: OpenOptions,
  how: 'read' | 'create' | 'update',
) => OpenedFile;

/** @returns files whose opened files are wrapped. */
export function wrapOpened(files: Files, wrap: WrapOpened): Files {
  const buffered = {direct: false};
  return {
    ...interceptCalls(files, (_call, proceed) => proceed()),
    openToRead: async (path, options) =>
      wrap(await files.openToRead(path, options), path, options, 'read'),
    createFile: async (path, options) =>
      wrap(await files.createFile(path, options), path, options, 'create'),
    openToUpdate: async (path) => wrap(await files.openToUpdate(path), path, buffered, 'update'),
  };
}

/** An opened file with some calls of its own. */
export function overrideCalls(opened: OpenedFile, own: Partial<OpenedFile>): OpenedFile {
  return {
    read: (buffer, length, position) => opened.read(buffer, length, position),
    write: (buffer, length, position) => opened.write(buffer, length, position),
    truncate: (size) => opened.truncate(size),
    setModified: (mtimeNs) => opened.setModified(mtimeNs),
    sync: () => opened.sync(),
    facts: () => opened.facts(),
    close: () => opened.close(),
    ...own,
  };
}

/** Opens without the direct flag though it was asked for: what stands in for a disk where the temporary folder is in memory. */
export function pretendsDirect(files: Files): Files {
  return {
    ...interceptCalls(files, (_call, proceed) => proceed()),
    knowsDirect: true,
    openToRead: (path) => files.openToRead(path, {direct: false}),
    createFile: (path, options) => files.createFile(path, {...options, direct: false}),
  };
}

/** Changes what lies on the disk when a written file is closed, and leaves its times alone. */
function spoilsAtClose(
  files: Files,
  match: Match,
  spoil: (file: OpenedFile, size: number) => Promise<void>,
): Files {
  return wrapOpened(files, (opened, path, _options, how) => {
    if (how === 'read' || !match(path)) return opened;
    return overrideCalls(opened, {
      async close() {
        await opened.close();
        const file = await files.openToUpdate(path);
        try {
          const {size, mtimeNs} = await file.facts();
          await spoil(file, size);
          await file.setModified(mtimeNs);
          await file.sync();
        } finally {
          await file.close();
        }
      },
    });
  });
}

/** The last byte of what is written comes to the disk flipped. */
export function flipsLastByte(files: Files, match: Match): Files {
  return spoilsAtClose(files, match, async (file, size) => {
    const last = Buffer.alloc(1);
    await file.read(last, 1, size - 1);
    // Another bit than a faulty read turns: the two would undo each other.
    last.writeUInt8(last.readUInt8(0) ^ 2, 0);
    await file.write(last, 1, size - 1);
  });
}

/** A cable that spoils some of what goes through it: the first so many files that are written come to the disk with their last byte flipped. */
export function flipsFirstWrites(files: Files, match: Match, times: number): Files {
  let seen = 0;
  return flipsLastByte(files, (path) => match(path) && seen++ < times);
}

/** The same the other way: the medium is right, and the first so many openings give its last byte flipped. */
export function flipsFirstReads(files: Files, match: Match, times: number): Files {
  let seen = 0;
  return flipsOnRead(files, (path) => match(path) && seen++ < times);
}

/** Says that a file is flushed, and its last 512 bytes never come to the disk. */
export function lyingSync(files: Files, match: Match): Files {
  return spoilsAtClose(files, match, async (file, size) => {
    const length = Math.min(512, size);
    await file.write(Buffer.alloc(length), length, size - length);
  });
}

/** Says that bytes are written, and writes nothing. */
export function lyingWrite(files: Files, match: Match): Files {
  return wrapOpened(files, (opened, path) =>
    match(path) ? overrideCalls(opened, {write: async (_buffer, length) => length}) : opened,
  );
}

/** The last byte of every read is flipped, from the given opening of the file on (the first is 1). */
export function flipsOnRead(files: Files, match: Match, fromOpening = 1): Files {
  const openings = new Map<string, number>();
  return wrapOpened(files, (opened, path, _options, how) => {
    if (how !== 'read' || !match(path)) return opened;
    const opening = (openings.get(path) ?? 0) + 1;
    openings.set(path, opening);
    if (opening < fromOpening) return opened;
    return overrideCalls(opened, {
      async read(buffer, length, position) {
        const bytes = await opened.read(buffer, length, position);
        if (bytes > 0) buffer[bytes - 1] = (buffer[bytes - 1] ?? 0) ^ 1;
        return bytes;
      },
    });
  });
}

/** The volume is full once so many bytes were written below a folder. */
export function fullAfter(files: Files, root: string, bytes: number): Files {
  const match = below(root);
  let written = 0;
  return interceptCalls(files, async (call, proceed) => {
    if (call.method === 'write' && match(call.path)) {
      written += call.length ?? 0;
      if (written > bytes) throw systemError('ENOSPC', call);
    }
    return await proceed();
  });
}

/** A volume is pulled out: from the n-th call below its root on there is no such device, and its paths are not there. */
export function vanishesAfter(files: Files, root: string, n: number): Files {
  const match = below(root);
  const ofHandles: ReadonlySet<Method> = new Set<Method>([
    'read',
    'write',
    'truncate',
    'setModified',
    'sync',
    'facts',
  ]);
  let seen = 0;
  return interceptCalls(files, async (call, proceed) => {
    if (!match(call.path) || call.method === 'close') return await proceed();
    if (++seen > n) throw systemError(ofHandles.has(call.method) ? 'ENODEV' : 'ENOENT', call);
    return await proceed();
  });
}

/** A volume becomes read-only: from the n-th call that changes something below its root on. */
export function readOnlyAfter(files: Files, root: string, n: number): Files {
  const match = below(root);
  let seen = 0;
  return interceptCalls(files, async (call, proceed) => {
    if (match(call.path) && changes(call) && ++seen > n) throw systemError('EROFS', call);
    return await proceed();
  });
}

/** A sector that cannot be read: reads that touch it fail, every time. */
export function failsReading(files: Files, match: Match, errno: string, at = 0): Files {
  return interceptCalls(files, async (call, proceed) => {
    const {method, position = 0, length = 0} = call;
    const touches = method === 'read' && position <= at && at < position + length;
    if (touches && match(call.path)) throw systemError(errno, call);
    return await proceed();
  });
}

/** A loose contact: the first read fails with EIO, and every later one succeeds. */
export function failsOnceReading(files: Files, match: Match): Files {
  let failed = false;
  return interceptCalls(files, async (call, proceed) => {
    if (call.method === 'read' && !failed && match(call.path)) {
      failed = true;
      throw systemError('EIO', call);
    }
    return await proceed();
  });
}

/** Bytes of one file, the end not among them. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

const touches = ({method, position = 0, length = 0}: Call, {from, to}: ByteRange): boolean =>
  method === 'read' && position < to && from < position + length;

/** Worn places of one file: every read that touches them fails, every time. */
export function badSectors(
  files: Files,
  {path, ranges, errno = 'EIO'}: {path: string; ranges: readonly ByteRange[]; errno?: string},
): Files {
  return interceptCalls(files, async (call, proceed) => {
    const isBad = call.path === path && ranges.some((range) => touches(call, range));
    if (isBad) throw systemError(errno, call);
    return await proceed();
  });
}

interface WeakPlace {
  readonly path: string;
  readonly range: ByteRange;
  /** Reads that touch it and fail. */
  readonly tries: number;
}

/** A weak place of one file: it comes back after some failed reads, and is good from then on. */
export function recoversAfter(files: Files, {path, range, tries}: WeakPlace): Files {
  let failed = 0;
  return interceptCalls(files, async (call, proceed) => {
    if (call.path === path && touches(call, range) && failed++ < tries)
      throw systemError('EIO', call);
    return await proceed();
  });
}

/** A weak place that comes back with another byte at first: so many reads that give it whole are wrong. */
export function recoversWronglyAfter(
  files: Files,
  {path, range, tries, wrong}: WeakPlace & {readonly wrong: number},
): Files {
  let given = 0;
  const spoiled = wrapOpened(files, (opened, one) =>
    one !== path
      ? opened
      : overrideCalls(opened, {
          async read(buffer, length, position) {
            const bytes = await opened.read(buffer, length, position);
            const at = range.from - position;
            if (at >= 0 && at < bytes && given++ < wrong) buffer[at] = (buffer[at] ?? 0) ^ 1;
            return bytes;
          },
        }),
  );
  return recoversAfter(spoiled, {path, range, tries});
}

/** A file that can be read less far with every try: what lies behind `from` fails, and each failed read takes `step` bytes more. */
export function slowlyDying(
  files: Files,
  {path, from, step}: {path: string; from: number; step: number},
): Files {
  let end = from;
  return interceptCalls(files, async (call, proceed) => {
    if (call.path !== path || !touches(call, {from: end, to: Number.POSITIVE_INFINITY})) {
      return await proceed();
    }
    end = Math.max(0, end - step);
    throw systemError('EIO', call);
  });
}

/** A card that can be listed, out of the system's memory, and gives no byte any more: from the n-th read below its root on. */
export function deadAfter(files: Files, root: string, n: number): Files {
  const match = below(root);
  let reads = 0;
  return interceptCalls(files, async (call, proceed) => {
    if (call.method === 'read' && match(call.path) && ++reads > n) throw systemError('EIO', call);
    return await proceed();
  });
}

/** Every call of one kind fails on the paths that match. */
export function failsCalls(files: Files, methods: readonly Method[], match: Match, errno: string) {
  return interceptCalls(files, async (call, proceed) => {
    if (!methods.includes(call.method) || !match(call.path)) return await proceed();
    // close(2) frees the descriptor even when it reports an error.
    if (call.method === 'close') await proceed();
    throw systemError(errno, call);
  });
}

/** Reads and writes do only a part of what they are asked. Direct transfers keep to whole sectors, as the kernel does. */
export function givesShort(files: Files, sector = 4096): Files {
  const cut = (length: number) => Math.min(length, 2 * sector);
  return wrapOpened(files, (opened, _path, {direct}) => {
    const shorten = (length: number) => (direct ? cut(length) : Math.max(1, Math.ceil(length / 3)));
    return overrideCalls(opened, {
      read: (buffer, length, position) => opened.read(buffer, shorten(length), position),
      write: (buffer, length, position) => opened.write(buffer, shorten(length), position),
    });
  });
}

/** No fault: blocks of zeros are left as holes, so that a file of gigabytes is written in no time. */
export function writesHoles(files: Files): Files {
  const zeros = Buffer.alloc(4 * 1024 * 1024);
  return wrapOpened(files, (opened) =>
    overrideCalls(opened, {
      write(buffer, length, position) {
        const isHole = length <= zeros.length && zeros.compare(buffer, 0, length, 0, length) === 0;
        return isHole ? Promise.resolve(length) : opened.write(buffer, length, position);
      },
    }),
  );
}

/** Something happens to a file of the card right after its first read. */
function changesWhileRead(
  files: Files,
  match: Match,
  change: (path: string) => Promise<void>,
): Files {
  const changed = new Set<string>();
  return wrapOpened(files, (opened, path, _options, how) => {
    if (how !== 'read' || !match(path)) return opened;
    return overrideCalls(opened, {
      async read(buffer, length, position) {
        const bytes = await opened.read(buffer, length, position);
        if (!changed.has(path)) {
          changed.add(path);
          await change(path);
        }
        return bytes;
      },
    });
  });
}

export function growsWhileRead(files: Files, match: Match): Files {
  return changesWhileRead(files, match, (path) => appendFile(path, 'more'));
}

export function shrinksWhileRead(files: Files, match: Match): Files {
  return changesWhileRead(files, match, (path) => truncate(path, 10));
}

/** A drive is pulled from under its mount point: from the n-th call below its root on, the paths lead to another file system. */
export function movesDevice(files: Files, root: string, n: number): Files {
  const match = below(root);
  let seen = 0;
  const asks = (call: Call) => match(call.path) && ++seen > n;
  const move = (facts: FileFacts): FileFacts => ({...facts, device: facts.device + 1n});
  const counted = interceptCalls(files, async (call, proceed) => {
    asks(call);
    return await proceed();
  });
  const moved = (path: string) => match(path) && seen > n;
  const opened = wrapOpened(counted, (file, path) =>
    overrideCalls(file, {
      async facts() {
        const facts = await file.facts();
        return moved(path) ? move(facts) : facts;
      },
    }),
  );
  return {
    ...opened,
    async look(path) {
      const facts = await counted.look(path);
      return moved(path) ? move(facts) : facts;
    },
    async lookAll(path) {
      const entries = await counted.lookAll(path);
      if (!moved(path)) return entries;
      return entries.map((entry) => ({...entry, facts: entry.facts && move(entry.facts)}));
    },
    async follow(path) {
      const facts = await counted.follow(path);
      return moved(path) ? move(facts) : facts;
    },
  };
}

/** Keeps a record of every call, in the order in which they were made. */
export function recordsCalls(files: Files, calls: Call[]): Files {
  return interceptCalls(files, (call, proceed) => {
    calls.push(call);
    return proceed();
  });
}

/** Calls `told` at the n-th call, before it is made; the first is 1. */
export function tellsAtCall(files: Files, n: number, told: () => void): Files {
  let seen = 0;
  return interceptCalls(files, (_call, proceed) => {
    if (++seen === n) told();
    return proceed();
  });
}

/** One call fails: the n-th of those that match. */
export function failsAtCall(
  files: Files,
  n: number,
  errno: string,
  counts: (call: Call) => boolean = () => true,
): Files {
  let seen = 0;
  return interceptCalls(files, async (call, proceed) => {
    if (counts(call) && ++seen === n) throw systemError(errno, call);
    return await proceed();
  });
}

/**
 * The power goes: the n-th call that changes something is done by half or not at all, and no call after it ever returns. What the program would do afterwards is not done, as after
 * `kill -9`; only its open files are closed, by {@link Death.bury}.
 */
export class Death {
  readonly happened: Promise<void>;
  #tell: () => void = () => {};
  #dead = false;
  #seen = 0;
  #buried = false;
  readonly #open = new Set<Closable>();

  constructor() {
    this.happened = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  /** @param moment - the n-th call that changes something, or the first change of this kind that is not a write. */
  comesAt(files: Files, moment: number | ((call: Call) => boolean)): Files {
    const never = new Promise<never>(() => {});
    const tracked = wrapOpened(files, (opened) => {
      if (this.#buried) void opened.close();
      else this.#open.add(opened);
      return overrideCalls(opened, {
        write: async (buffer, length, position) => {
          if (this.#dead || !this.#isLast(moment))
            return await opened.write(buffer, length, position);
          const half = Math.floor(length / 8192) * 4096;
          if (half > 0) await opened.write(buffer, half, position);
          return this.#die(never);
        },
        close: async () => {
          this.#open.delete(opened);
          await opened.close();
        },
      });
    });
    const hold = async (path: string) => {
      const held: Closable = {close: await files.hold(path)};
      this.#open.add(held);
      return async () => {
        this.#open.delete(held);
        await held.close();
      };
    };
    return interceptCalls({...tracked, hold}, (call, proceed) => {
      if (this.#dead) return never;
      if (call.method !== 'write' && changes(call) && this.#isLast(moment, call))
        return this.#die(never);
      return proceed().then((value) => (this.#dead ? never : value));
    });
  }

  #isLast(moment: number | ((call: Call) => boolean), call?: Call): boolean {
    if (typeof moment === 'number') return ++this.#seen === moment;
    return call !== undefined && moment(call);
  }

  #die(never: Promise<never>): Promise<never> {
    this.#dead = true;
    this.#tell();
    return never;
  }

  async bury(): Promise<void> {
    this.#buried = true;
    await Promise.all([...this.#open].map((opened) => opened.close().catch(() => {})));
  }
}

/** An opened file or a held folder. */
export type Closable = Pick<OpenedFile, 'close'>;

/** Knows which files are open and which folders are held. */
export function tracksHandles(files: Files, open: Map<Closable, string>): Files {
  const tracked = wrapOpened(files, (opened, path) => {
    const file = overrideCalls(opened, {
      async close() {
        open.delete(file);
        await opened.close();
      },
    });
    open.set(file, path);
    return file;
  });
  return {
    ...tracked,
    async hold(path) {
      const held: Closable = {close: await files.hold(path)};
      open.set(held, path);
      return async () => {
        open.delete(held);
        await held.close();
      };
    },
  };
}
