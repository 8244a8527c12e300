/**
 * The floor: reads a card once, writes it to two folders and reads both copies back, with direct I/O, and does nothing else. No
 * hashing, no comparing, no journal, no temporary names. What a copy with proof costs on top of this is what the program costs.
 *
 * `node floor.js CARD FOLDER FOLDER`. It shares no code with the program and is compiled like it, so that both start alike.
 */
import {constants} from 'node:fs';
import {type FileHandle, mkdir, open, readdir} from 'node:fs/promises';
import path from 'node:path';

const BLOCK = 4 * 1024 * 1024;
const BUFFERS = 16;
/** What direct transfers must be multiples of. */
const PAGE = 4096;
/** WebAssembly counts memory in pages of 64 KiB (WebAssembly Core Specification, section 4.2.8). */
const WASM_PAGE = 65_536;
const FILES_IN_FLIGHT = 3;
/** Copies of one folder that are read back at the same time. */
const PROOFS_IN_FLIGHT = 2;

const READ = constants.O_RDONLY | constants.O_DIRECT;
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DIRECT;

// The memory of a `WebAssembly.Memory` is page-aligned, that of `Buffer.alloc` is not.
const memory = new WebAssembly.Memory({initial: (BUFFERS * BLOCK) / WASM_PAGE});
const free: Buffer[] = Array.from({length: BUFFERS}, (_, index) =>
  Buffer.from(memory.buffer, index * BLOCK, BLOCK),
);
const waiting: ((buffer: Buffer) => void)[] = [];

async function takeBuffer(): Promise<Buffer> {
  return free.pop() ?? new Promise((resolve) => waiting.push(resolve));
}

function giveBuffer(buffer: Buffer): void {
  const next = waiting.shift();
  if (next === undefined) free.push(buffer);
  else next(buffer);
}

/** Reads a block at `position`; a short one is only right at the end of the file. */
async function readBlock(file: FileHandle, buffer: Buffer, position: number, size: number) {
  const wanted = Math.min(BLOCK, size - position);
  const {bytesRead} = await file.read(buffer, 0, BLOCK, position);
  if (bytesRead !== wanted) throw new Error(`read ${bytesRead} bytes instead of ${wanted}`);
  return wanted;
}

async function writeBlock(file: FileHandle, buffer: Buffer, position: number, length: number) {
  const padded = Math.ceil(length / PAGE) * PAGE;
  const {bytesWritten} = await file.write(buffer, 0, padded, position);
  if (bytesWritten !== padded) throw new Error(`wrote ${bytesWritten} bytes instead of ${padded}`);
}

async function readBack(copy: string, size: number): Promise<void> {
  const file = await open(copy, READ);
  for (let position = 0; position < size; position += BLOCK) {
    const buffer = await takeBuffer();
    await readBlock(file, buffer, position, size);
    giveBuffer(buffer);
  }
  await file.close();
}

/** Runs jobs of one folder in order, a few at a time. */
function makeLane(width: number): (job: () => Promise<void>) => Promise<void> {
  const chains = Array.from({length: width}, () => Promise.resolve());
  let turn = 0;
  return (job) => {
    const chain = turn++ % width;
    const end = (chains[chain] ?? Promise.resolve()).then(job);
    chains[chain] = end;
    return end;
  };
}

interface Target {
  readonly folder: string;
  readonly prove: (job: () => Promise<void>) => Promise<void>;
}

/** Copies one file. @returns once it is written; what it resolves with settles once both copies are flushed and read back. */
async function copyFile(card: string, name: string, targets: readonly Target[]) {
  const source = await open(path.join(card, name), READ);
  const {size} = await source.stat();
  const copies = await Promise.all(
    targets.map(async ({folder, prove}) => {
      const copy = path.join(folder, name);
      return {copy, prove, file: await open(copy, WRITE), written: Promise.resolve()};
    }),
  );
  const writes: Promise<void>[] = [];
  for (let position = 0; position < size; position += BLOCK) {
    const buffer = await takeBuffer();
    const length = await readBlock(source, buffer, position, size);
    for (const copy of copies) {
      copy.written = copy.written.then(() => writeBlock(copy.file, buffer, position, length));
    }
    writes.push(Promise.all(copies.map(({written}) => written)).then(() => giveBuffer(buffer)));
  }
  await Promise.all(writes);
  await source.close();
  const finish = async ({copy, prove, file}: (typeof copies)[number]) => {
    await file.truncate(size);
    await file.sync();
    await file.close();
    await prove(() => readBack(copy, size));
  };
  return {proved: Promise.all(copies.map(finish))};
}

async function listCard(card: string) {
  const entries = await readdir(card, {withFileTypes: true, recursive: true});
  const below = (name: string, parent: string) => path.relative(card, path.join(parent, name));
  const named = (wanted: 'isFile' | 'isDirectory') =>
    entries
      .filter((entry) => entry[wanted]())
      .map((entry) => below(entry.name, entry.path))
      .sort();
  return {files: named('isFile'), folders: named('isDirectory')};
}

async function copyCard(card: string, folders: readonly string[]): Promise<void> {
  const listing = await listCard(card);
  for (const folder of folders) {
    for (const below of listing.folders) await mkdir(path.join(folder, below), {recursive: true});
  }
  const targets = folders.map((folder) => ({folder, prove: makeLane(PROOFS_IN_FLIGHT)}));
  const queue = [...listing.files];
  const proofs: Promise<unknown>[] = [];
  const work = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      proofs.push((await copyFile(card, name, targets)).proved);
    }
  };
  await Promise.all(Array.from({length: FILES_IN_FLIGHT}, work));
  await Promise.all(proofs);
}

const [card, ...folders] = process.argv.slice(2);
if (card === undefined || folders.length === 0) throw new Error('usage: floor CARD FOLDER…');
await copyCard(card, folders);
