/** Records offloads of 300 files each: `record-in-child.ts CATALOG WORD COUNT [die-in-third]`. */
import {openCatalog} from '../../src/catalog/open-catalog.ts';
import {makeRecord, unwrap} from './made-records.ts';

const [path = '', word = '', count = '0', dies] = process.argv.slice(2);
const catalog = unwrap(await openCatalog({path, waitMs: 10_000}));
let recorded = 0;
for (let n = 0; n < Number(count); n += 1) {
  const files = Array.from({length: 300}, (_, file) => ({path: `DCIM/IMG_${word}_${file}.JPG`}));
  const manifest = makeRecord({offload: `${word}-${n}`, shoot: `${word} ${n}`, files});
  if (dies !== undefined && n === 2) {
    const [file] = manifest.files.slice(250);
    if (file === undefined) throw new Error('no such file');
    Object.defineProperty(file, 'retries', {
      enumerable: false,
      get: () => process.kill(process.pid, 'SIGKILL'),
    });
  }
  if (unwrap(await catalog.recordManifest(manifest)) === 'recorded') recorded += 1;
}
await catalog.close();
process.stdout.write(`${recorded} recorded\n`);
