/** Real pictures, made with sharp: what programs write into them is found again. */
import {mkdtemp, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import sharp from 'sharp';
import {holdExiftool} from '../../../src/system/exiftool.ts';
import {askForXmp, readPlainly, readSidecar} from '../../../src/system/selection/read-embedded.ts';
import {XmpAsker} from '../../../src/system/selection/xmp-asker.ts';
import {failsCalls} from '../../helpers/faulty-files.ts';
import {seededBytes, testFiles} from '../../helpers/run-offload.ts';
import {madeXmp} from '../../helpers/selection-scene.ts';

const XMP = madeXmp({rating: 3, pick: 1, label: 'Grün', keywords: ['Best']});
const FACTS = {rating: 3, pick: 1, labels: ['Grün'], keywords: ['Best']};

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-xmp-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

async function makePicture(folder: string, ending: 'jpeg' | 'tiff' | 'png' | 'webp' | 'avif') {
  const path = join(folder, `a.${ending}`);
  const noise = seededBytes(ending, 64 * 64 * 3);
  const made = sharp(noise, {raw: {width: 64, height: 64, channels: 3}}).withXmp(XMP);
  await made.toFormat(ending).toFile(path);
  return {path, size: (await stat(path)).size};
}

for (const ending of ['jpeg', 'tiff'] as const) {
  test(`a ${ending} is read without a tool`, async (t) => {
    t.like(await readPlainly(testFiles, await makePicture(await makeFolder(t), ending)), FACTS);
  });
}

test('others are asked of exiftool, many at a time; what cannot be read says nothing', async (t) => {
  const folder = await makeFolder(t);
  const pictures = [
    await makePicture(folder, 'png'),
    await makePicture(folder, 'webp'),
    await makePicture(folder, 'avif'),
    {path: join(folder, 'gone.heic'), size: 5},
  ];
  const said = await askForXmp(testFiles, pictures);
  for (const facts of said.slice(0, 3)) t.like(facts, FACTS);
  t.is(said[3], undefined);
  await writeFile(join(folder, 'no.heic'), seededBytes('no picture', 5000));
  const trouble: unknown[] = [];
  const asker = new XmpAsker(testFiles, (reason) => trouble.push(reason));
  const asked = [...pictures, {path: join(folder, 'no.heic'), size: 5000}];
  const answers = await holdExiftool(() => Promise.all(asked.map((one) => asker.ask(one))));
  t.deepEqual(
    answers.map((facts) => facts?.rating),
    [3, 3, 3, undefined, undefined],
  );
  t.deepEqual(trouble, []);
});

test('raw pictures have it as it is near their beginning', async (t) => {
  const path = join(await makeFolder(t), 'a.CR3');
  const bytes = seededBytes('cr3', 200_000);
  bytes.write(XMP, 30_000, 'utf8');
  await writeFile(path, bytes);
  t.like(await readPlainly(testFiles, {path, size: bytes.length}), FACTS);
  await writeFile(path, bytes.fill(1, 29_000, 40_000));
  t.is((await readPlainly(testFiles, {path, size: bytes.length})).rating, undefined);
});

test('a directory that leads nowhere, a giant and an error of the disk', async (t) => {
  const folder = await makeFolder(t);
  const path = join(folder, 'a.tif');
  const head = Buffer.alloc(30);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(1, 8);
  head.writeUInt16LE(700, 10);
  head.writeUInt16LE(1, 12);
  head.writeUInt32LE(0xffffffff, 14);
  head.writeUInt32LE(0xffffff00, 18);
  await writeFile(path, head);
  t.is((await readPlainly(testFiles, {path, size: 30})).rating, undefined);
  head.writeUInt32LE(0xfffffff0, 4);
  await writeFile(path, head);
  t.is((await readPlainly(testFiles, {path, size: 30})).rating, undefined);
  t.is(await readSidecar(testFiles, {path, size: 2 ** 40}), undefined);
  const files = failsCalls(testFiles, ['openToRead'], () => true, 'EIO');
  await t.throwsAsync(() => readPlainly(files, {path, size: 30}), {code: 'EIO'});
});
