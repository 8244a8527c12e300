import {cameraOrderKey} from '../survey/camera-order.ts';
import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type FileParts, groupBy, partsOf} from './file-parts.ts';
import {findUnusual} from './neighbours.ts';

/** What a camera or a program may write with every clip, or with none. */
interface PartRule {
  /** As a sentence says it: `has no … beside it`. */
  readonly part: string;
  /** @returns a key of the clip and whether the file is the film; undefined for what is neither. */
  readonly read: (file: FileParts) => {readonly clip: string; readonly isFilm: boolean} | undefined;
}

/** Nikon N-RAW ("File naming" in the manuals of Z 8 and Z 9): the proxy has the name of the raw film, `DSC_0001.NEV` and `DSC_0001.MP4`. */
const NIKON: PartRule = {
  part: 'proxy (MP4)',
  read: ({folder, stem, ext}) =>
    ext === 'NEV' || ext === 'MP4' ? {clip: folder + stem, isFilm: ext === 'NEV'} : undefined,
};

/** Blackmagic RAW ("BRAW Sidecar Metadata Files" in the manual of DaVinci Resolve): the sidecar lies beside the film, and goes before what the film says itself. */
const BLACKMAGIC: PartRule = {
  part: '.sidecar',
  read: ({folder, stem, ext}) =>
    ext === 'BRAW' || ext === 'SIDECAR' ? {clip: folder + stem, isFilm: ext === 'BRAW'} : undefined,
};

/** Blackmagic's cameras put `Proxy/A001_08241234_C001.mp4` below the film. */
const BLACKMAGIC_PROXY: PartRule = {
  part: 'proxy',
  read({folder, stem, ext}) {
    if (ext === 'BRAW') return {clip: folder + stem, isFilm: true};
    const parent = /^(.*\/)?PROXY\/$/.exec(folder);
    return parent === null ? undefined : {clip: `${parent[1] ?? ''}${stem}`, isFilm: false};
  },
};

/**
 * Canon's raw and XF films ("Clips File Names" in the manuals of EOS C70 and C80): `A_0001C001X260509_140000XX_CANON_001.CRM`, and the proxy has the same name with `_Proxy` behind it, in
 * whatever folder.
 */
const CANON_CLIP = /^([A-Z][A-Z_]?\d{3,4}[CD]\d{3}.*_CANON(?:_\d{3})?)(_PROXY)?$/;
const CANON: PartRule = {
  part: 'proxy',
  read({stem, ext}) {
    if (ext !== 'CRM' && ext !== 'MXF' && ext !== 'MP4') return undefined;
    const [, clip, proxy] = CANON_CLIP.exec(stem) ?? [];
    return clip === undefined ? undefined : {clip, isFilm: proxy === undefined};
  },
};

/** Canon XF: `CONTENTS/CLIPS001/AA0001/` holds films (`AA000101.MXF`) with what describes the clip (`AA0001.XML`, `.CIF`, `.CPF`, `.THM`). */
const XF_FOLDER = /^(?:.*\/)?CONTENTS\/CLIPS\d{3}\/[^/]+\/$/;
const canonXf = (part: string): PartRule => ({
  part: `.${part}`,
  read: ({folder, ext}) =>
    XF_FOLDER.test(folder) && (ext === 'MXF' || ext === part)
      ? {clip: folder, isFilm: ext === 'MXF'}
      : undefined,
});

const RULES: readonly PartRule[] = [
  NIKON,
  BLACKMAGIC,
  BLACKMAGIC_PROXY,
  CANON,
  ...['CIF', 'XML', 'CPF', 'THM'].map(canonXf),
];

/** Clips are fewer than pictures: three that agree are a habit. */
const FEWEST_NEIGHBOURS = 3;

/** `part-missing`: a film without what nearly all films around it have. What belongs to a film that is missing is told elsewhere, or is a film itself. */
export const findLoneClips: CardCheck = (files) => {
  const parts = files.map((file) => partsOf(file));
  return RULES.flatMap((rule) => checkRule(rule, parts));
};

interface Clip {
  readonly film: FileParts;
  readonly hasPart: boolean;
}

function checkRule({part, read}: PartRule, files: readonly FileParts[]): readonly Warning[] {
  const found = files.flatMap((file) => {
    const about = read(file);
    return about === undefined ? [] : [{file, ...about}];
  });
  // Most cards have nothing of the kind.
  if (!found.some(({isFilm}) => !isFilm) || !found.some(({isFilm}) => isFilm)) return [];
  const clips = [...groupBy(found, ({clip}) => clip).values()].flatMap((group): Clip[] => {
    const film = group.find(({isFilm}) => isFilm)?.file;
    return film === undefined ? [] : [{film, hasPart: group.some(({isFilm}) => !isFilm)}];
  });
  const keyed = clips.map((clip) => ({clip, key: cameraOrderKey(clip.film.path)}));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const ordered = keyed.map(({clip}) => clip);
  return findUnusual(ordered, ({hasPart}) => hasPart, FEWEST_NEIGHBOURS).map(
    ({one: {film}}): Warning => ({
      code: 'part-missing',
      path: film.path,
      message: `has no ${part} with it, and the films around it have one. ${ABSENT}`,
    }),
  );
}
