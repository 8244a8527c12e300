import type {CardPath} from '../card.ts';
import {kindOf} from '../survey/file-kind.ts';
import {unreachable} from '../unreachable.ts';
import {isAllZero} from './all-zero.ts';
import {lookAtBoxedPicture} from './boxed-picture.ts';
import {lookAtAvi, lookAtFilm} from './film.ts';
import {lookAtJpeg} from './jpeg.ts';
import {
  allZero,
  ask,
  type Finding,
  isZero,
  type Look,
  latin,
  uint,
  unreadablePicture,
} from './look.ts';
import {lookAtCrw, lookAtRaf} from './maker-raws.ts';
import {lookAtTiff} from './tiff.ts';

type Kind = 'picture' | 'film' | 'avi' | 'other';

/** `other`: their form is not looked at, only whether they are empty inside. */
const KINDS: Readonly<Record<Kind, string>> = {
  picture:
    'JPG JPEG INSP HEIC HEIF HIF CR2 CR3 CRW NEF NRW ARW SR2 SRF SRW RAF RW2 RWL ORF PEF DNG GPR TIF TIFF PNG',
  film: 'MP4 MOV M4V 3GP LRV LRF 360 INSV BRAW CRM NEV',
  avi: 'AVI',
  other: 'MTS M2TS MXF R3D WAV ARI ARX 3FR IIQ X3F FFF MRW',
};

const BY_EXTENSION: ReadonlyMap<string, Kind> = new Map(
  (['picture', 'film', 'avi', 'other'] as const).flatMap((kind) =>
    KINDS[kind].split(' ').map((extension) => [extension, kind] as const),
  ),
);

const HEAD = 4096;

/** @returns a look at the file's bytes; undefined for files that are not looked at: empty ones, and what is neither picture, film nor sound. */
export function lookAtFile(path: CardPath, size: number): Look | undefined {
  const kind = BY_EXTENSION.get(kindOf(path));
  return kind === undefined || size === 0 ? undefined : look(kind, size);
}

function* look(kind: Kind, size: number): Look<Finding | undefined> {
  const head = yield* ask(0, HEAD);
  // Cut off meanwhile: the listing of the card says so.
  if (head.length === 0) return undefined;
  if (isZero(head) && (yield* isAllZero(size))) return allZero;
  switch (kind) {
    case 'picture':
      return yield* lookAtPicture(head, size);
    case 'film':
      return latin(head, 0, 4) === 'RIFF' ? yield* lookAtAvi(size) : yield* lookAtFilm(size);
    case 'avi':
      return isBoxed(head) ? yield* lookAtFilm(size) : yield* lookAtAvi(size);
    case 'other':
      return undefined;
    default:
      return unreachable(kind);
  }
}

/** By what the file says of itself: names lie, and a JPEG that is called .NEF opens in many programs. */
function* lookAtPicture(head: Uint8Array, size: number): Look {
  const start = latin(head, 0, 16);
  if (start.startsWith('\xff\xd8')) return yield* lookAtJpeg(size);
  if (start === 'FUJIFILMCCD-RAW ') return yield* lookAtRaf(size);
  if (start.slice(6, 14) === 'HEAPCCDR') return yield* lookAtCrw(size);
  if (isBoxed(head)) return yield* lookAtBoxedPicture(size);
  if (/^(?:II(?:\*\0|U\0|R[OS])|MM(?:\0\*|OR))/.test(start)) {
    return yield* lookAtTiff(size, start.startsWith('II'));
  }
  // Others that a program may have put there are not judged: PNG, RIFF (WebP), Foveon, Minolta, Phase One, BigTIFF.
  const isOther = /^(?:\x89PNG|RIFF|FOVb|\0MRM|IIII|MMMM|II\+|MM\0\+)/.test(start);
  return isOther ? undefined : unreadablePicture;
}

const isBoxed = (head: Uint8Array): boolean =>
  latin(head, 4, 8) === 'ftyp' && uint(head, 0, {size: 4}) !== undefined;
