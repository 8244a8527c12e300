import {walkBoxes} from './boxes.ts';
import {ask, cutPicture, type Look, latin, unreadablePicture} from './look.ts';

/** HEIF (ISO/IEC 23008-12) tells what is in it in `meta`, Canon's CR3 in `moov`, as its brand `crx ` says. */
export function* lookAtBoxedPicture(size: number): Look {
  const brand = latin(yield* ask(8, 4), 0, 4);
  const {types, cut} = yield* walkBoxes(size);
  if (cut !== undefined) return cutPicture;
  return types.has(brand === 'crx ' ? 'moov' : 'meta') ? undefined : unreadablePicture;
}
