import {isKnownBox, walkBoxes} from './boxes.ts';
import {ask, cutVideo, type Look, latin, uint, unreadableVideo, videoWithoutIndex} from './look.ts';

/** A film in boxes is opened by its `moov`: without it nobody knows where the frames lie. Most cameras write it last. */
export function* lookAtFilm(size: number): Look {
  const {first, types, cut, isWhole} = yield* walkBoxes(size);
  if (first === undefined || !(isKnownBox(first) || types.has('moov'))) return unreadableVideo;
  // After index and frames comes only what no player asks for.
  const isComplete = types.has('moov') && types.has('mdat') && cut !== 'mdat' && cut !== 'moof';
  if (cut !== undefined && !isComplete) return cutVideo;
  return types.has('moov') || !isWhole ? undefined : videoWithoutIndex;
}

/** AVI (Microsoft, "AVI RIFF File Reference"): `RIFF`, a length, `AVI `. A camera that could not finish leaves the length at 0. */
export function* lookAtAvi(size: number): Look {
  const head = yield* ask(0, 12);
  if (latin(head, 0, 4) !== 'RIFF' || latin(head, 8, 12) !== 'AVI ') return unreadableVideo;
  const length = uint(head, 4, {size: 4, little: true}) ?? 0;
  if (length === 0) return videoWithoutIndex;
  return length + 8 > size ? cutVideo : undefined;
}
