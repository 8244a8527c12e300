import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type FileParts, groupBy, partsOf} from './file-parts.ts';

/** AVCHD, as on Blu-ray: `STREAM/00000.MTS` and its clip information `CLIPINF/00000.CPI` have one number. */
const PLACE = /^(.*\/)?BDMV\/(STREAM|CLIPINF)\/$/;
const STREAMS = new Set(['MTS', 'M2TS']);
const CLIPS = new Set(['CPI', 'CLPI']);

interface ClipFile {
  readonly file: FileParts;
  readonly clip: string;
  readonly isStream: boolean;
}

/** `stream-without-clipinf`, and `clip-missing` where only the clip information is there. */
export const checkAvchdClips: CardCheck = (files) => {
  const parts = files.flatMap((one): ClipFile[] => {
    const file = partsOf(one);
    const [, parent = '', kind] = PLACE.exec(file.folder) ?? [];
    const isStream = kind === 'STREAM' && STREAMS.has(file.ext);
    if (!isStream && !(kind === 'CLIPINF' && CLIPS.has(file.ext))) return [];
    return [{file, clip: `${parent}${file.stem}`, isStream}];
  });
  return [...groupBy(parts, ({clip}) => clip).values()].flatMap(checkClip);
};

function checkClip(parts: readonly ClipFile[]): readonly Warning[] {
  const [about, ...others] = parts;
  if (about === undefined || others.some(({isStream}) => isStream !== about.isStream)) return [];
  const {path} = about.file;
  const message = about.isStream
    ? `has no clip information (CLIPINF): players that read the whole card will not find the film, others open it alone. ${ABSENT}`
    : `belongs to a film that is not in STREAM. ${ABSENT}`;
  return [{code: about.isStream ? 'stream-without-clipinf' : 'clip-missing', path, message}];
}
