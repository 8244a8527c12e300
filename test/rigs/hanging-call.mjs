/**
 * Loaded into the program before its first module (`node --import`): the third write to a file of 1 MB or more below HANG_BELOW never returns, and holds a thread of the pool as a
 * drive does that does not answer. The thread waits in open(2) of a FIFO that nobody writes to. HANG_TOLD is made when it does. In a thread for small files it is the third write.
 */
import fs from 'node:fs';
import {open, writeFile} from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';
import {isMainThread} from 'node:worker_threads';

const {HANG_BELOW: folder = '', HANG_FIFO: fifo = '', HANG_TOLD: told = ''} = process.env;

if (!isMainThread) {
  const {writeSync} = fs;
  let small = 0;
  fs.writeSync = (file, ...rest) => {
    const path = fs.readlinkSync(`/proc/self/fd/${file}`);
    if (path.startsWith(folder) && ++small === 3) {
      fs.writeFileSync(told, '');
      fs.openSync(fifo, 'r');
    }
    return writeSync(file, ...rest);
  };
  syncBuiltinESMExports();
}

const probe = await open('/dev/null', 'r');
const FileHandle = Object.getPrototypeOf(probe);
await probe.close();

const {readlink} = await import('node:fs/promises');
const {write} = FileHandle;
let large = 0;

FileHandle.write = async function (buffer, offset, length, position) {
  const isLarge = length > 1024 * 1024;
  const path = isLarge ? await readlink(`/proc/self/fd/${this.fd}`) : '';
  if (path.startsWith(folder) && isLarge && ++large === 3) {
    await writeFile(told, '');
    return await open(fifo, 'r');
  }
  return await write.call(this, buffer, offset, length, position);
};
