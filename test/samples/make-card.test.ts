import {createHash} from 'node:crypto';
import {mkdtemp, readdir, readFile, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {execa, execaSync} from 'execa';
import {ExifTool} from 'exiftool-vendored';
import {makeSampleCard, type SampleCard} from '../../samples/make-card.ts';

const SCRIPT = fileURLToPath(new URL('../../samples/make-card.ts', import.meta.url));
const PICTURES = 'DCIM/100CANON';

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-test-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

/** Every path below the root with its kind, modification time and bytes. */
async function fingerprint(root: string): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  for (const entry of await readdir(root, {recursive: true, withFileTypes: true})) {
    const place = join(entry.parentPath, entry.name);
    const {mtimeMs} = await stat(place);
    const bytes = entry.isFile() ? await readFile(place) : Buffer.alloc(0);
    const hash = createHash('sha256').update(bytes).digest('hex');
    tree.set(place.slice(root.length), `${entry.isFile()} ${mtimeMs} ${hash}`);
  }
  tree.set('', String((await stat(root)).mtimeMs));
  return tree;
}

/** Made once, since no test writes to it. */
let card: SampleCard;
let cardFolder: string;
test.before('make a card', async () => {
  cardFolder = await mkdtemp(join(tmpdir(), 'offload-test-'));
  card = await makeSampleCard({into: cardFolder, seed: 1});
});
test.after.always('remove it', () => rm(cardFolder, {recursive: true, force: true}));

const readFrom = (card: SampleCard, path: string) => readFile(join(card.path, path));

test('the same seed gives the same tree in another process and another time zone', async (t) => {
  const into = await makeFolder(t);
  await execa(process.execPath, ['--import', 'tsx', SCRIPT, into, '1'], {
    env: {TZ: 'Pacific/Chatham', LC_ALL: 'C'},
  });
  const mine = await fingerprint(card.path);
  t.deepEqual(await fingerprint(join(into, 'SAMPLE_CARD')), mine);
  t.is(mine.size, 1 + card.files.length + card.folders.length);
});

test('another seed gives other bytes in every picture, raw file, film and voice note', async (t) => {
  const other = await makeSampleCard({into: await makeFolder(t), seed: 2});
  for (const {path} of card.files.filter(({path}) => /\.(JPG|CR2|MP4|THM|WAV)$/.test(path))) {
    t.notDeepEqual(await readFrom(card, path), await readFrom(other, path), path);
  }
});

test('the list tells what lies on the card', async (t) => {
  const bytes = card.files.reduce((sum, {size}) => sum + size, 0);
  t.true(card.files.length >= 30 && card.files.length <= 40);
  t.true(bytes >= 6e6 && bytes <= 12e6);
  t.is(card.files.filter(({junk}) => junk).length, 5);
  for (const {path, size, mtimeMs} of card.files) {
    const found = await stat(join(card.path, path));
    t.deepEqual([found.size, found.mtimeMs], [size, mtimeMs], path);
    t.true(size > 0, path);
    t.is(new Date(mtimeMs).toISOString().slice(0, 10), '2026-06-20', path);
  }
  t.deepEqual(await readdir(join(card.path, 'DCIM/EOSMISC')), []);
});

test('numbers have no gap, and each raw file has its JPEG', async (t) => {
  const names = await readdir(join(card.path, PICTURES));
  const numbers = new Set(names.map((name) => Number(name.slice(4, 8))));
  t.deepEqual(
    [...numbers].sort((a, b) => a - b),
    Array.from(numbers, (_, index) => index + 1),
  );
  const stemsOf = (ext: string) =>
    names
      .filter((name) => name.endsWith(ext))
      .map(stripEnd)
      .sort();
  t.is(stemsOf('.JPG').length, 10);
  t.deepEqual(stemsOf('.CR2'), stemsOf('.JPG'));
});

const stripEnd = (name: string) => name.slice(0, -4);

test('every JPEG goes from SOI to EOI and has the size that its name promises', async (t) => {
  for (const {path} of card.files.filter(({path}) => /\.(JPG|THM)$/.test(path))) {
    const bytes = await readFrom(card, path);
    t.is(bytes.readUInt16BE(0), 0xffd8, path);
    t.is(bytes.readUInt16BE(bytes.length - 2), 0xffd9, path);
    t.deepEqual(sizeOf(bytes), path.endsWith('.THM') ? [160, 120] : [720, 480], path);
  }
});

/** Walks the segments (ITU-T T.81, B.1.1) to the frame header of a baseline JPEG. */
function sizeOf(jpeg: Buffer): [width: number, height: number] {
  let at = 2;
  while (jpeg.readUInt16BE(at) !== 0xffc0) at += 2 + jpeg.readUInt16BE(at + 2);
  return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
}

test('a card that is there already stays as it is', async (t) => {
  const before = await fingerprint(card.path);
  await t.throwsAsync(makeSampleCard({into: cardFolder, seed: 2}), {code: 'EEXIST'});
  t.deepEqual(await fingerprint(card.path), before);
});

// ExifTool for Windows brings its own Perl.
const perl = execaSync('perl', ['-v'], {reject: false});
const testWithExifTool = perl.exitCode === 0 || process.platform === 'win32' ? test : test.skip;

testWithExifTool('ExifTool reads every media file and complains of none', async (t) => {
  const exiftool = new ExifTool({maxProcs: 1});
  t.teardown(() => exiftool.end());
  const media = card.files.filter(({path}) => /\.(JPG|CR2|MP4|THM|WAV|XMP)$/.test(path));
  for (const {path} of media) {
    const options = {readArgs: ['-validate', '-warning', '-error', '-all']};
    const tags: Read = {...(await exiftool.readRaw(join(card.path, path), options))};
    t.is(tags.Error, undefined, path);
    t.is(tags.Warning, undefined, path);
    t.is(tags.Validate, 'OK', path);
    checkTags(t, tags, path);
  }
});

type Read = Readonly<Record<string, unknown>>;

function checkTags(t: ExecutionContext, tags: Read, path: string): void {
  switch (path.slice(-4)) {
    case '.MP4':
      t.is(tags.Duration, '2.00 s');
      t.regex(String(tags.CreateDate), /^2026:06:20 1[2-5]:/, 'the clock of MP4 is UTC');
      return;
    case '.WAV':
      t.is(tags.Duration, '4.00 s');
      return;
    case '.XMP':
      t.true(Number(tags.Rating) >= 1 && Number(tags.Rating) <= 5, path);
      return;
    default:
      t.is(tags.Model, 'Sample Camera', path);
      t.regex(String(tags.DateTimeOriginal), /^2026:06:20 1[4-7]:\d\d:\d\d/, path);
      t.is(tags.OffsetTimeOriginal, '+02:00', path);
      t.is(tags.LensModel, 'Sample 24-105mm F4', path);
  }
}
