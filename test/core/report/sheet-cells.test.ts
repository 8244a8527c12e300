import test from 'ava';
import type {FileState, ReportFile} from '../../../src/core/report/file-state.ts';
import {describeTrouble} from '../../../src/core/report/render-cell.ts';
import {arrangeSheet} from '../../../src/core/report/sheet-cells.ts';

const fileAt = (path: string, state: FileState = 'proved'): ReportFile => ({
  file: {path, size: 1, mtimeNs: '0', blake3: null, retries: 0, copies: []},
  state,
  without: state === 'partly' ? ['B'] : [],
});

function arrange(...paths: readonly string[]) {
  const {cells, others} = arrangeSheet(paths.map((path) => fileAt(path)));
  const namesOf = (files: readonly ReportFile[]) => files.map(({file}) => file.path);
  return {
    cells: cells.map(({files}) => namesOf(files)),
    shows: cells.map(({shows}) => shows[0]?.file.path),
    others: namesOf(others),
  };
}

test('a RAW, its JPEG and its sidecars are one frame, which the JPEG shows', (t) => {
  const paths = ['D/A_1.xmp', 'D/A_1.JPG', 'D/A_1.CR3', 'D/A_1.WAV'];
  t.deepEqual(arrange(...paths), {
    cells: [['D/A_1.CR3', 'D/A_1.JPG', 'D/A_1.WAV', 'D/A_1.xmp']],
    shows: ['D/A_1.JPG'],
    others: [],
  });
});

test('the same name in two folders is two frames', (t) => {
  t.deepEqual(arrange('D/A/X.JPG', 'D/B/X.CR3').cells, [['D/A/X.JPG'], ['D/B/X.CR3']]);
});

test('names that differ in capitals only are two pictures when they are of one kind', (t) => {
  t.deepEqual(arrange('D/case.jpg', 'D/CASE.JPG', 'D/CASE.CR3').cells.length, 2);
  t.deepEqual(arrange('D/X.jpg', 'D/X.JPG').cells, [['D/X.JPG'], ['D/X.jpg']]);
  t.deepEqual(arrange('D/x.jpg', 'D/X.CR3').cells, [['D/X.CR3', 'D/x.jpg']]);
});

test('a film is shown by the still that its camera keeps elsewhere', (t) => {
  const sony = 'PRIVATE/M4ROOT/';
  t.deepEqual(
    arrange(
      `${sony}CLIP/C0001.MP4`,
      `${sony}CLIP/C0001M01.XML`,
      `${sony}SUB/C0001S03.MP4`,
      `${sony}THMBNL/C0001T01.JPG`,
      `${sony}THMBNL/C0002T01.JPG`,
    ),
    {
      cells: [
        [
          `${sony}CLIP/C0001.MP4`,
          `${sony}CLIP/C0001M01.XML`,
          `${sony}SUB/C0001S03.MP4`,
          `${sony}THMBNL/C0001T01.JPG`,
        ],
        [`${sony}THMBNL/C0002T01.JPG`],
      ],
      shows: [`${sony}THMBNL/C0001T01.JPG`, `${sony}THMBNL/C0002T01.JPG`],
      others: [],
    },
  );
  const dji = arrange('DCIM/100MEDIA/DJI_0001.MP4', 'MISC/THM/100/DJI_0001.THM', 'MISC/LOG.TXT');
  t.deepEqual(dji.shows, ['MISC/THM/100/DJI_0001.THM']);
  t.deepEqual(dji.others, ['MISC/LOG.TXT']);
});

test('frames stand in camera order', (t) => {
  t.deepEqual(arrange('DCIM/101CANON/IMG_0001.JPG', 'DCIM/100CANON/IMG_9999.JPG').cells.flat(), [
    'DCIM/100CANON/IMG_9999.JPG',
    'DCIM/101CANON/IMG_0001.JPG',
  ]);
});

test('a frame is as bad as the worst of its files, and says which it is', (t) => {
  const trouble = (...states: readonly FileState[]) => {
    const kinds = ['CR3', 'JPG'];
    const files = states.map((state, index) => fileAt(`D/X.${kinds[index]}`, state));
    return arrangeSheet(files).cells.map(describeTrouble);
  };
  t.deepEqual(trouble('proved', 'proved'), ['']);
  t.deepEqual(trouble('lost', 'proved'), ['CR3 LOST']);
  t.deepEqual(trouble('lost', 'lost'), ['LOST']);
  t.deepEqual(trouble('proved', 'missing'), ['JPG NOT COPIED']);
  t.deepEqual(trouble('partly', 'partly'), ['NOT ON B']);
});
