import test from 'ava';
import {nameCamera} from '../../../src/core/survey/name-camera.ts';

const cameras: ReadonlyArray<readonly [make: string, model: string, name: string]> = [
  ['Canon', 'Canon EOS R6', 'Canon EOS R6'],
  ['NIKON CORPORATION', 'NIKON Z 8', 'Nikon Z 8'],
  ['NIKON', 'COOLPIX P900', 'Nikon COOLPIX P900'],
  ['SONY', 'ILCE-7M4', 'Sony ILCE-7M4'],
  ['FUJIFILM', 'X-T5', 'Fujifilm X-T5'],
  ['Panasonic', 'DC-S5M2', 'Panasonic DC-S5M2'],
  ['OLYMPUS IMAGING CORP.  ', 'E-M1MarkII     ', 'Olympus E-M1MarkII'],
  ['OM Digital Solutions', 'OM-1', 'OM-1'],
  ['RICOH IMAGING COMPANY, LTD.  ', 'PENTAX K-3 Mark III', 'Pentax K-3 Mark III'],
  ['RICOH IMAGING COMPANY, LTD.  ', 'RICOH GR III', 'Ricoh GR III'],
  ['LEICA CAMERA AG', 'LEICA Q2', 'Leica Q2'],
  ['CASIO COMPUTER CO.,LTD.', 'EX-Z1000', 'Casio EX-Z1000'],
  ['Hasselblad', 'Hasselblad X2D 100C', 'Hasselblad X2D 100C'],
  ['DJI', 'FC3582', 'DJI FC3582'],
  ['GoPro', 'HERO12 Black', 'GoPro HERO12 Black'],
  ['Apple', 'iPhone 15 Pro', 'Apple iPhone 15 Pro'],
  ['samsung', 'SM-S918B', 'Samsung SM-S918B'],
  // A word that only begins like the maker.
  ['Canon', 'Canonet 28', 'Canon Canonet 28'],
  ['', 'S-WEAPON', 'S-WEAPON'],
  ['SONY', '', 'Sony'],
  ['', '', ''],
  ['Canon\0\0\0', 'Canon\tEOS\n R5\0', 'Canon EOS R5'],
];
for (const [make, model, name] of cameras) {
  test(`${JSON.stringify(make)} and ${JSON.stringify(model)} are ${JSON.stringify(name)}`, (t) => {
    t.is(nameCamera({make, model}), name);
  });
}

test('a text that somebody put there is cut', (t) => {
  t.is(nameCamera({make: 'x'.repeat(200), model: 'y'.repeat(200)}).length, 60);
});
