import {constants, type PathLike} from 'node:fs';
import * as fs from 'node:fs/promises';
import {platform} from 'node:os';
import {sep} from 'node:path';

interface Held {
  readonly folder: string;
  /** The same folder, by the system's own name for the open handle. */
  readonly through: string;
}

/**
 * Folders that are kept open so that what is written below them goes to the drive that was there when they were opened. A path is looked up anew by every call: when a mount goes away, the same
 * path leads to the folder below it, or to the next drive that takes the mount point, and a new file lands there before anybody can look.
 *
 * On Linux `/proc/self/fd/N/…` starts at the open folder itself (proc_pid_fd(5)). Elsewhere node has nothing like openat(2), and paths stay as they are.
 */
export class HeldFolders {
  readonly #held: Held[] = [];

  /**
   * Keeps a folder.
   * @param folder what paths below it begin with; `opened` is the same in the form that the system takes.
   * @returns how to let it go. The newest hold of a folder counts.
   * @throws the system's error.
   */
  async hold(folder: string, opened: PathLike): Promise<() => Promise<void>> {
    if (platform() !== 'linux' || folder === '/') return async () => {};
    const handle = await fs.open(opened, constants.O_RDONLY | constants.O_DIRECTORY);
    const through = `/proc/self/fd/${handle.fd}`;
    try {
      const [there, here] = await Promise.all([fs.stat(through), handle.stat()]);
      if (there.dev !== here.dev || there.ino !== here.ino) throw new Error(through);
    } catch {
      // No /proc here, as in some containers: paths are all there is.
      await handle.close();
      return async () => {};
    }
    const held: Held = {folder, through};
    this.#held.push(held);
    return async () => {
      this.#held.splice(this.#held.indexOf(held), 1);
      await handle.close();
    };
  }

  /** @returns the path by which a change below a held folder reaches the drive that is held; any other path as it is. */
  reach(path: string): string {
    const held = this.#held.findLast(({folder}) => path === folder || isBelow(path, folder));
    if (held === undefined) return path;
    const through = held.through + path.slice(held.folder.length);
    // What can be made by one of the two paths only could not be read by the other.
    return isTooLong(path) || isTooLong(through) ? path : through;
  }
}

/** Bytes of a path with the zero at its end: PATH_MAX of Linux (limits.h). */
const MOST_BYTES = 4096;
/** Of one UTF-16 unit in UTF-8. */
const WIDEST = 3;

const isTooLong = (path: string) =>
  path.length * WIDEST >= MOST_BYTES && Buffer.byteLength(path) >= MOST_BYTES;

const isBelow = (path: string, folder: string) =>
  path.length > folder.length && path.startsWith(folder) && path[folder.length] === sep;
