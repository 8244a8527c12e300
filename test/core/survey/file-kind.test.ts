import test from 'ava';
import {formOf, isInDcim, isPicture, kindOf} from '../../../src/core/survey/file-kind.ts';

const kinds: ReadonlyArray<readonly [path: string, kind: string]> = [
  ['DCIM/100CANON/IMG_0001.CR3', 'CR3'],
  ['DCIM/100CANON/img_0001.jpg', 'JPG'],
  ['DCIM/100CANON/IMG_0001.JPG.xmp', 'XMP'],
  ['DCIM/100.CANON/noext', 'other'],
  ['noext', 'other'],
  ['.hidden', 'other'],
  ['a/.hidden.MP4', 'MP4'],
  ['name.', 'other'],
  ['a/clip.360', '360'],
  // Nothing of this is an extension that a camera writes.
  ['a/b.\u001b[31mX', 'other'],
  ['a/b.写真', 'other'],
  ['a/b.averylongone', 'other'],
  ['a/b. JPG', 'other'],
];
for (const [path, kind] of kinds) {
  test(`the kind of ${JSON.stringify(path)} is ${kind}`, (t) => {
    t.is(kindOf(path), kind);
  });
}

test('pictures are told from films, stills of films and the rest', (t) => {
  t.deepEqual(['a.jpeg', 'a.NEF', 'a.hif', 'a.MP4', 'a.THM', 'a.LRV', 'a.XMP', 'a'].map(formOf), [
    'jpeg',
    'raw',
    'heif',
    'film',
    'still',
    undefined,
    undefined,
    undefined,
  ]);
  t.deepEqual(['a.jpg', 'a.CR2', 'a.heic', 'a.MOV', 'a.THM', 'a.WAV'].map(isPicture), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("the camera's own folder is DCIM at the root", (t) => {
  t.deepEqual(
    ['DCIM/100CANON/A.JPG', 'dcim/A.JPG', 'PRIVATE/DCIM/A.JPG', 'DCIM2/A.JPG'].map(isInDcim),
    [true, true, false, false],
  );
});
