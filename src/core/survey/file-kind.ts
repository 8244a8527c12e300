import type {CardPath} from '../card.ts';
import {splitName} from '../split-name.ts';

/** What cameras use: letters and digits, from `RW2` to `BRAW`. Anything else comes from elsewhere and could be of any length. */
const EXTENSION = /^\.[a-z0-9]{1,8}$/i;

/** @returns the extension in capitals; `other` for files without one. */
export function kindOf(path: CardPath): string {
  const {ext} = splitName(path.slice(path.lastIndexOf('/') + 1));
  return EXTENSION.test(ext) ? ext.slice(1).toUpperCase() : 'other';
}

/** `still`: a small JPEG that stands for the film beside it. */
export type FileForm = 'jpeg' | 'raw' | 'heif' | 'film' | 'still';

/** What cameras write. Proxies of films (LRV, LRF) are not here: they say nothing of their own. */
const KINDS: Readonly<Record<FileForm, string>> = {
  jpeg: 'JPG JPEG',
  raw: 'CR2 CR3 CRW NEF NRW ARW SR2 RAF RW2 ORF PEF DNG GPR 3FR IIQ X3F SRW RWL',
  heif: 'HEIC HEIF HIF',
  film: 'MP4 MOV MTS M2TS MXF AVI R3D BRAW CRM NEV 360 INSV',
  still: 'THM',
};

const FORMS: ReadonlyMap<string, FileForm> = new Map(
  (['jpeg', 'raw', 'heif', 'film', 'still'] as const).flatMap((form) =>
    KINDS[form].split(' ').map((kind) => [kind, form] as const),
  ),
);

/** @returns the form of what a camera shot, by its name; undefined for everything else. */
export const formOf = (path: CardPath): FileForm | undefined => FORMS.get(kindOf(path));

/** @returns true for what was taken as a picture, and may carry when and by what it was taken. */
export function isPicture(path: CardPath): boolean {
  const form = formOf(path);
  return form === 'jpeg' || form === 'raw' || form === 'heif';
}

/** DCF 2.0 (CIPA DC-009): what a camera took lies in this folder; pictures elsewhere are made from films. */
export const isInDcim = (path: CardPath): boolean => /^DCIM\//i.test(path);
