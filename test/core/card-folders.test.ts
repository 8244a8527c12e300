import test from 'ava';
import {
  holdsNothingElse,
  isCameraFolder,
  looksLikeCard,
  type RootEntry,
  type ShallowTree,
} from '../../src/core/card-folders.ts';

/** `{'DCIM/': ['100CANON'], 'a.txt': []}`: names that end with a slash are folders, those that end with `@` are links. */
function tree(entries: Readonly<Record<string, readonly string[]>>): ShallowTree {
  return Object.entries(entries).map(([text, names]): RootEntry => {
    if (text.endsWith('/')) return {name: text.slice(0, -1), kind: 'folder', names};
    if (text.endsWith('@')) return {name: text.slice(0, -1), kind: 'link', names};
    return {name: text, kind: 'file', names};
  });
}

const cards: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'Canon stills': {'DCIM/': ['100CANON', 'EOSMISC'], 'MISC/': [], 'PRIVATE/': []},
  'a phone': {'Android/': [], 'DCIM/': ['Camera'], 'Music/': []},
  'a file right in DCIM': {'DCIM/': ['IMG_0001.JPG'], 'Stuff/': []},
  'formatted just now': {'DCIM/': []},
  'formatted just now, seen by macOS and Windows': {
    'DCIM/': ['.DS_Store'],
    'MISC/': [],
    '.Trashes/': [],
    'System Volume Information/': [],
    '.DS_Store': [],
  },
  'lower case': {'dcim/': ['100canon']},
  'Sony XAVC S': {'PRIVATE/': ['M4ROOT', 'SONY']},
  'Panasonic AVCHD': {'PRIVATE/': ['AVCHD', 'PANA_GRP']},
  'Sony CFexpress': {'M4ROOT/': ['CLIP', 'MEDIAPRO.XML']},
  'AVCHD at the root': {'AVCHD/': ['BDMV']},
  'AVCHD without its upper folder': {'BDMV/': ['INDEX.BDM', 'STREAM']},
  'Panasonic P2': {'CONTENTS/': ['CLIP', 'VIDEO', 'AUDIO'], 'LASTCLIP.TXT': []},
  'Canon XF': {'CONTENTS/': ['CLIPS001']},
  'Sony clips': {'Clip/': ['C0001.MXF', 'C0001M01.XML']},
  'Sony XDCAM disc, empty': {'Clip/': [], 'MEDIAPRO.XML': []},
  'Sony XDCAM EX': {'BPAV/': ['CLPR', 'MEDIAPRO.XML']},
  'Sony XDROOT': {'XDROOT/': ['Clip', 'Sub']},
  'JVC SD_VIDEO': {'SD_VIDEO/': ['MGR_INFO', 'PRG001']},
  'Memory Stick': {'MP_ROOT/': ['101PNV01']},
  'Sony index alone': {'AVF_INFO/': ['AVIN0001.BNP']},
  'RED magazine': {'A001_0118AB.RDM/': ['A001_C001_0118AB.RDC'], 'digital_magdynamic.dat': []},
  'RED magazine, formatted just now': {'A001_0118AB.RDM/': []},
  'RED clip': {'A001_C001_0118AB.RDC/': ['A001_C001_0118AB_001.R3D']},
};
for (const [name, entries] of Object.entries(cards)) {
  test(`a card: ${name}`, (t) => t.true(looksLikeCard(tree(entries))));
}

const drives: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  nothing: {},
  'a file called DCIM': {DCIM: []},
  'a link called DCIM': {'DCIM@': ['100CANON']},
  'an empty DCIM among other folders': {'DCIM/': [], 'Documents/': []},
  'somebody private': {'PRIVATE/': ['taxes', 'diary.txt']},
  'an empty PRIVATE': {'PRIVATE/': []},
  'clips of somebody': {'CLIP/': ['birthday.mp4'], 'Clips/': ['cut1.mov']},
  'contents of somebody': {'CONTENTS/': ['chapter-1', 'VIDEO']},
  'a program of macOS': {'Contents/': ['MacOS', 'Resources', 'Info.plist']},
  'a film on a disc': {'BDMV/': ['index.bdmv', 'STREAM'], 'CERTIFICATE/': []},
  'names only': {'M4ROOT/': [], 'AVCHD/': [], 'BPAV/': [], 'XDROOT/': [], 'AVF_INFO/': ['x']},
  'what stands beside others on cards': {'MISC/': ['version.txt'], 'EOSMISC/': ['M0100.CTG']},
  'a shoot on a working drive': {'2026-11-22/': ['EOS_DIGITAL', '_offload']},
};
for (const [name, entries] of Object.entries(drives)) {
  test(`no card: ${name}`, (t) => t.false(looksLikeCard(tree(entries))));
}

test('what lies beside the folders of a camera', (t) => {
  t.true(holdsNothingElse(tree({'DCIM/': [], 'PRIVATE/': [], 'misc/': [], '$RECYCLE.BIN/': []})));
  t.true(holdsNothingElse(tree({'DCIM/': [], 'lost+found/': [], 'LASTCLIP.TXT': []})));
  t.false(holdsNothingElse(tree({'DCIM/': [], 'Movies/': []})));
});

test('names of camera folders', (t) => {
  for (const name of ['DCIM', 'private', 'Clip', 'A001_0118AB.RDM', 'EOSMISC'])
    t.true(isCameraFolder(name), name);
  for (const name of ['DCIM2', 'Pictures', 'MISC', 'CLIPPER']) t.false(isCameraFolder(name), name);
});
