/** The calls that wait, by which a thread reads and writes small files. An interface of its own, so that a test can wrap it and name a fault. Paths are well-formed. */
import * as fs from 'node:fs';

export interface SmallFileCalls {
  open(path: string, flags: number, mode?: number): number;
  facts(file: number): fs.BigIntStats;
  follow(path: string): fs.BigIntStats;
  /** @returns bytes read into the start of `buffer`, from the start of the file. */
  read(file: number, buffer: Uint8Array, length: number): number;
  /** @returns bytes read into `buffer` from a position on; 0 at the end of the file. */
  readAt(file: number, buffer: Uint8Array, position: number): number;
  /** @returns bytes of `buffer` written, from `offset` on, at the same place of the file. */
  write(file: number, buffer: Uint8Array, offset: number, length: number): number;
  setModified(file: number, seconds: number | string): void;
  close(file: number): void;
  link(from: string, to: string): void;
  unlink(path: string): void;
}

/** Each throws the system's error. */
export const realCalls: SmallFileCalls = {
  open: (path, flags, mode) => fs.openSync(path, flags, mode),
  facts: (file) => fs.fstatSync(file, {bigint: true}),
  follow: (path) => fs.statSync(path, {bigint: true}),
  read: (file, buffer, length) => fs.readSync(file, buffer, 0, length, 0),
  readAt: (file, buffer, position) => fs.readSync(file, buffer, 0, buffer.length, position),
  write: (file, buffer, offset, length) => fs.writeSync(file, buffer, offset, length, offset),
  setModified: (file, seconds) => fs.futimesSync(file, seconds, seconds),
  close: (file) => fs.closeSync(file),
  link: (from, to) => fs.linkSync(from, to),
  unlink: (path) => fs.unlinkSync(path),
};
