/** The counters by which cameras number what they take. */
import type {FileParts} from './file-parts.ts';

/** The place of a file in a counter. */
export interface Count {
  /** The same for all that one counter numbers. */
  readonly series: string;
  /** Folders of one series follow each other by this number. */
  readonly folder: number;
  readonly number: number;
  /** Digits that the camera writes. */
  readonly digits: number;
  /** The last number before the counter starts again at 1; undefined where it does not. */
  readonly last: number | undefined;
}

/** DCF 2.0 (CIPA DC-009): folders of three digits and five characters, names of four characters and four digits. Only the digits count: `_MG_0002` stands between `IMG_0001` and `MVI_0003`. */
const DCF_FOLDER = /^(.*\/)?(\d{3})([A-Z0-9_]{5})\/$/;
/** `IMG_E0001` is an edited `IMG_0001` (Apple). GoPro's chapter and group numbers are among the four characters. */
const DCF_STEM = /^(?:[A-Z0-9_]{4}|IMG_E)(\d{4})$/;
const DCF_LAST = 9999;

/** A sidecar may outlive its picture: it does not show that the number is there. */
const NO_SIGN = new Set(['XMP', 'AAE', 'DAT', 'CTG', 'TXT', 'LOG']);

/** DJI's newer names: date, counter, and a letter for the lens or the mode (DJI, "File naming"). */
const DJI = /^DJI_\d{14}_(\d{4})(?:_[A-Z]+)?$/;

/** XAVC (Sony): `C0001.MP4`, `C0001M01.XML`. */
const XAVC_FOLDER = /(?:^|\/)(?:M4ROOT|XDROOT)\/CLIP\/$/;
const XAVC = /^C(\d{4})(?:M\d\d)?$/;

/** AVCHD: stream and clip information of one clip have one number. */
const AVCHD_FOLDER = /^(.*\/)?BDMV\/(?:STREAM|CLIPINF)\/$/;
const AVCHD = /^(\d{5})$/;

/** Reel and clip of cinema cameras: `A001_C002_0118AB_001` (RED), `A001C002_260406AB` (Sony, ARRI, Canon), `A_0001C002_…` (ARRI, Canon), `A001_08241234_C002` (Blackmagic). */
const REEL = /^([A-Z]\d{3}|[A-Z]_\d{4})_?(?:\d{8}_)?C(\d{3})(?:\D|$)/;

/** @returns undefined for names without a counter that is known. */
export function countOf(file: FileParts): Count | undefined {
  const {folder, stem, ext} = file;
  if (NO_SIGN.has(ext)) return undefined;
  const dcf = DCF_FOLDER.exec(folder);
  if (dcf !== null) {
    const [, parent = '', number = '', name = ''] = dcf;
    const digits = DCF_STEM.exec(stem)?.[1];
    if (digits !== undefined) {
      return {series: `${parent}${name}`, ...read(digits), folder: Number(number), last: DCF_LAST};
    }
  }
  const dji = DJI.exec(stem)?.[1];
  if (dji !== undefined) return {...alone(`${folder}DJI`), ...read(dji)};
  const xavc = XAVC_FOLDER.test(folder) ? XAVC.exec(stem)?.[1] : undefined;
  if (xavc !== undefined) return {...alone(folder), ...read(xavc)};
  const avchd = AVCHD_FOLDER.exec(folder);
  const stream = avchd === null ? undefined : AVCHD.exec(stem)?.[1];
  if (stream !== undefined) return {...alone(`${avchd?.[1] ?? ''}BDMV`), ...read(stream)};
  const [, reel, clip] = REEL.exec(stem) ?? [];
  if (reel === undefined || clip === undefined) return undefined;
  return {...alone(`reel ${reel}`), ...read(clip)};
}

const read = (digits: string) => ({number: Number(digits), digits: digits.length});

const alone = (series: string) => ({series, folder: 0, last: undefined});
