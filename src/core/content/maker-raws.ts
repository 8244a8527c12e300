/** Raw pictures with forms of their own. */
import {ask, cutPicture, type Look, latin, uint, unreadablePicture} from './look.ts';

/** RAF (ExifTool, FujiFilm.pm): from byte 84 on place and length of the JPEG, of the camera's data and of the raw data, big end first. */
const RAF_PLACES = 84;

export function* lookAtRaf(size: number): Look {
  const places = yield* ask(RAF_PLACES, 24);
  if (places.length < 24) return cutPicture;
  for (const at of [0, 8, 16]) {
    const end = (uint(places, at, {size: 4}) ?? 0) + (uint(places, at + 4, {size: 4}) ?? 0);
    if (end > size) return cutPicture;
  }
  return (uint(places, 0, {size: 4}) ?? 0) === 0 ? unreadablePicture : undefined;
}

/** CRW (Canon, "CIFF specification"): the last four bytes say where its list of contents lies, counted from the end of the header. */
export function* lookAtCrw(size: number): Look {
  const head = yield* ask(0, 6);
  const little = latin(head, 0, 2) === 'II';
  const header = uint(head, 2, {size: 4, little});
  const list = uint(yield* ask(size - 4, 4), 0, {size: 4, little});
  if (header === undefined || list === undefined) return cutPicture;
  const place = header + list;
  const count = place + 2 <= size ? uint(yield* ask(place, 2), 0, {size: 2, little}) : undefined;
  return count === undefined || place + 2 + count * 10 > size ? cutPicture : undefined;
}
