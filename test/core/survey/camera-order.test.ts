import test from 'ava';
import fc from 'fast-check';
import {cameraOrderKey} from '../../../src/core/survey/camera-order.ts';

const sort = (paths: readonly string[]) =>
  paths
    .map((path) => ({path, key: cameraOrderKey(path)}))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({path}) => path);

const orders: ReadonlyArray<readonly [what: string, paths: readonly string[]]> = [
  [
    'folders before numbers',
    ['DCIM/100CANON/IMG_9999.CR3', 'DCIM/101CANON/IMG_0001.CR3', 'DCIM/101CANON/IMG_0002.CR3'],
  ],
  [
    'the number alone counts: Canon and Nikon write an underscore for another colour space',
    ['DCIM/100CANON/IMG_0001.CR3', 'DCIM/100CANON/_MG_0002.CR3', 'DCIM/100CANON/IMG_0003.CR3'],
  ],
  [
    'folders by number, whether they have a name or a date',
    ['DCIM/10060406/DSC00001.JPG', 'DCIM/101MSDCF/DSC00002.JPG', 'DCIM/10260406/DSC00003.JPG'],
  ],
  ['other names by their numbers', ['clips/clip2.mp4', 'clips/clip10.mp4', 'clips/clip010b.mp4']],
  ['small and capital letters alike', ['DCIM/100a/b.jpg', 'DCIM/100A/C.JPG', 'DCIM/100a/d.jpg']],
  ['a folder before the folders in it', ['DCIM/100CANON/Z.JPG', 'DCIM/100CANON/A/B.JPG']],
  [
    'files of one number by extension',
    ['DCIM/100CANON/IMG_0001.CR3', 'DCIM/100CANON/IMG_0001.JPG'],
  ],
];
for (const [what, paths] of orders) {
  test(`camera order: ${what}`, (t) => {
    t.deepEqual(sort(paths.toReversed()), [...paths]);
  });
}

test('no two paths have one key', (t) => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      return (a === b) === (cameraOrderKey(a) === cameraOrderKey(b));
    }),
  );
  t.not(cameraOrderKey('a1.jpg'), cameraOrderKey('a01.jpg'));
});
