/** Every odd name of the two sample cards ODD_NAMES_EXFAT and ODD_NAMES_POSIX, as strings. */
import type {NamingRules} from '../../src/core/safe-names.ts';

/** A name of 255 bytes and one of 244, as long as Linux and exFAT allow. */
export const LONG_ASCII = `${'a'.repeat(251)}.JPG`;
export const LONG_ACCENTS = `${'é'.repeat(120)}.JPG`;

export const EXFAT_NAMES: readonly string[] = [
  '100ÄÖÜ',
  '写真_001.JPG',
  'фото_002.JPG',
  'صورة_003.JPG',
  '사진_004.JPG',
  'emoji_📷🎬.JPG',
  'Zo\u00EB_Gr\u00F6\u00DFe_nfc.JPG',
  'Zoe\u0308_Gro\u0308\u00DFe_nfd.JPG',
  'Zo\u00EB_Gr\u00F6\u00DFe.JPG',
  'Zoe\u0308_Gro\u0308\u00DFe.JPG',
  ' leading space.JPG',
  'two  spaces.JPG',
  "quote's & (amp).JPG",
  'per%20cent.JPG',
  'hash#1.JPG',
  'semi;colon.JPG',
  'dollar$HOME.JPG',
  'back`tick`.JPG',
  '-rf.JPG',
  'no_extension',
  '.hidden.JPG',
  LONG_ASCII,
  LONG_ACCENTS,
  'DSC_0001.JPG.JPG',
  'MixedCase.jPg',
  'before_2023-03-26_0159.JPG',
  'epoch_1980.JPG',
  'year_2107.JPG',
  'level_00_long_folder_name',
  'DEEP_0001.JPG',
];

/** Name on the card, and the name it gets on a drive with the rules of Windows. */
export const POSIX_NAMES: ReadonlyArray<readonly [name: string, onWindows: string]> = [
  ['CON.JPG', 'CON_.JPG'],
  ['aux', 'aux_'],
  ['colon:name.JPG', 'colon%3Aname.JPG'],
  ['question?.JPG', 'question%3F.JPG'],
  ['star*.JPG', 'star%2A.JPG'],
  ['pipe|.JPG', 'pipe%7C.JPG'],
  ['back\\slash.JPG', 'back%5Cslash.JPG'],
  ['quote".JPG', 'quote%22.JPG'],
  ['lt<gt>.JPG', 'lt%3Cgt%3E.JPG'],
  ['trailing dot.', 'trailing dot%2E'],
  ['trailing space ', 'trailing space%20'],
  ['CASE.JPG', 'CASE.JPG'],
  ['case.jpg', 'case.jpg'],
  ['new\nline.JPG', 'new%0Aline.JPG'],
  ['tab\there.JPG', 'tab%09here.JPG'],
  ['bell\x07.JPG', 'bell%07.JPG'],
  ['latin1_\uDCE9.JPG', 'latin1_%E9.JPG'],
  ['link_to_file.JPG', 'link_to_file.JPG'],
  ['loop_link', 'loop_link'],
  ['dangling_link', 'dangling_link'],
];

export const ALL_NAMES: readonly string[] = [...EXFAT_NAMES, ...POSIX_NAMES.map(([name]) => name)];

export const LINUX: NamingRules = {
  family: 'posix',
  caseSensitive: true,
  normalizes: false,
  maxBytes: 255,
  maxUnits: null,
};

export const EXFAT: NamingRules = {
  family: 'windows',
  caseSensitive: false,
  normalizes: false,
  maxBytes: null,
  maxUnits: 255,
};

export const APFS: NamingRules = {
  family: 'posix',
  caseSensitive: false,
  normalizes: true,
  maxBytes: null,
  maxUnits: 255,
};

export const ALL_RULES: ReadonlyArray<readonly [string, NamingRules]> = [
  ['Linux', LINUX],
  ['exFAT', EXFAT],
  ['APFS', APFS],
];
