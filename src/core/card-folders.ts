/** How cards are told from drives: by what cameras put at the root of a card and into the folders there. */
import {junkFileRule, junkFolderRule} from './leave-out.ts';

/** A name at the root of a volume, and the names in it when it is a folder that a camera may have made. */
export interface RootEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'special';
  readonly names: readonly string[];
}

/** The two upper levels of a volume: enough to know a card, and read in a few milliseconds. */
export type ShallowTree = readonly RootEntry[];

interface CameraFolder {
  readonly name: RegExp;
  /** What must be in it before it says that the volume is a card; a name alone proves nothing. */
  readonly proves: (names: readonly string[], tree: ShallowTree) => boolean;
}

const has =
  (...known: readonly RegExp[]) =>
  (names: readonly string[]): boolean =>
    names.some((name) => known.some((one) => one.test(name)));

const never = (): boolean => false;

/** Folders and lists that Sony's XAVC and XDCAM formats keep beside their clips. */
const SONY = has(/^(CLIP|SUB|THMBNL|GENERAL|TAKE|EDIT|UserData)$/i, /^(MEDIAPRO|DISCMETA)\.XML$/i);
const AVCHD = has(/^(BDMV|AVCHDTN|CANONTHM|IISVPL)$/i);
/** A RED magazine: `A001_0118AB.RDM`, its clips `A001_C001_0118AB.RDC`. */
const RED_CLIP = /\.RDC$/i;

/**
 * Sources: DCIM is DCF 2.0 (JEITA CP-3461). PRIVATE, AVCHD, M4ROOT, XDROOT, BPAV, SD_VIDEO, MP_ROOT: "file/folder structure on the recording media" in the manuals of
 * Sony, Panasonic and JVC camcorders. CONTENTS: Panasonic P2 (CLIP beside VIDEO and AUDIO) and Canon XF (CLIPS001). The magazines are those of RED.
 */
const FOLDERS: readonly CameraFolder[] = [
  {
    name: /^DCIM$/i,
    // Empty on a card that the camera has just formatted, and then alone.
    proves: (names, tree) => !names.every(isJunk) || holdsNothingElse(tree),
  },
  {
    name: /^PRIVATE$/i,
    proves: has(/^(AVCHD|M4ROOT|XDROOT|SONY|PANA_GRP|PANASONIC|MEIGROUP|JVC|CANON|DATABASE)$/i),
  },
  {name: /^M4ROOT$/i, proves: SONY},
  {name: /^XDROOT$/i, proves: SONY},
  {name: /^AVF_INFO$/i, proves: has(/^AVIN\d{4}\./i, /^PRV\d{5}\.BIN$/i)},
  {name: /^AVCHD$/i, proves: AVCHD},
  // Short names are a camera's; a film on a disc has `index.bdmv`.
  {name: /^BDMV$/i, proves: has(/^(INDEX|MOVIEOBJ)\.BDM$/i)},
  {
    name: /^CONTENTS$/i,
    proves: (names) =>
      has(/^CLIPS\d{3}$/i)(names) ||
      (has(/^CLIP$/i)(names) && has(/^(VIDEO|AUDIO|ICON|PROXY|VOICE)$/i)(names)),
  },
  // People call folders `Clip` too: a Sony's holds a metadata file for each clip (C0001M01.XML), or has the list of the medium beside it.
  {
    name: /^CLIP$/i,
    proves: (names, tree) =>
      has(/^\w+M\d\d\.XML$/i)(names) || tree.some(({name}) => /^MEDIAPRO\.XML$/i.test(name)),
  },
  {name: /^BPAV$/i, proves: has(/^(CLPR|TAKR)$/i, /^(MEDIAPRO|CUEUP)\.XML$/i)},
  {name: /^SD_VIDEO$/i, proves: has(/^(MGR_INFO|PRG[0-9A-F]{3})$/i)},
  {name: /^MP_ROOT$/i, proves: has(/^\d{3}(MNV|PNV|ANV)\d\d$/i)},
  // An empty magazine is one that was just formatted.
  {name: /\.RDM$/i, proves: (names) => names.length === 0 || has(RED_CLIP)(names)},
  {name: RED_CLIP, proves: has(/\.R3D$/i)},
  // These are found beside the others and say nothing alone.
  {name: /^(EOSMISC|CLIPS)$/i, proves: never},
];

function isJunk(name: string): boolean {
  return junkFolderRule(name) !== undefined || junkFileRule(name) !== undefined;
}

/** True for a name that a folder at the root of a card may have. It proves nothing: see {@link looksLikeCard}. */
export function isCameraFolder(name: string): boolean {
  return FOLDERS.some((folder) => folder.name.test(name));
}

/** True when a volume has the structure of a card: a camera's folder (not a file, not a link) with in it what a camera puts there. */
export function looksLikeCard(tree: ShallowTree): boolean {
  return tree.some(
    ({name, kind, names}) =>
      kind === 'folder' &&
      FOLDERS.some((folder) => folder.name.test(name) && folder.proves(names, tree)),
  );
}

/** Print orders and logs of cameras (DPOF), and what ext4 keeps at its root (e2fsck(8)). */
const BESIDE_THEM = /^(MISC|lost\+found)$/i;

/** True when every folder at the root is a camera's, or found beside those, or one that operating systems make for themselves. */
export function holdsNothingElse(tree: ShallowTree): boolean {
  return tree.every(
    ({name, kind}) =>
      kind !== 'folder' ||
      isCameraFolder(name) ||
      BESIDE_THEM.test(name) ||
      junkFolderRule(name) !== undefined,
  );
}
