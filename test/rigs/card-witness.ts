/** Remembers a card as it was, and says later whether it still is. */
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {lstat} from 'node:fs/promises';
import {hashFile, listPaths, toBytes} from './trees.ts';

export interface CardWitness {
  /** SHA-256 of every file, by path. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Same names, sizes, kinds, inodes and times, those of reading included. */
  expectUntouched(): Promise<void>;
  /** The same, and all bytes. Reading them changes times of reading: to be called last. */
  expectSameBytes(): Promise<void>;
}

/** To be called when the card is mounted and before a program sees it. */
export async function watchCard(root: string): Promise<CardWitness> {
  const hashes = await hashAll(root);
  // The first look after a change moves a time of reading (mount(8), relatime); the second one does not.
  await describeAll(root);
  const before = await describeAll(root);
  const expectUntouched = async () => {
    assert.deepEqual(await describeAll(root), before, 'the card is as it was');
  };
  return {
    hashes,
    expectUntouched,
    async expectSameBytes() {
      await expectUntouched();
      assert.deepEqual(await hashAll(root), hashes, 'the card has the bytes that it had');
    },
  };
}

async function hashAll(root: string): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (const path of await listPaths(root, '')) {
    const place = `${root}/${path}`;
    if ((await lstat(toBytes(place))).isFile()) hashes.set(path, await hashFile(place));
  }
  return hashes;
}

/** Folders are read by whoever lists them: their time of reading says nothing. */
async function describeAll(root: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const path of ['', ...(await listPaths(root, ''))]) {
    const facts = await lstat(toBytes(`${root}/${path}`), {bigint: true});
    const {mode, size, mtimeNs, ctimeNs, atimeNs, ino, nlink} = facts;
    const read = facts.isFile() ? atimeNs : 'any';
    lines.push([path, mode, nlink, size, mtimeNs, ctimeNs, read, ino].join(' '));
  }
  return lines;
}

/** @returns SHA-256 of a whole image or device. */
export async function hashDevice(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, {highWaterMark: 1024 * 1024}))
    hash.update(chunk);
  return hash.digest('hex');
}
