import {formOf} from '../survey/file-kind.ts';
import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type FileParts, partsOf} from './file-parts.ts';

/** What a camera writes only with a film. @returns a key of the film that it belongs to; undefined when it is no such file. */
type CompanionRule = (file: FileParts) => string | undefined;

/** DJI: proxy `.LRF` and flight data `.SRT` beside the film, under its name. */
const ofDji: CompanionRule = ({folder, stem, ext}) =>
  stem.startsWith('DJI_') && (ext === 'LRF' || ext === 'SRT') ? `${folder}${stem}` : undefined;

/** Blackmagic: `Proxy/A001_08241234_C001.mp4` stands for the `.braw` above it. */
const ofBlackmagic: CompanionRule = ({folder, stem}) =>
  /(?:^|\/)PROXY\/$/.test(folder) && /_C\d{3}$/.test(stem)
    ? `${folder.slice(0, -'PROXY/'.length)}${stem}`
    : undefined;

/** Blackmagic: `A001_08241234_C001.sidecar` says how the `.braw` beside it is to look ("BRAW Sidecar Metadata Files" in the manual of DaVinci Resolve). */
const ofBraw: CompanionRule = ({folder, stem, ext}) =>
  ext === 'SIDECAR' ? `${folder}${stem}` : undefined;

/** Insta360: `LRV_20220110_121609_11_657` is the proxy of `VID_20220110_121609_00_657`; the two digits before the last number name the lens. */
const INSTA = /^(VID|LRV|PRO_VID|PRO_LRV)_(\d{8}_\d{6})_\d\d_(\d{3})$/;
const ofInsta: CompanionRule = ({folder, stem}) => {
  const [, kind = '', taken, number] = INSTA.exec(stem) ?? [];
  return kind.endsWith('LRV') ? `${folder}INSTA ${taken} ${number}` : undefined;
};

/** Canon XF: `CONTENTS/CLIPS001/AA0001/AA0001.CIF` describes the clip of its folder. */
const XF_CLIP = /(?:^|\/)CONTENTS\/CLIPS\d{3}\/[^/]+\/$/;
const ofCanonXf: CompanionRule = ({folder, ext}) =>
  ext === 'CIF' && XF_CLIP.test(folder) ? folder : undefined;

const RULES: readonly CompanionRule[] = [ofDji, ofBlackmagic, ofBraw, ofInsta, ofCanonXf];

const findFilm = (file: FileParts): string | undefined => {
  for (const rule of RULES) {
    const film = rule(file);
    if (film !== undefined) return film;
  }
  return undefined;
};

/** `clip-missing`: a proxy, flight data or a description without its film. */
export const findLoneCompanions: CardCheck = (files) => {
  const films = new Set<string>();
  const companions = new Map<string, FileParts>();
  for (const one of files) {
    const file = partsOf(one);
    const film = findFilm(file);
    if (film !== undefined) {
      if (!companions.has(film)) companions.set(film, file);
    } else if (formOf(file.path) === 'film') {
      for (const key of filmKeys(file)) films.add(key);
    }
  }
  return [...companions].flatMap(([film, {path}]): Warning[] =>
    films.has(film)
      ? []
      : [
          {
            code: 'clip-missing',
            path,
            message: `belongs to a film that is not on the card. ${ABSENT}`,
          },
        ],
  );
};

function filmKeys({folder, stem}: FileParts): readonly string[] {
  const [, , taken, number] = INSTA.exec(stem) ?? [];
  return [
    `${folder}${stem}`,
    ...(taken === undefined ? [] : [`${folder}INSTA ${taken} ${number}`]),
    ...(XF_CLIP.test(folder) ? [folder] : []),
  ];
}
