import test from 'ava';
import fc from 'fast-check';
import type {CardFile} from '../../../src/core/card.ts';
import {findNumberingGaps} from '../../../src/core/structure/numbering-gaps.ts';
import {file} from '../survey/files.ts';
import {codesOf, inFolder, pad, range} from './listing.ts';

const canon = (numbers: readonly number[], folder = 'DCIM/100CANON'): readonly CardFile[] =>
  numbers.map((number) => file(`${folder}/IMG_${pad(number)}.CR3`));

const gapsIn = (files: readonly CardFile[]) => codesOf(findNumberingGaps, files);

test('one missing number is one warning, and so is a run of them', (t) => {
  const [one] = findNumberingGaps(canon([410, 411, 413]));
  t.is(one?.code, 'numbering-gap');
  t.is(one?.path, 'DCIM/100CANON/IMG_0411.CR3');
  t.true(one?.message.startsWith('is followed by IMG_0413.CR3: number 0412 is missing. '));
  const run = findNumberingGaps(canon([410, 411, 420]));
  t.is(run.length, 1);
  t.true(run[0]?.message.includes('numbers 0412 to 0419 are missing'));
});

test('a card with many gaps is told of in one sentence', (t) => {
  const numbers = range(0, 40).map((index) => index * 3 + 1);
  t.is(findNumberingGaps(canon(numbers.slice(0, 6))).length, 5);
  const [all, ...more] = findNumberingGaps(canon(numbers));
  t.deepEqual(more, []);
  t.is(all?.path, undefined);
  t.true(
    all?.message.startsWith(
      '80 numbers are missing in 40 places (0002 to 0003 after IMG_0001.CR3, 0005 to 0006 after IMG_0004.CR3, ',
    ),
  );
  t.true(all?.message.includes(' and 35 more)'));
});

test('the gaps of a card are counted over all its folders', (t) => {
  const folders = range(100, 102).flatMap((number) => canon([1, 3, 5], `DCIM/${number}CANON`));
  t.is(findNumberingGaps(folders).length, 1);
});

const whole: Readonly<Record<string, readonly CardFile[]>> = {
  'a counter that goes on in the next folder': [
    ...canon(range(98, 100)),
    ...canon(range(101, 103), 'DCIM/101CANON'),
  ],
  'a counter that starts again in the next folder': [
    ...canon(range(990, 999)),
    ...canon(range(1, 4), 'DCIM/101CANON'),
  ],
  'a counter that starts again after 9999': [
    ...canon(range(9990, 9999)),
    ...canon(range(1, 4), 'DCIM/101CANON'),
  ],
  'both rounds in one folder, in any order': [...canon(range(1, 4)), ...canon([9998, 9999])],
  'another camera in a folder of its own': [
    ...canon(range(1, 3)),
    ...canon(range(800, 803), 'DCIM/101EOSR5'),
  ],
  'a counter that was set anew': canon([1, 2, 3, 5000, 5001]),
  'films, pictures in Adobe RGB and sounds under one counter (Canon)': inFolder(
    'DCIM/100CANON',
    'IMG_0001.CR3',
    '_MG_0002.JPG',
    'MVI_0003.MP4',
    'MVI_0003.THM',
    'IMG_0004.WAV',
    'IMG_0005.JPG',
  ),
  'pictures in Adobe RGB (Nikon)': inFolder(
    'DCIM/100NIKON',
    'DSC_0001.NEF',
    '_DSC0002.NEF',
    'DSC_0003.MOV',
  ),
  'five digits (Sony)': inFolder('DCIM/100MSDCF', 'DSC00009.ARW', 'DSC00010.ARW', 'DSC00011.HIF'),
  'Fujifilm, Panasonic and Olympus': [
    ...inFolder('DCIM/100_FUJI', 'DSCF0001.RAF', '_DSF0002.RAF', 'DSCF0003.MOV'),
    ...inFolder('DCIM/100_PANA', 'P1000001.RW2', 'P1000002.JPG'),
    ...inFolder('DCIM/100OLYMP', 'P4060001.ORF', 'P4070002.ORF'),
  ],
  'edited pictures and live photos (Apple)': inFolder(
    'DCIM/100APPLE',
    'IMG_0001.HEIC',
    'IMG_0001.MOV',
    'IMG_E0001.JPG',
    'IMG_0002.HEIC',
  ),
  'chapters, groups and photos (GoPro)': inFolder(
    'DCIM/100GOPRO',
    'GX010001.MP4',
    'GX020001.MP4',
    'GOPR0002.JPG',
    'G0030003.JPG',
    'G0030004.JPG',
    'GX010005.MP4',
  ),
  'names by the time of day': inFolder(
    'DCIM/Camera',
    'PXL_20240101_101112131.jpg',
    'PXL_20240101_101512131.jpg',
    'IMG_20240101_101112.jpg',
    'IMG_20240101_101119.jpg',
  ),
  'old and new names of DJI': [
    ...inFolder('DCIM/100MEDIA', 'DJI_0998.JPG', 'DJI_0999.JPG'),
    ...inFolder('DCIM/101MEDIA', 'DJI_0001.JPG', 'DJI_0002.JPG'),
    ...inFolder('DCIM/DJI_001', 'DJI_20240601123456_0004_D.MP4', 'DJI_20240602080000_0005_T.JPG'),
  ],
  'films of which the XML is left': inFolder(
    'PRIVATE/M4ROOT/CLIP',
    'C0001.MP4',
    'C0002M01.XML',
    'C0003.MP4',
  ),
  'a reel that is spread over folders': [
    ...inFolder('A001.RDM/A001_C001_0118AB.RDC', 'A001_C001_0118AB_001.R3D'),
    ...inFolder('A001.RDM/A001_C002_0118CD.RDC', 'A001_C002_0118CD_001.R3D'),
  ],
  'pictures outside DCIM': inFolder('exported', 'IMG_0001.JPG', 'IMG_0007.JPG'),
};

for (const [title, files] of Object.entries(whole)) {
  test(`no gap: ${title}`, (t) => {
    t.deepEqual(gapsIn(files), []);
  });
}

const gaps: Readonly<Record<string, {files: readonly CardFile[]; after: string}>> = {
  'before a rollover in one folder': {
    files: canon([9997, 9999, 1, 2]),
    after: 'DCIM/100CANON/IMG_9997.CR3',
  },
  'across a rollover in one folder': {
    files: canon([9998, 9999, 3, 4]),
    after: 'DCIM/100CANON/IMG_9999.CR3',
  },
  'between two folders of one counter': {
    files: [...canon(range(95, 99)), ...canon([102, 103], 'DCIM/101CANON')],
    after: 'DCIM/100CANON/IMG_0099.CR3',
  },
  'a film between pictures': {
    files: inFolder('DCIM/100CANON', 'IMG_0001.JPG', 'IMG_0003.JPG'),
    after: 'DCIM/100CANON/IMG_0001.JPG',
  },
  'only a sidecar is left': {
    files: inFolder('DCIM/100APPLE', 'IMG_0001.HEIC', 'IMG_0002.AAE', 'IMG_0003.HEIC'),
    after: 'DCIM/100APPLE/IMG_0001.HEIC',
  },
  'a clip of Sony': {
    files: inFolder('M4ROOT/CLIP', 'C0001.MP4', 'C0001M01.XML', 'C0003.MP4', 'C0003M01.XML'),
    after: 'M4ROOT/CLIP/C0001.MP4',
  },
  'a stream of AVCHD': {
    files: inFolder('AVCHD/BDMV/STREAM', '00000.MTS', '00002.MTS'),
    after: 'AVCHD/BDMV/STREAM/00000.MTS',
  },
  'a newer name of DJI': {
    files: inFolder(
      'DCIM/DJI_001',
      'DJI_20240601123456_0004_D.MP4',
      'DJI_20240601123556_0006_D.MP4',
    ),
    after: 'DCIM/DJI_001/DJI_20240601123456_0004_D.MP4',
  },
  'a clip of a reel': {
    files: inFolder('clips', 'A001C001_260406AB.MP4', 'A001C003_260406AB.MP4'),
    after: 'clips/A001C001_260406AB.MP4',
  },
  'a clip of a reel of Blackmagic': {
    files: inFolder('.', 'A001_08241234_C001.braw', 'A001_08241236_C003.braw'),
    after: './A001_08241234_C001.braw',
  },
};

for (const [title, {files, after}] of Object.entries(gaps)) {
  test(`a gap: ${title}`, (t) => {
    t.deepEqual(gapsIn(files), [`numbering-gap ${after}`]);
  });
}

test('any one picture that is taken from the middle of a card leaves one gap', (t) => {
  const rounds = fc.record({
    start: fc.integer({min: 1, max: 9999}),
    count: fc.integer({min: 3, max: 300}),
    at: fc.nat(),
  });
  fc.assert(
    fc.property(rounds, ({start, count, at}) => {
      const numbers = range(start, start + count - 1).map((number) => ((number - 1) % 9999) + 1);
      const gone = 1 + (at % (count - 2));
      t.deepEqual(gapsIn(canon(numbers)), []);
      const left = numbers.filter((_, index) => index !== gone);
      t.deepEqual(gapsIn(canon(left)), [
        `numbering-gap DCIM/100CANON/IMG_${pad(numbers[gone - 1] ?? 0)}.CR3`,
      ]);
    }),
  );
});
