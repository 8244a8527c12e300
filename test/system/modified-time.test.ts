import {join} from 'node:path';
import test from 'ava';
import {realFiles} from '../../src/system/real-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

test('a time keeps its microsecond, before 1970 too', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const file = await realFiles.createFile(join(folder, 'IMG_0001.CR3'), {direct: false});
  for (const start of [1_795_457_573_012_599n, 946_684_800_000_000n, 13n, -86_400_000_000n]) {
    for (let n = 0n; n < 500n; n++) {
      const mtimeNs = (start + n * 7919n) * 1000n;
      await file.setModified(mtimeNs);
      const found = (await file.facts()).mtimeNs;
      t.is(found / 1000n, mtimeNs / 1000n, `${mtimeNs}`);
    }
  }
  await file.close();
});
