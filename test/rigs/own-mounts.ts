/**
 * A table of mounts of its own (mount_namespaces(7)) for programs that take every drive they see: in it are this computer's system and what is
 * mounted below the lab's folder, and no drive or card of whoever runs the rigs.
 */
import {readFile, readlink} from 'node:fs/promises';
import {homedir} from 'node:os';
import {execa} from 'execa';
import {type Lab, PROJECT} from './lab.ts';
import {unmount} from './mounts.ts';
import {CannotRun} from './rig.ts';
import {call} from './tools.ts';
import {waitUntil} from './wait.ts';

export interface OwnMounts {
  /** Put before a command, these words run it in there. The working folder is `/`. */
  readonly prefix: readonly [string, ...string[]];
  /** @returns the folders below the lab's that something is mounted at, as programs in there see them. */
  list(): Promise<readonly string[]>;
}

/** Called before anything is mounted below the lab's folder: later mounts come through, and what is unmounted in there stays outside. */
export async function makeOwnMounts(lab: Lab): Promise<OwnMounts> {
  lab.signal.throwIfAborted();
  await call('mount', ['--bind', lab.folder, lab.folder]);
  lab.defer(() => unmount(lab.folder));
  await call('mount', ['--make-shared', lab.folder]);
  const pid = await holdNamespace(lab);
  const prefix = ['nsenter', '--target', String(pid), '--mount'] as const;
  const table = `/proc/${pid}/mounts`;
  for (const place of findForeign(await readFile(table, 'utf8'), lab.folder)) {
    await call(prefix[0], [...prefix.slice(1), 'umount', '--lazy', place]);
  }
  return {
    prefix,
    async list() {
      const places = readPlaces(await readFile(table, 'utf8')).map(({place}) => place);
      return places.filter((place) => place.startsWith(`${lab.folder}/`));
    },
  };
}

/** A program that does nothing, so that there is something to enter. @returns its id. */
async function holdNamespace(lab: Lab): Promise<number> {
  const holder = execa('unshare', ['--mount', '--propagation', 'slave', 'sleep', 'infinity'], {
    stdin: 'ignore',
    reject: false,
  });
  lab.defer(async () => {
    holder.kill('SIGKILL');
    await holder;
  });
  const {pid} = holder;
  if (pid === undefined) throw new CannotRun('unshare(1) cannot be started');
  const outside = await readlink('/proc/self/ns/mnt');
  let hasEnded = false;
  holder.finally(() => {
    hasEnded = true;
  });
  const isReady = async () => hasEnded || (await readlink(`/proc/${pid}/ns/mnt`)) !== outside;
  await waitUntil('a table of mounts of its own', isReady);
  if (hasEnded) throw new CannotRun('this system gives no table of mounts of its own');
  // The program that is run next comes with its own command line.
  const isAsleep = async () => (await readFile(`/proc/${pid}/cmdline`, 'utf8')).startsWith('sleep');
  await waitUntil('the table is taken apart from the others', isAsleep);
  return pid;
}

interface Place {
  readonly source: string;
  readonly place: string;
  readonly kind: string;
}

/** proc_pid_mounts(5): blanks and backslashes in names are written in octal. */
function readPlaces(table: string): readonly Place[] {
  return table.split('\n').flatMap((line) => {
    const [source, place, kind] = line
      .split(' ')
      .map((part) =>
        part.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8))),
      );
    return source === undefined || place === undefined || kind === undefined
      ? []
      : [{source, place, kind}];
  });
}

/** Places of disks, shares and drivers in user space that nothing here needs. The last mounted come first. */
function findForeign(table: string, folder: string): readonly string[] {
  const needed = [folder, PROJECT, process.execPath, homedir(), '/usr/bin', '/bin', '/etc', '/var'];
  const isNeeded = (place: string) =>
    place === '/' || needed.some((path) => path === place || path.startsWith(`${place}/`));
  const isDrive = ({source, kind}: Place) => /^\/dev\/|:|^\/\//.test(source) || /^fuse/.test(kind);
  return readPlaces(table)
    .filter((one) => isDrive(one) && !isNeeded(one.place))
    .map(({place}) => place)
    .toReversed();
}
