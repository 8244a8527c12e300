import test from 'ava';
import {
  locateFolder,
  type SourcePlace,
  surest,
} from '../../../src/core/selection/catalog-folders.ts';

const onLinux: SourcePlace = {
  folder: '/media/jan/Studio SSD/Photos',
  below: ['Photos'],
  names: ['Studio SSD', 'W'],
};
const onWindows: SourcePlace = {folder: 'W:/Photos', below: ['Photos'], names: ['STUDIO']};
const wholeDrive: SourcePlace = {folder: '/mnt/W', below: [''], names: ['W']};

const inFolder: SourcePlace = {
  folder: '/home/jan/drives/W/Photos',
  below: ['home/jan/drives/W/Photos', 'drives/W/Photos', 'Photos'],
  names: [],
};

const cases: ReadonlyArray<readonly [path: string, source: SourcePlace, found: string]> = [
  ['/media/jan/Studio SSD/Photos/2026/', onLinux, 'path 2026'],
  ['/media/jan/Studio SSD/Photos/', onLinux, 'path '],
  ['/media/jan/Studio SSD/Photoshop/', onLinux, 'none'],
  ['/media/jan/Studio SSD/', onLinux, 'none'],
  ['/Volumes/Studio SSD/Photos/2026/11/', onLinux, 'name 2026/11'],
  ['/Volumes/Studio SSD 1/Photos/2026/', onLinux, 'name 2026'],
  ['/run/media/ann/W/photos/2026/', onLinux, 'name 2026'],
  ['/mnt/w/Photos/2026/', onLinux, 'name 2026'],
  ['/Volumes/Other/Photos/2026/', onLinux, 'none'],
  ['E:/Photos/2026/', onLinux, 'letter 2026'],
  ['E:/Pictures/2026/', onLinux, 'none'],
  ['/Users/jan/Photos/2026/', onLinux, 'none'],
  ['//NAS/Photos/2026/', onLinux, 'none'],
  ['w:/PHOTOS/2026/', onWindows, 'path 2026'],
  ['W:\\Photos\\2026\\', onWindows, 'path 2026'],
  ['D:/Photos/2026/', onWindows, 'letter 2026'],
  ['/Volumes/Studio/Photos/2026/', onWindows, 'name 2026'],
  ['D:/', wholeDrive, 'letter '],
  ['D:/2026/', wholeDrive, 'letter 2026'],
  ['/Volumes/W/2026/', wholeDrive, 'name 2026'],
  // The marker lies in a folder of a larger disk.
  ['E:/Photos/2026/', inFolder, 'letter 2026'],
  ['E:/drives/W/Photos/2026/', inFolder, 'letter 2026'],
  ['/home/jan/drives/W/Photos/2026/', inFolder, 'path 2026'],
  // Written by macOS in another Unicode form.
  ['/Volumes/Studio SSD/Photos/Mu\u0308nchen/', onLinux, 'name m\u00fcnchen'],
];
for (const [path, source, found] of cases) {
  test(`${path} seen from ${source.folder}`, (t) => {
    const located = locateFolder(path, source);
    t.is(located === undefined ? 'none' : `${located.likeness} ${located.key}`, found);
  });
}

test('the surest way counts', (t) => {
  t.is(surest(['letter', 'path', 'name']), 'path');
  t.is(surest(['letter', 'name']), 'name');
  t.is(surest([]), undefined);
});
