/** Folders whose tree belongs to the film: a clip without it cannot be opened in its maker's program. */
import type {CardPath} from '../../card.ts';

/**
 * Sources: "file/folder structure on the recording media" in the manuals of Sony (PRIVATE, M4ROOT, XDROOT, BPAV, AVF_INFO), Panasonic (CONTENTS, AVCHD, SD_VIDEO, MP_ROOT), Canon (CONTENTS,
 * CRM, XF, CANONMSC, EOSMISC), RED (RDM, RDC), and ARRI (a magazine's clip folders are `A001C001_…`); what DJI (PANORAMA, HYPERLAPSE: pictures of one set with the names of another), Insta360
 * (Camera01) and DPOF (MISC) write.
 */
const FOLDERS = [
  /^(?:PRIVATE|M4ROOT|XDROOT|BPAV|AVF_INFO|AVCHD|BDMV|CONTENTS|CLIPS?|SD_VIDEO|MP_ROOT|MISC|CANONMSC|EOSMISC|CRM|XF|XFVC|BRAW|ARRI)$/i,
  /\.(?:RDM|RDC)$/i,
  /^[A-Z]\d{3}[CR]\d{3}_[0-9A-Z_]+$/i,
  /^(?:PANORAMA|HYPERLAPSE)$/i,
  /^Camera\d\d$/i,
];

/** Films that lie in no such folder and are several files all the same: they stay beside each other under their names. */
const FILES = /\.(?:R3D|BRAW|ARI|ARX|MXF|CRM|INSV|INSP|360)$/i;

/** @returns true for a file or folder that keeps its place on the card under every layout. */
export function isInStructure(path: CardPath): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return FILES.test(name) || parts.some(isStructureFolder);
}

/** @returns true for a folder that keeps its place: one of a structure, or one in it. */
export const isStructure = (folder: CardPath): boolean => folder.split('/').some(isStructureFolder);

const isStructureFolder = (name: string): boolean => FOLDERS.some((folder) => folder.test(name));
