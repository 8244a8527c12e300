import test from 'ava';
import fc from 'fast-check';
import type {CardFile} from '../../../src/core/card.ts';
import {CARD_CHECKS, checkCard} from '../../../src/core/structure/check-card.ts';
import {file} from '../survey/files.ts';
import {codesOf, inFolder, pad, range} from './listing.ts';

const goPro = (...names: readonly string[]) => inFolder('DCIM/100GOPRO', ...names);
const insta = (...names: readonly string[]) => inFolder('DCIM/Camera01', ...names);
const red = (...numbers: readonly number[]) =>
  inFolder(
    'A001.RDM/A001_C001_0118AB.RDC',
    ...numbers.map((number) => `A001_C001_0118AB_${pad(number, 3)}.R3D`),
  );

const p2 = (clip: string, channels = ['00', '01']) => [
  file(`CONTENTS/CLIP/${clip}.XML`),
  file(`CONTENTS/VIDEO/${clip}.MXF`),
  ...channels.map((channel) => file(`CONTENTS/AUDIO/${clip}${channel}.MXF`)),
];

const frames = (numbers: readonly number[]) =>
  inFolder('A001C001', ...numbers.map((number) => `A001C001_130101_R1AB.${pad(number, 7)}.ari`));

const insv = (index: number, lens: string) =>
  `VID_20240101_1000${pad(index, 2)}_${lens}_${pad(index, 3)}.insv`;

const nRaw = (...numbers: readonly number[]) =>
  inFolder(
    'DCIM/100NZ9',
    ...numbers.flatMap((number) => [`DSC_${pad(number)}.NEV`, `DSC_${pad(number)}.MP4`]),
  );

const braw = (...numbers: readonly number[]) =>
  numbers.flatMap((number) => {
    const clip = `A001_05091400_C${pad(number, 3)}`;
    return [file(`${clip}.braw`), file(`${clip}.sidecar`), file(`Proxy/${clip}.mp4`)];
  });

const canonClip = (number: number) => `A_0001C${pad(number, 3)}X260509_140000XX_CANON_001`;
const crm = (...numbers: readonly number[]) =>
  numbers.flatMap((number) => [
    file(`CRM/REEL_0001/${canonClip(number)}.CRM`),
    file(`XFVC/REEL_0001/${canonClip(number)}_Proxy.MP4`),
  ]);

const xf = (number: number, ...exts: readonly string[]) =>
  exts.map((ext) => {
    const name = `AA${pad(number)}`;
    return file(`CONTENTS/CLIPS001/${name}/${name}${ext === 'MXF' ? '01' : ''}.${ext}`);
  });

interface Case {
  readonly files: readonly CardFile[];
  /** `code path`; none when all is there. */
  readonly warnings: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'GoPro: all chapters, with proxies and stills': {
    files: goPro('GX010001.MP4', 'GX010001.THM', 'GL010001.LRV', 'GX020001.MP4', 'GH010002.MP4'),
    warnings: [],
  },
  'GoPro: the first chapter is missing': {
    files: goPro('GX020001.MP4', 'GX030001.MP4'),
    warnings: ['chapter-missing DCIM/100GOPRO/GX020001.MP4'],
  },
  'GoPro: a chapter between is missing': {
    files: goPro('GX010001.MP4', 'GX030001.MP4'),
    warnings: ['chapter-missing DCIM/100GOPRO/GX010001.MP4'],
  },
  'GoPro: the last chapter is missing, its proxy is there': {
    files: goPro('GX010001.MP4', 'GL010001.LRV', 'GL020001.LRV'),
    warnings: ['chapter-missing DCIM/100GOPRO/GX010001.MP4'],
  },
  'GoPro: only proxy and still are there': {
    files: goPro('GL010004.LRV', 'GX010004.THM'),
    warnings: ['clip-missing DCIM/100GOPRO/GL010004.LRV'],
  },
  'GoPro: 360°, loops, and pictures': {
    files: goPro('GS010001.360', 'GL010001.LRV', 'GHAA0002.MP4', 'GOPR0003.JPG', 'G0040004.JPG'),
    warnings: [],
  },
  'GoPro: up to the HERO5': {
    files: goPro('GOPR0001.MP4', 'GOPR0001.LRV', 'GP010001.MP4', 'GP020001.MP4'),
    warnings: [],
  },
  'GoPro: up to the HERO5, the first is missing': {
    files: goPro('GP010001.MP4', 'GP020001.MP4'),
    warnings: ['chapter-missing DCIM/100GOPRO/GP010001.MP4'],
  },
  'RED: all parts': {files: red(1, 2, 3), warnings: []},
  'RED: a part is missing': {
    files: red(1, 3),
    warnings: ['chapter-missing A001.RDM/A001_C001_0118AB.RDC/A001_C001_0118AB_001.R3D'],
  },
  'RED: the first part is missing': {
    files: red(2),
    warnings: ['chapter-missing A001.RDM/A001_C001_0118AB.RDC/A001_C001_0118AB_002.R3D'],
  },
  'XAVC: clip, XML, proxy and still': {
    files: [
      ...inFolder('PRIVATE/M4ROOT/CLIP', 'C0001.MP4', 'C0001M01.XML'),
      ...inFolder('PRIVATE/M4ROOT/SUB', 'C0001S03.MP4'),
      ...inFolder('PRIVATE/M4ROOT/THMBNL', 'C0001T01.JPG'),
      ...inFolder('PRIVATE/M4ROOT', 'MEDIAPRO.XML', 'STATUS.BIN'),
    ],
    warnings: [],
  },
  'XAVC: a clip without XML': {
    files: inFolder('XDROOT/Clip', 'A001C001_260406AB.MXF'),
    warnings: ['clip-without-xml XDROOT/Clip/A001C001_260406AB.MXF'],
  },
  'XAVC: what is left of a clip is told once': {
    files: [
      ...inFolder('M4ROOT/CLIP', 'C0001M01.XML'),
      ...inFolder('M4ROOT/SUB', 'C0001S03.MP4'),
      ...inFolder('M4ROOT/THMBNL', 'C0001T01.JPG'),
    ],
    warnings: ['clip-missing M4ROOT/CLIP/C0001M01.XML'],
  },
  'XDCAM EX: a clip without XML': {
    files: inFolder('BPAV/CLPR/654_0001_01', '654_0001_01.MP4', '654_0001_01.SMI'),
    warnings: ['clip-without-xml BPAV/CLPR/654_0001_01/654_0001_01.MP4'],
  },
  'AVCHD: stream and clip information': {
    files: [
      ...inFolder('PRIVATE/AVCHD/BDMV/STREAM', '00000.MTS', '00001.MTS'),
      ...inFolder('PRIVATE/AVCHD/BDMV/CLIPINF', '00000.CPI', '00001.CPI'),
    ],
    warnings: [],
  },
  'AVCHD: one without the other': {
    files: [
      ...inFolder('AVCHD/BDMV/STREAM', '00000.MTS'),
      ...inFolder('AVCHD/BDMV/CLIPINF', '00001.CPI'),
    ],
    warnings: [
      'stream-without-clipinf AVCHD/BDMV/STREAM/00000.MTS',
      'clip-missing AVCHD/BDMV/CLIPINF/00001.CPI',
    ],
  },
  'P2: whole clips, one in AVCLIP': {
    files: [
      ...p2('0001AB'),
      ...p2('0002CD'),
      ...inFolder('CONTENTS/AVCLIP', '0003EF.MXF'),
      ...inFolder('CONTENTS/CLIP', '0003EF.XML'),
    ],
    warnings: [],
  },
  'P2: one clip without sound says nothing': {files: p2('0001AB', []), warnings: []},
  'P2: the only clip without sound among three': {
    files: [...p2('0001AB'), ...p2('0002CD', []), ...p2('0003EF')],
    warnings: ['sound-missing CONTENTS/CLIP/0002CD.XML'],
  },
  'P2: a sound channel is missing': {
    files: p2('0001AB', ['00', '02']),
    warnings: ['sound-missing CONTENTS/CLIP/0001AB.XML'],
  },
  'P2: a clip without picture, and one of which only the XML is left': {
    files: [
      ...p2('0001AB').filter(({path}) => !path.includes('VIDEO')),
      ...inFolder('CONTENTS/CLIP', '0002CD.XML'),
    ],
    warnings: ['clip-missing CONTENTS/CLIP/0001AB.XML', 'clip-missing CONTENTS/CLIP/0002CD.XML'],
  },
  'P2: no XML': {
    files: p2('0001AB').slice(1),
    warnings: ['clip-without-xml CONTENTS/VIDEO/0001AB.MXF'],
  },
  'Canon XF: whole clips': {
    files: inFolder('CONTENTS/CLIPS001/AA0001', 'AA000101.MXF', 'AA000102.MXF', 'AA0001.CIF'),
    warnings: [],
  },
  'Canon XF: a part is missing': {
    files: inFolder('CONTENTS/CLIPS001/AA0001', 'AA000101.MXF', 'AA000103.MXF', 'AA0001.CIF'),
    warnings: ['chapter-missing CONTENTS/CLIPS001/AA0001/AA000101.MXF'],
  },
  'Canon XF: no film': {
    files: inFolder('CONTENTS/CLIPS001/AA0001', 'AA0001.CIF', 'AA0001.XML'),
    warnings: ['clip-missing CONTENTS/CLIPS001/AA0001/AA0001.CIF'],
  },
  'DJI: proxy and flight data of a film': {
    files: inFolder('DCIM/DJI_001', 'DJI_0001.MP4', 'DJI_0001.LRF', 'DJI_0001.SRT', 'DJI_0002.JPG'),
    warnings: [],
  },
  'DJI: proxy and flight data alone are told once': {
    files: inFolder('DCIM/100MEDIA', 'DJI_0001.LRF', 'DJI_0001.SRT'),
    warnings: ['clip-missing DCIM/100MEDIA/DJI_0001.LRF'],
  },
  'Blackmagic: a proxy with and without its clip': {
    files: [
      ...inFolder('reel', 'A001_08241234_C001.braw'),
      ...inFolder('reel/Proxy', 'A001_08241234_C001.mp4', 'A001_08241236_C002.mp4'),
    ],
    warnings: ['clip-missing reel/Proxy/A001_08241236_C002.mp4'],
  },
  'Insta360: both lenses and the proxy': {
    files: insta(insv(1, '00'), insv(1, '10'), 'LRV_20240101_100001_11_001.insv'),
    warnings: [],
  },
  'Insta360: films of one file only': {
    files: insta(insv(1, '00'), insv(2, '00'), insv(3, '00')),
    warnings: [],
  },
  'Insta360: one lens is missing': {
    files: insta(insv(1, '00'), insv(1, '10'), insv(2, '10'), insv(3, '00'), insv(3, '10')),
    warnings: [`lens-missing DCIM/Camera01/${insv(2, '10')}`],
  },
  'Insta360: a proxy alone': {
    files: insta('LRV_20240101_100001_11_001.lrv'),
    warnings: ['clip-missing DCIM/Camera01/LRV_20240101_100001_11_001.lrv'],
  },
  'Nikon N-RAW: a film without the proxy that the films around it have': {
    files: [...nRaw(1, 2, 3, 5, 6), ...inFolder('DCIM/100NZ9', 'DSC_0004.NEV')],
    warnings: ['part-missing DCIM/100NZ9/DSC_0004.NEV'],
  },
  'Nikon N-RAW: no proxies at all, or too few films to know': {
    files: [
      ...inFolder('DCIM/100NZ9', ...range(1, 6).map((n) => `DSC_${pad(n)}.NEV`)),
      ...inFolder('DCIM/101NZ9', 'DSC_0007.NEV'),
    ],
    warnings: [],
  },
  'Nikon N-RAW: two films, one with a proxy': {
    files: [...nRaw(1), ...inFolder('DCIM/100NZ9', 'DSC_0002.NEV')],
    warnings: [],
  },
  'Nikon: films in MP4 between raw films are no proxies': {
    files: [...nRaw(1, 2, 3, 5), ...inFolder('DCIM/100NZ9', 'DSC_0004.MP4', 'DSC_0006.MP4')],
    warnings: [],
  },
  'Blackmagic: all with sidecars and proxies': {
    files: braw(1, 2, 3, 4, 5),
    warnings: [],
  },
  'Blackmagic: a sidecar and a proxy are missing': {
    files: braw(1, 2, 3, 4, 5).filter(({path}) => !/C002\.sidecar$|Proxy.*C004/.test(path)),
    warnings: ['part-missing A001_05091400_C002.braw', 'part-missing A001_05091400_C004.braw'],
  },
  'Blackmagic: without sidecars and proxies': {
    files: braw(1, 2, 3, 4, 5).filter(({path}) => path.endsWith('.braw')),
    warnings: [],
  },
  'Blackmagic: a sidecar without its film': {
    files: [...braw(1, 2), file('A001_05091400_C003.sidecar')],
    warnings: ['clip-missing A001_05091400_C003.sidecar'],
  },
  'Canon raw: a film without the proxy that the others have, in whatever folder': {
    files: [...crm(1, 2, 3, 4, 6), file(`CRM/REEL_0001/${canonClip(5)}.CRM`)],
    warnings: [`part-missing CRM/REEL_0001/${canonClip(5)}.CRM`],
  },
  'Canon raw: the proxies lie on the other card': {
    files: range(1, 6).map((n) => file(`CRM/REEL_0001/${canonClip(n)}.CRM`)),
    warnings: [],
  },
  'Canon raw: only proxies, on the other card': {
    files: range(1, 6).map((n) => file(`XFVC/REEL_0001/${canonClip(n)}_Proxy.MP4`)),
    warnings: [],
  },
  'Canon XF: a clip without the description that the others have': {
    files: [
      ...range(1, 5).flatMap((n) => xf(n, 'MXF', 'XML', 'CIF', 'THM')),
      ...xf(6, 'MXF', 'CIF', 'THM'),
    ],
    warnings: ['part-missing CONTENTS/CLIPS001/AA0006/AA000601.MXF'],
  },
  'ARRI: all frames': {files: frames(range(86400, 86500)), warnings: []},
  'ARRI: frames are missing': {
    files: frames(range(86400, 86500).filter((number) => number !== 86450)),
    warnings: ['frame-missing A001C001/A001C001_130101_R1AB.0086400.ari'],
  },
  'pictures that are named by the time of day are no frames': {
    files: inFolder(
      'DCIM/Camera',
      ...range(1, 40).map((n) => `IMG_20240101_${pad(n * 137, 6)}.dng`),
    ),
    warnings: [],
  },
};

for (const [title, {files, warnings}] of Object.entries(cases)) {
  test(title, (t) => {
    t.deepEqual(codesOf(checkCard, files), warnings);
    const lower = files.map((one) => ({...one, path: one.path.toLowerCase()}));
    t.deepEqual(
      codesOf(checkCard, lower),
      warnings.map((warning) => `${warning.split(' ')[0]} ${warning.split(' ')[1]?.toLowerCase()}`),
    );
  });
}

test('what a warning says of the card', (t) => {
  for (const {files, warnings} of Object.values(cases)) {
    const told = checkCard(files);
    t.is(told.length, warnings.length);
    for (const {message} of told) t.regex(message, /format/);
  }
});

test('any names end in warnings and never in an error', (t) => {
  const part = fc.constantFrom(
    ...['DCIM', '100CANON', 'CLIP', 'M4ROOT', 'BDMV', 'STREAM', 'CONTENTS', 'VIDEO', 'AUDIO'],
    ...['A001.RDC', 'CLIPS001', 'Proxy', '', '.', '..', '\u0001', '\udc80'],
  );
  const name = fc.oneof(
    fc.string({maxLength: 20}),
    fc.constantFrom('IMG_0001.JPG', 'IMG_0003.CR3', 'GX020001.MP4', 'C0001M01.XML', '00000.MTS'),
    fc.constantFrom(
      '0001AB00.MXF',
      'X_003.R3D',
      'DJI_0001.SRT',
      'A.braw',
      'A.sidecar',
      'D.NEV',
      'IMG_9999.JPG',
      'IMG_0000.JPG',
    ),
  );
  const path = fc
    .tuple(fc.array(part, {maxLength: 4}), name)
    .map(([parts, last]) => [...parts, last].join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(path, {maxLength: 40}), (paths) => {
      const files = paths.map((one) => file(one));
      for (const {path: about} of checkCard(files)) {
        t.true(about === undefined || paths.includes(about));
      }
    }),
  );
  t.is(Object.keys(CARD_CHECKS).length, 11);
});
