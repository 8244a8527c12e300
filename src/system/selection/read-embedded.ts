/** Reads what pictures carry of themselves. */
import {
  cutJpegXmp,
  DIRECTORY_BYTES,
  findTiffDirectory,
  findTiffXmp,
  JPEG_HEAD,
} from '../../core/selection/embedded-xmp.ts';
import {findXmp} from '../../core/selection/find-xmp.ts';
import {NOTHING_SAID, readXmp, type XmpFacts} from '../../core/selection/read-xmp.ts';
import {askExiftoolAll, type Head} from '../exiftool.ts';
import type {Files, OpenedFile} from '../files.ts';
import {readHead} from '../read-head.ts';

export interface PictureFile {
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Bytes. With masks a sidecar has some megabytes. */
const LONGEST_XMP = 16 * 1024 * 1024;

/** @returns what a sidecar says, nothing where it is no XMP; undefined for one that is far too long. Rejects with the system's error. */
export async function readSidecar(
  files: Files,
  {path, size}: PictureFile,
): Promise<XmpFacts | undefined> {
  if (size > LONGEST_XMP) return undefined;
  return readXmp((await readHead(files, path, size)).toString('utf8'));
}

/** Reads JPEG, TIFF, DNG and raw pictures. Rejects with the system's error. */
export async function readPlainly(files: Files, {path, size}: PictureFile): Promise<XmpFacts> {
  const file = await files.openToRead(path, {direct: false});
  try {
    const head = await readRange(file, 0, Math.min(size, JPEG_HEAD));
    const packet = cutJpegXmp(head);
    if (packet !== undefined)
      return packet === null ? NOTHING_SAID : readXmp(packet.toString('utf8'));
    const directory = findTiffDirectory(head);
    if (directory !== undefined && directory.at < size) {
      const {at, isLittle} = directory;
      const range = findTiffXmp(await readRange(file, at, DIRECTORY_BYTES), isLittle);
      if (range === null || range.to - range.from > LONGEST_XMP) return NOTHING_SAID;
      return readXmp((await readRange(file, range.from, range.to - range.from)).toString('utf8'));
    }
    // Canon's CR3 and Fuji's RAF have it as it is, near their beginning.
    for (const facts of findXmp(head.toString('latin1'))) return facts;
    return NOTHING_SAID;
  } finally {
    await file.close();
  }
}

/** @returns fewer bytes only where the file ends. */
async function readRange(file: OpenedFile, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const read = await file.read(bytes.subarray(filled), length - filled, from + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}

/** Bytes of a picture that exiftool gets; its metadata may lie behind a preview. */
const HEAD_FOR_EXIFTOOL = 1024 * 1024;

/** Pictures in one question: 16 MB. */
export const PICTURES_AT_ONCE = 16;

/** The whole XMP, as it lies in the file. */
const OPTIONS = ['-b', '-XMP'];

/**
 * Asks exiftool for the XMP of some pictures, {@link PICTURES_AT_ONCE} at the most.
 * @returns what each says, in their order; undefined for one that cannot be read. Rejects when exiftool is not there or does not answer: one of them may be too much for it.
 */
export async function askForXmp(
  files: Files,
  pictures: readonly PictureFile[],
): Promise<readonly (XmpFacts | undefined)[]> {
  const heads: (Head | undefined)[] = [];
  for (const {path, size} of pictures) {
    try {
      heads.push({bytes: await readHead(files, path, Math.min(size, HEAD_FOR_EXIFTOOL)), path});
    } catch {
      // The copying will tell of it.
      heads.push(undefined);
    }
  }
  const asked = heads.flatMap((head) =>
    head === undefined || head.bytes.length === 0 ? [] : head,
  );
  const answers = asked.length === 0 ? [] : await askExiftoolAll(asked, OPTIONS);
  const byHead = new Map(asked.map((head, at) => [head, answers[at]]));
  return heads.map((head) => {
    if (head === undefined) return undefined;
    const packet = byHead.get(head)?.['XMP:XMP'] ?? byHead.get(head)?.XMP;
    return typeof packet === 'string' ? readXmp(decode(packet)) : NOTHING_SAID;
  });
}

const BASE64 = 'base64:';

/** exiftool writes what is no plain text as base64 into its JSON. */
const decode = (packet: string): string =>
  packet.startsWith(BASE64)
    ? Buffer.from(packet.slice(BASE64.length), 'base64').toString('utf8')
    : packet;
