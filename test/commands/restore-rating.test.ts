/** `restore "rating>=3"`: by XMP sidecars and XMP in pictures. */
import {mkdir, readdir, rm, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readTree, seededBytes} from '../helpers/run-offload.ts';
import {makeRestoreScene, type RestoreScene, runRestore} from './restore-trial.ts';

const xmp = (rating: number | undefined, extension?: string): string => {
  const its = extension === undefined ? '' : ` photoshop:SidecarForExtension="${extension}"`;
  const stars = rating === undefined ? '' : ` xmp:Rating="${rating}"`;
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"${stars}${its}/></rdf:RDF></x:xmpmeta>`;
};

/** A picture with XMP in it, at a place of its bytes. */
const picture = (rating: number, at = 2000, length = 10_000): Buffer => {
  const bytes = seededBytes(`${rating}-${at}`, length);
  bytes.write(xmp(rating), at, 'latin1');
  return bytes;
};

const FOLDER = 'Shoot/EOS/DCIM/100CANON';

async function makeScene(t: ExecutionContext): Promise<RestoreScene> {
  const of = (name: string) => `DCIM/100CANON/${name}`;
  const scene = await makeRestoreScene(t, {
    [of('A.CR3')]: 5000,
    [of('B.CR3')]: 5001,
    [of('C.CR3')]: 5002,
    [of('C.JPG')]: picture(4),
    [of('D.JPG')]: 5003,
    [of('E.DNG')]: picture(5, 1_200_000, 1_300_000),
    [of('F.CR3')]: picture(3),
  });
  const besides = (root: string, name: string, text: string) =>
    writeFile(join(root, FOLDER, name), text);
  await besides(scene.w, 'A.xmp', xmp(3));
  await besides(scene.w, 'B.CR3.XMP', xmp(2));
  await besides(scene.w, 'B.xmp', xmp(5));
  await besides(scene.w, 'C.xmp', xmp(1, 'CR3'));
  // The card's own rating; a program rated it otherwise later.
  await besides(scene.w, 'F.xmp', xmp(5));
  return scene;
}

async function run(scene: RestoreScene, what: readonly string[]) {
  await rm(join(scene.back, 'Shoot'), {recursive: true, force: true});
  const {code, lines, refusal, sum} = await runRestore(scene, {what});
  const names = await readdir(join(scene.back, FOLDER)).catch(() => []);
  return {exitCode: code, names: names.sort(), lines, refusal, sum};
}

test('files are chosen by sidecars and by XMP in pictures, and those without a rating are counted', async (t) => {
  const scene = await makeScene(t);
  const before = [await readTree(scene.w), await readTree(scene.b)];
  const three = await run(scene, ['Shoot', 'rating>=3']);
  t.is(three.exitCode, 0);
  t.deepEqual(three.names, ['A.CR3', 'C.JPG', 'E.DNG', 'F.CR3']);
  t.like(three.sum, {files: 4, restored: 4, unrated: 1});
  t.is(three.lines.at(-1), '  1 file of which nobody knows what the rule asks, not restored');
  t.deepEqual([await readTree(scene.w), await readTree(scene.b)], before);
  t.deepEqual((await run(scene, ['rating<3'])).names, ['B.CR3', 'C.CR3']);
  t.deepEqual((await run(scene, ['rating=5'])).names, ['E.DNG', 'F.CR3']);
  t.deepEqual((await run(scene, ['rating>=2', 'rating<=3'])).names, ['A.CR3', 'B.CR3']);
  t.deepEqual((await run(scene, ['C.', 'rating>=1'])).names, ['C.CR3', 'C.JPG']);
});

test('a rating that no file has is refused and says how many have none', async (t) => {
  const scene = await makeScene(t);
  const {exitCode, refusal, names} = await run(scene, ['D.JPG', 'rating>=1']);
  t.deepEqual([exitCode, names], [2, []]);
  t.is(refusal?.message, 'of 1 file none is chosen by that rule; of 1 nobody knows');
});

test('the whole rule can be asked for: labels, flags and what is not', async (t) => {
  const scene = await makeScene(t);
  const label = (text: string) =>
    xmp(1).replace(
      ' xmp:Rating',
      ` xmp:Label="${text}" xmlns:xmpDM="http://ns.adobe.com/xmp/1.0/DynamicMedia/" xmpDM:pick="1" xmp:Rating`,
    );
  await writeFile(join(scene.w, FOLDER, 'A.xmp'), label('Rot'));
  t.deepEqual((await run(scene, ['Shoot', 'rating=5 or label = red'])).names, [
    'A.CR3',
    'E.DNG',
    'F.CR3',
  ]);
  t.deepEqual((await run(scene, ['(pick)'])).names, ['A.CR3']);
  t.deepEqual((await run(scene, ['rating<=2', 'not label = red'])).names, []);
  const wrong = await run(scene, ['Shoot', 'rating >= many']);
  t.deepEqual([wrong.exitCode, wrong.refusal?.code, wrong.names], [2, 'bad-rule', []]);
});

test('of two drives the newer sidecar counts; links, folders and giants are no sidecars', async (t) => {
  const scene = await makeScene(t);
  const path = join(scene.b, FOLDER, 'A.xmp');
  await writeFile(path, xmp(1));
  await utimes(path, 2_000_000_000, 2_000_000_000);
  t.deepEqual((await run(scene, ['A.CR3', 'rating=1'])).names, ['A.CR3']);
  await utimes(path, 1, 1);
  t.deepEqual((await run(scene, ['A.CR3', 'rating=3'])).names, ['A.CR3']);
  await mkdir(join(scene.b, FOLDER, 'D.JPG.xmp'));
  t.is((await run(scene, ['D.JPG', 'rating>=0'])).exitCode, 2);
});
