import {readdir, readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {findImports} from '../helpers/house-rules.ts';

test('neither who copies nor who judges asks the catalog', async (t) => {
  let read = 0;
  for (const folder of ['verify', 'src/engine']) {
    const root = new URL(`../../${folder}/`, import.meta.url);
    const names = await readdir(fileURLToPath(root), {recursive: true});
    for (const name of names.filter((one) => one.endsWith('.ts'))) {
      const imports = findImports(await readFile(new URL(name, root), 'utf8'));
      read += imports.length;
      t.deepEqual(
        imports.filter(({from}) => /catalog/.test(from)),
        [],
        `${folder}/${name}`,
      );
    }
  }
  t.true(read > 100);
});
