/** The parts of a film that say when and by what it was taken, without its pictures: boxes of ISO/IEC 14496-12, as QuickTime, MP4 and Canon's CRM have them. */
import type {OpenedFile} from './files.ts';

/** Length and name; and a length of eight bytes where the first one is 1 (4.2). */
const HEADER_BYTES = 16;
/** No camera writes that many boxes beside each other. */
const MOST_BOXES = 200;
/** Bytes of one box of metadata: the largest are those of GoPro and of films with a preview. */
const MOST_BYTES = 1024 * 1024;

/** What follows holds the times, the camera and the lens; `trak` holds the places of the pictures, and is left out. */
const KEPT_INSIDE = new Set(['mvhd', 'udta', 'meta', 'uuid']);
const KEPT_OUTSIDE = new Set(['ftyp', 'meta', 'uuid', 'udta']);

interface Box {
  readonly name: string;
  readonly start: number;
  /** Of its own header. */
  readonly headerBytes: number;
  readonly end: number;
}

/** @returns true when the first box of a file is one that films begin with. */
export function looksLikeFilm(head: Uint8Array): boolean {
  const name = Buffer.from(head.subarray(4, 8)).toString('latin1');
  return ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(name);
}

/**
 * Reads the metadata of a film wherever it lies.
 * @param size bytes of the file.
 * @returns a film that has nothing but its metadata; undefined when there is no `moov`. Rejects with the system's error.
 */
export async function readFilmHead(file: OpenedFile, size: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let hasMoov = false;
  for await (const box of walkBoxes(file, 0, size)) {
    if (box.name === 'moov') {
      hasMoov = true;
      const inside: Buffer[] = [];
      for await (const child of walkBoxes(file, box.start + box.headerBytes, box.end)) {
        if (KEPT_INSIDE.has(child.name)) inside.push(await readBox(file, child));
      }
      parts.push(wrapBox('moov', inside));
    } else if (KEPT_OUTSIDE.has(box.name)) {
      parts.push(await readBox(file, box));
    }
  }
  return hasMoov ? Buffer.concat(parts) : undefined;
}

async function* walkBoxes(file: OpenedFile, start: number, end: number): AsyncGenerator<Box> {
  let at = start;
  for (let count = 0; count < MOST_BOXES && at + 8 <= end; count++) {
    const header = await readAt(file, at, Math.min(HEADER_BYTES, end - at));
    if (header.length < 8) return;
    const short = header.readUInt32BE(0);
    const isLong = short === 1 && header.length === HEADER_BYTES;
    const length = isLong ? Number(header.readBigUInt64BE(8)) : short === 0 ? end - at : short;
    const headerBytes = isLong ? 16 : 8;
    // A film that was cut off says more than it has.
    if (length < headerBytes || at + length > end) return;
    const name = header.toString('latin1', 4, 8);
    yield {name, start: at, headerBytes, end: at + length};
    at += length;
  }
}

/** @returns the whole box, or nothing of one that is too large to be metadata. */
async function readBox(file: OpenedFile, {start, end}: Box): Promise<Buffer> {
  return end - start > MOST_BYTES ? Buffer.alloc(0) : await readAt(file, start, end - start);
}

function wrapBox(name: string, inside: readonly Buffer[]): Buffer {
  const body = Buffer.concat(inside);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length + 8, 0);
  header.write(name, 4, 'latin1');
  return Buffer.concat([header, body]);
}

async function readAt(file: OpenedFile, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const read = await file.read(bytes.subarray(filled), length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
