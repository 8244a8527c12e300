/** Warnings of what is missing or damaged on the card already: in the verdict and in the record, and never in the way of SAFE. */
import {join} from 'node:path';
import test from 'ava';
import {box, jpeg} from '../../core/content/run-look.ts';
import {below, failsCalls} from '../../helpers/faulty-files.ts';
import {makeTrial, offloadTrial, readManifests, testFiles} from '../../helpers/run-offload.ts';

const film = Buffer.concat([box('ftyp', 8), box('mdat', 5000)]);

const TREE = {
  'DCIM/100GOPRO/GX010001.MP4': Buffer.concat([film, box('moov', 90)]),
  'DCIM/100GOPRO/GX030001.MP4': film,
  'DCIM/100GOPRO/GOPR0002.JPG': jpeg(),
  'DCIM/100GOPRO/GOPR0004.JPG': jpeg().subarray(0, 7000),
  'DCIM/100GOPRO/GOPR0005.JPG': Buffer.alloc(9000),
  'DCIM/100GOPRO/GOPR0006.JPG': '',
};

const WARNED = [
  'empty-file GOPR0006.JPG',
  'numbering-gap GOPR0002.JPG',
  'chapter-missing GX010001.MP4',
  'video-without-index GX030001.MP4',
  'picture-damaged GOPR0004.JPG',
  'file-all-zero GOPR0005.JPG',
];

const nameIn = ({code, path = ''}: {code: string; path?: string | undefined}) =>
  `${code} ${path.slice(path.lastIndexOf('/') + 1)}`;

test('a card of damaged files is SAFE, with a warning for each', async (t) => {
  const trial = await makeTrial(t, TREE);
  const report = await offloadTrial(trial);
  const [verdict] = report.verdicts;
  t.true(verdict?.safe);
  t.deepEqual(verdict?.warnings.map(nameIn).sort(), [...WARNED].sort());
  const [manifest] = await readManifests(join(verdict?.copies[0]?.shoot ?? ''));
  t.deepEqual(manifest?.warnings.map(nameIn).sort(), [...WARNED].sort());
});

test('copies that cannot be looked into are no failure', async (t) => {
  const trial = await makeTrial(t, TREE);
  // Before a copy is proved it has another name.
  const isLook = (path: string) => /GOPR\d+\.JPG$/.test(path) && !below(trial.card)(path);
  const files = failsCalls(testFiles, ['openToRead'], isLook, 'EIO');
  const report = await offloadTrial(trial, {files});
  const [verdict] = report.verdicts;
  t.true(verdict?.safe);
  const codes = new Set(verdict?.warnings.map(({code}) => code));
  t.false(codes.has('picture-damaged'));
  t.true(codes.has('video-without-index'));
});
