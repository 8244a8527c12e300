/** Makes the archive of one system. */
import {createHash} from 'node:crypto';
import {createWriteStream} from 'node:fs';
import {mkdir, readFile, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createGzip} from 'node:zlib';
import * as z from 'zod';
import {type Gathering, gatherFiles} from './gather-files.ts';
import type {PackedFile} from './packed-file.ts';
import type {Target} from './targets.ts';
import {writeTar} from './write-tar.ts';
import {writeZip} from './write-zip.ts';

export interface Archive {
  readonly path: string;
  /** The one folder in it. */
  readonly folder: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Bytes of all files in it. */
  readonly unpacked: number;
  readonly files: number;
}

/** An archive of that name is replaced when the new one is whole. @throws what {@link gatherFiles} throws. */
export async function makeArchive(
  target: Target,
  {into, ...gathering}: Gathering & {readonly into: string},
): Promise<Archive> {
  const described: unknown = JSON.parse(
    await readFile(join(gathering.project, 'package.json'), 'utf8'),
  );
  const {version} = z.object({version: z.string()}).parse(described);
  const folder = `offload-${version}-${target.name}`;
  const path = join(into, `${folder}.${target.form}`);
  const part = `${path}.part`;
  const sizes = {files: 0, unpacked: 0};
  const files = inFolder(folder, gatherFiles(target, gathering), sizes);
  const hash = createHash('sha256');
  let bytes = 0;
  const watch = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  };
  await mkdir(into, {recursive: true});
  try {
    const sink = createWriteStream(part);
    if (target.form === 'zip') await pipeline(writeZip(files), watch, sink);
    else await pipeline(Readable.from(writeTar(files)), createGzip({level: 9}), watch, sink);
    await rename(part, path);
  } catch (error) {
    await rm(part, {force: true});
    throw error;
  }
  return {path, folder, sha256: hash.digest('hex'), bytes, ...sizes};
}

async function* inFolder(
  folder: string,
  files: AsyncIterable<PackedFile>,
  sizes: {files: number; unpacked: number},
): AsyncGenerator<PackedFile> {
  const seen = new Set<string>();
  for await (const file of files) {
    // Two names that one drive holds as one would overwrite each other when they are unpacked.
    const folded = file.path.toLowerCase();
    if (seen.has(folded)) throw new Error(`${file.path} stands twice in the archive.`);
    seen.add(folded);
    sizes.files += 1;
    sizes.unpacked += file.bytes.length;
    yield {...file, path: `${folder}/${file.path}`};
  }
}
