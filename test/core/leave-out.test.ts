import test from 'ava';
import {deservesWarning, junkFileRule, junkFolderRule} from '../../src/core/leave-out.ts';

const FOLDERS = [
  '.Trashes',
  '.Spotlight-V100',
  '.fseventsd',
  'System Volume Information',
  '$RECYCLE.BIN',
] as const;
const FILES = ['.DS_Store', 'Thumbs.db', 'desktop.ini'] as const;

test('junk folders are known in any case, by the name that the design gives them', (t) => {
  for (const name of FOLDERS) {
    for (const written of [name, name.toLowerCase(), name.toUpperCase()]) {
      t.is(junkFolderRule(written), name);
      t.is(junkFileRule(written), undefined, 'a file of that name is kept');
    }
  }
});

test('junk files are known in any case', (t) => {
  for (const name of FILES) {
    for (const written of [name, name.toLowerCase(), name.toUpperCase()]) {
      t.is(junkFileRule(written), name);
      t.is(junkFolderRule(written), undefined, 'a folder of that name is kept');
    }
  }
});

test('AppleDouble files are junk, whatever follows', (t) => {
  for (const name of ['._IMG_0001.JPG', '._', '._._x', '._.DS_Store']) {
    t.is(junkFileRule(name), '._*');
  }
  t.is(junkFolderRule('._folder'), undefined);
});

test('everything else is kept, also what looks like it', (t) => {
  const kept = [
    ...['.DS_Store2', 'x.DS_Store', 'Thumbs.db.jpg', 'desktop.ini ', ' desktop.ini', 'Thumbs.dbx'],
    ...['_._x', '.', '..', '', '.hidden', '.Trash', '.Trashes2', 'RECYCLER', '$RECYCLE.BIN2'],
    ...['IMG_0001.JPG', 'IMG_0001.THM', 'INDEX.BDM', 'AUTPRINT.MRK', 'VOLUME.INF', '__MACOSX'],
    // A Kelvin sign, which JavaScript makes a k.
    ...['des\u212Atop.ini', 'constructor', '__proto__', 'toString'],
  ];
  for (const name of kept) {
    t.is(junkFolderRule(name), undefined, name);
    t.is(junkFileRule(name), undefined, name);
  }
});

test('links and special files are warned of, junk is not', (t) => {
  t.true(deservesWarning('link'));
  t.true(deservesWarning('special'));
  for (const rule of [...FOLDERS, ...FILES, '._*' as const]) t.false(deservesWarning(rule));
});
