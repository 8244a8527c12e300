import {mkdir, readdir, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {nameSmallFile} from '../../../src/system/small-files/name-small-file.ts';
import {realCalls} from '../../../src/system/small-files/small-file-calls.ts';
import {failsSmall, hasNoLinks, recordsSmall, type SmallCall} from '../../helpers/faulty-calls.ts';
import {readIfThere} from '../../helpers/small-trial.ts';
import {makeTemporaryFolder} from '../../helpers/temporary-folder.ts';

async function makeTemporary(t: ExecutionContext) {
  const folder = await makeTemporaryFolder(t);
  const naming = {from: join(folder, '.a.part'), to: join(folder, 'A.JPG')};
  await writeFile(naming.from, 'a picture');
  return {folder, naming};
}

const text = async (path: string) => (await readIfThere(path))?.toString();

test('a file gets its name and loses the temporary one', async (t) => {
  const {folder, naming} = await makeTemporary(t);
  t.is(nameSmallFile({calls: realCalls}, naming), null);
  t.deepEqual(await readdir(folder), ['A.JPG']);
  t.is(await text(naming.to), 'a picture');
  t.is((await stat(naming.to)).nlink, 1);
});

for (const standing of ['a file', 'a link', 'a broken link', 'a folder']) {
  test(`${standing} that has the name stays, and so does the temporary file`, async (t) => {
    const {folder, naming} = await makeTemporary(t);
    const other = join(folder, 'other');
    if (standing === 'a file') await writeFile(naming.to, 'standing');
    if (standing === 'a folder') await mkdir(naming.to);
    if (standing.endsWith('link')) await symlink(other, naming.to);
    if (standing === 'a link') await writeFile(other, 'standing');
    const before = await readdir(folder);
    t.deepEqual(nameSmallFile({calls: realCalls}, naming), {errno: 'EEXIST', linked: false});
    t.deepEqual(await readdir(folder), before);
    t.is(await text(naming.from), 'a picture');
    t.is(await text(naming.to), /^a (?:file|link)$/.test(standing) ? 'standing' : undefined);
  });
}

test('where there are no links it is told, and nothing is changed', async (t) => {
  const {folder, naming} = await makeTemporary(t);
  const calls = hasNoLinks(realCalls, () => true);
  t.deepEqual(nameSmallFile({calls}, naming), {errno: 'EPERM', linked: false});
  t.deepEqual(await readdir(folder), ['.a.part']);
});

test('a temporary name that cannot be taken away is told as such: the file has its name', async (t) => {
  const {folder, naming} = await makeTemporary(t);
  const calls = failsSmall(realCalls, {methods: ['unlink'], match: () => true, errno: 'EPERM'});
  t.deepEqual(nameSmallFile({calls}, naming), {errno: 'EPERM', linked: true});
  t.deepEqual((await readdir(folder)).sort(), ['.a.part', 'A.JPG']);
});

test('a file that is gone is told', async (t) => {
  const {naming} = await makeTemporary(t);
  const gone = {...naming, from: `${naming.from}-gone`};
  t.deepEqual(nameSmallFile({calls: realCalls}, gone), {errno: 'ENOENT', linked: false});
});

test('nothing is renamed: the name is given before the other one is taken away', async (t) => {
  const {naming} = await makeTemporary(t);
  const made: SmallCall[] = [];
  nameSmallFile({calls: recordsSmall(realCalls, made)}, naming);
  t.deepEqual(made, [
    {method: 'link', path: naming.from, to: naming.to},
    {method: 'unlink', path: naming.from},
  ]);
});
