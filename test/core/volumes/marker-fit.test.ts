import test from 'ava';
import {fitMarker} from '../../../src/core/volumes/marker-fit.ts';
import {volumeOf} from '../../../src/core/volumes/volume-id.ts';

const SIZE = 64_000_000_000;

for (const [marked, uuid, size, fit] of [
  [['7BE3-BF62', SIZE], '7BE3-BF62', SIZE, 'fits'],
  [['7BE3-BF62', SIZE], '7be3bf62', SIZE, 'fits'],
  [['7BE3-BF62', SIZE], '7BE3-BF63', SIZE, 'other-file-system'],
  [['7BE3-BF62', SIZE], '7BE3-BF62', SIZE * 2, 'other-size'],
  [['7BE3-BF62', SIZE], '7BE3-BF62', SIZE - 20_000_000, 'fits'],
  [[null, null], '7BE3-BF62', SIZE, 'fits'],
  [['7BE3-BF62', SIZE], null, null, 'fits'],
  [['7BE3-BF62', SIZE], null, SIZE / 2, 'other-size'],
  // NTFS: 64 bits on Linux, 32 on Windows.
  [['5A1B2C3D4E5F6071', SIZE], '4E5F-6071', SIZE, 'fits'],
] as const) {
  test(`a marker of ${marked.join(', ')} on ${uuid}, ${size}: ${fit}`, (t) => {
    t.is(fitMarker({fsUuid: marked[0], sizeBytes: marked[1]}, {uuid, size}), fit);
  });
}

test('the volume of a destination is its id without the folder', (t) => {
  const id = '0b0f4f0e-5a8e-4d2c-9a57-6f1f3a2b1c0d';
  t.is(volumeOf(id), id);
  t.is(volumeOf(`${id}:Photos/2026`), id);
  t.is(volumeOf('working:x'), 'working:x');
});
