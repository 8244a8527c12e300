import {statfs} from 'node:fs/promises';
import {join} from 'node:path';
import {call} from './tools.ts';

/** What somebody else leaves free, in bytes. */
const LEFT_FREE = 8 * 1024 * 1024;

/** Somebody else fills a drive while the program stands still. @returns the file that does. */
export async function fillDrive(
  running: {signal(name: NodeJS.Signals): void},
  mountPoint: string,
): Promise<string> {
  running.signal('SIGSTOP');
  const {bavail, bsize} = await statfs(mountPoint);
  const filler = join(mountPoint, 'somebody-else.bin');
  await call('fallocate', ['-l', String(bavail * bsize - LEFT_FREE), filler]);
  running.signal('SIGCONT');
  return filler;
}
