/** What this Windows does with the calls that the program is careful about, asked without the program. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import type {WindowsProgram} from './windows-program.ts';

const form = z.object({
  /** Flushing a folder: the errno. */
  folderSync: z.string(),
  /** Writing a block without buffering and cutting the file to an odd size. */
  directWrite: z.string(),
  /** Reading it again without buffering: bytes. */
  directRead: z.union([z.int(), z.string()]),
  /** Reading one byte of it without buffering: Windows says EINVAL. */
  partRead: z.union([z.int(), z.string()]),
});
export type WindowsCalls = z.infer<typeof form>;

/** 0x02000000 is libuv's bit for FILE_FLAG_NO_BUFFERING (include/uv/win.h). */
const SCRIPT = `
const {constants: c} = require('node:fs');
const {open, unlink} = require('node:fs/promises');
const page = Buffer.from(new WebAssembly.Memory({initial: 1}).buffer);
const path = 'H:\\\\direct.bin';
const during = async (place, flags, use) => {
  try {
    const file = await open(place, flags);
    try { return (await use(file)) ?? 'ok'; } finally { await file.close(); }
  } catch (error) { return error.code; }
};
const write = async (file) => { await file.write(page, 0, 4096, 0); await file.truncate(4095); await file.sync(); };
const read = (bytes) => async (file) => (await file.read(page, 0, bytes, 0)).bytesRead;
(async () => {
  const folderSync = await during('H:\\\\', c.O_RDONLY, (file) => file.sync());
  const directWrite = await during(path, c.O_WRONLY | c.O_CREAT | 0x02000000, write);
  const directRead = await during(path, c.O_RDONLY | 0x02000000, read(4096));
  const partRead = await during(path, c.O_RDONLY | 0x02000000, read(1));
  await unlink(path);
  console.log(JSON.stringify({folderSync, directWrite, directRead, partRead}));
})();
`;

export async function tryCalls({wine, node, home}: WindowsProgram): Promise<WindowsCalls> {
  await writeFile(join(home, 'calls.cjs'), SCRIPT);
  const {stdout, stderr} = await wine.run(node, ['H:\\calls.cjs']);
  try {
    return form.parse(JSON.parse(stdout));
  } catch (error) {
    throw new Error(`the calls could not be tried: ${stdout}\n${stderr}`, {cause: error});
  }
}
