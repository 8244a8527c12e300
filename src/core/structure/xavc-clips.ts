import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type FileParts, groupBy, partsOf} from './file-parts.ts';

/**
 * Sony's XAVC and XDCAM (PDW-F1600 manual, "File operations"): when `C0001.MP4` or `.MXF` is recorded, `C0001M01.XML` is made beside it, and both are deleted together.
 * `SUB/C0001S03.MP4` is a proxy, `THMBNL/C0001T01.JPG` a still. XDCAM EX has the same pair in a folder for each clip (`BPAV/CLPR/654_0001_01/`).
 */
const ROOT = /^(.*\/)?(?:M4ROOT|XDROOT)\/(CLIP|SUB|THMBNL)\/$/;
const EX_CLIP = /^(?:.*\/)?BPAV\/CLPR\/[^/]+\/$/;
const SIDE = /^(.+)M\d\d$/;
const PROXY = /^(.+)S\d\d$/;
const STILL = /^(.+)T\d\d$/;

type Role = 'film' | 'xml' | 'proxy' | 'still';

interface ClipFile {
  readonly file: FileParts;
  readonly clip: string;
  readonly role: Role;
}

/** `clip-without-xml`, and `clip-missing` where only what belongs to the clip is there. */
export const checkXavcClips: CardCheck = (files) => {
  const parts = files.flatMap((file) => readClipFile(partsOf(file)));
  return [...groupBy(parts, ({clip}) => clip).values()].flatMap(checkClip);
};

function readClipFile(file: FileParts): ClipFile[] {
  const {folder, stem, ext} = file;
  const [, parent = '', kind] = ROOT.exec(folder) ?? [];
  const isEx = EX_CLIP.test(folder);
  if (kind === undefined && !isEx) return [];
  const as = (role: Role, clip: string | undefined): ClipFile[] =>
    clip === undefined ? [] : [{file, role, clip: `${isEx ? folder : parent}${clip}`}];
  const isFilm = ext === 'MP4' || ext === 'MXF';
  if (kind === 'SUB') return isFilm ? as('proxy', PROXY.exec(stem)?.[1]) : [];
  if (kind === 'THMBNL') return ext === 'JPG' ? as('still', STILL.exec(stem)?.[1]) : [];
  if (isFilm) return as('film', stem);
  return ext === 'XML' ? as('xml', SIDE.exec(stem)?.[1]) : [];
}

function checkClip(parts: readonly ClipFile[]): readonly Warning[] {
  const find = (role: Role) => parts.find((part) => part.role === role)?.file.path;
  const [film, xml] = [find('film'), find('xml')];
  if (film !== undefined) {
    if (xml !== undefined) return [];
    const message = `has no XML beside it: editing programs may miss its time code and markers, the film itself plays. ${ABSENT}`;
    return [{code: 'clip-without-xml', path: film, message}];
  }
  const path = xml ?? find('proxy') ?? find('still') ?? '';
  return [
    {code: 'clip-missing', path, message: `belongs to a film that is not on the card. ${ABSENT}`},
  ];
}
