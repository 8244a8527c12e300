/**
 * Makes docs/pictures/report.png: the sample card, offloaded with a sector of one picture that cannot be read, and its report as Chromium shows it.
 *
 *     npx tsx docs/pictures/make-report-picture.ts
 */
import {mkdir, mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {makeSampleCard} from '../../samples/make-card.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {badSectors} from '../../test/helpers/faulty-files.ts';
import {runOffload} from '../../test/helpers/run-offload.ts';

const PICTURE = fileURLToPath(new URL('report.png', import.meta.url));
const PIXELS = '1240,1960';

const folder = await mkdtemp(join(tmpdir(), 'offload-report-'));
try {
  const [w, b] = [join(folder, 'Photos'), join(folder, 'Backup')];
  for (const place of [w, b]) await mkdir(place);
  const {path: card, files: made} = await makeSampleCard({into: folder, seed: 1});
  const raws = made.filter(({path}) => path.endsWith('.CR2'));
  const sick = raws[Math.floor(raws.length / 3)];
  if (sick === undefined) throw new Error('the card has no raw file');
  // Near the end: the preview stands in front.
  const ranges = [{from: sick.size - 4096, to: sick.size - 3000}];
  const files = badSectors(realFiles, {path: join(card, sick.path), ranges});
  const disk = (model: string, size: number) => ({model, size, fileSystem: 'exfat'});
  await runOffload({
    cards: [card],
    to: [w, b],
    files,
    options: {shoot: 'Marta & Jan', salvage: true, report: true},
    volumes: {
      [card]: {...disk('Card Reader', 64e9), label: 'EOS_DIGITAL'},
      [w]: disk('Samsung T7', 2e12),
      [b]: disk('LaCie Rugged', 4e12),
    },
  });
  const records = join(w, 'Marta & Jan', '_offload');
  const page = (await readdir(records)).find((name) => name.endsWith('.html'));
  if (page === undefined) throw new Error('there is no report');
  const asked = ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'];
  const shown = `file://${join(records, page)}`;
  await execa('chromium', [...asked, `--window-size=${PIXELS}`, `--screenshot=${PICTURE}`, shown]);
} finally {
  await rm(folder, {recursive: true, force: true});
}
