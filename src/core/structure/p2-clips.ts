import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type FileParts, groupBy, missingNumbers, partsOf} from './file-parts.ts';

/**
 * Panasonic P2 ("How to handle data recorded on P2 cards"): a clip is `CLIP/0001AB.XML` with `VIDEO/0001AB.MXF` and a file for each sound channel, `AUDIO/0001AB00.MXF`.
 * AVC-LongG has picture and sound together in `AVCLIP/0001AB.MXF`.
 */
const PLACE = /^(.*\/)?CONTENTS\/(CLIP|VIDEO|AUDIO|AVCLIP)\/$/;
const CHANNEL = /^(.+)(\d\d)$/;

interface ClipFile {
  readonly file: FileParts;
  readonly clip: string;
  readonly kind: string;
  readonly channel: number;
}

/** `clip-without-xml`, `clip-missing`, `sound-missing`. */
export const checkP2Clips: CardCheck = (files) => {
  const parts = files.flatMap((file) => readClipFile(partsOf(file)));
  const clips = [...groupBy(parts, ({clip}) => clip).values()];
  // A clip at a changed frame rate has no sound: only where every other has some, none is strange.
  const silent = clips.filter((clip) => has(clip, 'VIDEO') && !has(clip, 'AUDIO'));
  const isStrange = silent.length === 1 && clips.length >= 3;
  return clips.flatMap((clip) => checkClip(clip, isStrange && clip === silent[0]));
};

function readClipFile(file: FileParts): ClipFile[] {
  const {folder, stem, ext} = file;
  const [, parent = '', kind] = PLACE.exec(folder) ?? [];
  if (kind === undefined || ext !== (kind === 'CLIP' ? 'XML' : 'MXF')) return [];
  if (kind !== 'AUDIO') return [{file, clip: `${parent}${stem}`, kind, channel: 0}];
  const [, clip, channel] = CHANNEL.exec(stem) ?? [];
  if (clip === undefined) return [];
  return [{file, clip: `${parent}${clip}`, kind, channel: Number(channel)}];
}

const has = (clip: readonly ClipFile[], kind: string): boolean =>
  clip.some((part) => part.kind === kind);

function checkClip(clip: readonly ClipFile[], lacksSound: boolean): readonly Warning[] {
  const [about] = clip;
  if (about === undefined) return [];
  const xml = clip.find(({kind}) => kind === 'CLIP')?.file.path;
  const tell = (code: string, message: string, path = xml ?? about.file.path): Warning[] => [
    {code, path, message: `${message}. ${ABSENT}`},
  ];
  if (has(clip, 'AVCLIP') && xml !== undefined) return [];
  if (xml === undefined) {
    return tell('clip-without-xml', 'has no XML in CLIP: P2 programs will not find the clip');
  }
  if (!has(clip, 'VIDEO')) {
    return has(clip, 'AUDIO')
      ? tell('clip-missing', 'belongs to a clip of which only the sound is on the card')
      : tell('clip-missing', 'belongs to a clip of which neither picture nor sound is on the card');
  }
  const channels = new Set(clip.filter(({kind}) => kind === 'AUDIO').map(({channel}) => channel));
  const missing = missingNumbers(channels, 0, Math.max(-1, ...channels));
  if (missing.length > 0) {
    return tell(
      'sound-missing',
      `belongs to a clip that lacks sound channel ${missing.join(', ')}`,
    );
  }
  return lacksSound
    ? tell('sound-missing', 'belongs to a clip without sound, and the other clips have some')
    : [];
}
