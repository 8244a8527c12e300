/** What lies on a destination, read with nothing of the program's. */
import {lstat, readFile} from 'node:fs/promises';
import {listPaths, toBytes} from '../rigs/trees.ts';
import {sha256Of} from './card-truth.ts';

export interface FoundFile {
  /** Below the destination, parts joined by `/`. */
  readonly path: string;
  readonly kind: 'copy' | 'temporary' | 'evidence' | 'parts' | 'record' | 'marker' | 'odd';
  readonly size: number;
  readonly sha256: string;
}

/** All files below a destination, by path. A destination that is not there has none. */
export async function readDestination(root: string): Promise<ReadonlyMap<string, FoundFile>> {
  const found = new Map<string, FoundFile>();
  for (const path of await listPaths(root, '')) {
    const place = toBytes(`${root}/${path}`);
    const facts = await lstat(place);
    if (facts.isDirectory()) continue;
    const isFile = facts.isFile();
    const bytes = isFile ? await readFile(place) : Buffer.alloc(0);
    const kind = isFile ? kindOf(path) : 'odd';
    found.set(path, {path, kind, size: bytes.length, sha256: sha256Of(bytes)});
  }
  return found;
}

function kindOf(path: string): FoundFile['kind'] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === '.offload-volume.json') return 'marker';
  if (name.startsWith('.offload-')) return name.endsWith('.mismatch') ? 'evidence' : 'temporary';
  if (/^[^/]*\/_offload\//.test(path)) return 'record';
  return /\.salvaged(?:-\d+)?(?:\.map)?$/.test(name) ? 'parts' : 'copy';
}

/** What a run that ended SAFE leaves nothing of. A marker that was named by half keeps its first name too: a few hundred bytes, passed over. */
export function findLitter(files: ReadonlyMap<string, FoundFile>): readonly string[] {
  const isLitter = ({path, kind}: FoundFile) =>
    (kind === 'temporary' && !/(?:^|\/)\.offload-volume-[^/]*\.part$/.test(path)) ||
    kind === 'evidence' ||
    (kind === 'record' && !/\.(?:json|b3)$/.test(path));
  return [...files.values()].filter(isLitter).map(({path}) => path);
}
