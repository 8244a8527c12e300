import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import type {JournalHeader} from '../../src/core/journal.ts';
import {journalLine} from '../../src/core/journal.ts';
import {sealManifest} from '../../src/core/manifest.ts';
import {hashText, loadHashEngine} from '../../src/system/hasher.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {readShootRecords} from '../../src/system/shoot-records.ts';
import {sampleManifest} from '../core/sample-manifest.ts';
import {failsCalls} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const engine = await loadHashEngine();
const hashOfText = (text: string) => hashText(engine, text);
const manifest = sealManifest(sampleManifest, hashOfText);

const header: JournalHeader = {
  type: 'journal',
  schema: 'offload-journal/1',
  offload: 'one',
  cardId: 'card',
  writtenTo: '/mnt/W',
  fingerprint: 'f',
  folder: 'CARD',
  startedAt: '2026-11-22T19:00:01.000Z',
};
const journal = journalLine(header, '', hashOfText).text;

async function makeShoot(t: ExecutionContext, texts: Readonly<Record<string, string>>) {
  const shoot = await makeTemporaryFolder(t);
  const folder = join(shoot, '_offload');
  await mkdir(folder);
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  const read = async (files = realFiles) => {
    const {manifests, journals, problems} = await readShootRecords(files, shoot, hashOfText);
    const nameOf = ({path = ''}) => path.slice(folder.length + 1);
    return {
      manifests: manifests.map(nameOf),
      journals: journals.map(nameOf),
      problems: problems.map((problem) => [nameOf(problem), problem.code]),
    };
  };
  return {folder, shoot, read};
}

test('manifests and journals are read in the order of their names, other files are not', async (t) => {
  const {read} = await makeShoot(t, {
    'b.json': manifest,
    'a.json': manifest,
    'c.journal': journal,
    'a.b3': 'list',
    '.offload-a-json.part': 'temporary',
    '.hidden.json': 'not ours',
    'notes.txt': 'not ours',
  });
  t.deepEqual(await read(), {
    manifests: ['a.json', 'b.json'],
    journals: ['c.journal'],
    problems: [],
  });
});

test('a shoot that is not there, or has no records, has none', async (t) => {
  const none = {manifests: [], journals: [], problems: []};
  const shoot = await makeTemporaryFolder(t);
  t.deepEqual(await readShootRecords(realFiles, shoot, hashOfText), none);
  t.deepEqual(await readShootRecords(realFiles, join(shoot, 'missing'), hashOfText), none);
});

test('what is damaged is told, and the rest is read', async (t) => {
  const {read} = await makeShoot(t, {
    '1-good.json': manifest,
    '2-cut.json': manifest.slice(0, 500),
    '3-edited.json': manifest.replace('"safe": false', '"safe": true'),
    '4-newer.json': manifest.replace('manifest/1', 'manifest/2'),
    '5-empty.json': '',
    '6-torn.journal': `${journal}[{"type":"file-`,
    '7-newer.journal': journal.replace('journal/1', 'journal/2'),
    '8-empty.journal': '',
  });
  t.deepEqual(await read(), {
    manifests: ['1-good.json'],
    journals: ['6-torn.journal'],
    problems: [
      ['2-cut.json', 'manifest-cut'],
      ['3-edited.json', 'manifest-edited'],
      ['4-newer.json', 'manifest-newer'],
      ['5-empty.json', 'manifest-cut'],
      ['6-torn.journal', 'journal-damaged'],
      ['7-newer.journal', 'journal-damaged'],
      ['8-empty.journal', 'journal-damaged'],
    ],
  });
});

test('links, folders and FIFOs with the name of a record are told and never followed', async (t) => {
  const {folder, read} = await makeShoot(t, {'good.json': manifest});
  await symlink('good.json', join(folder, 'link.json'));
  await mkdir(join(folder, 'folder.json'));
  const hasFifo = !(await execa('mkfifo', [join(folder, 'pipe.journal')], {reject: false})).failed;
  const {manifests, problems} = await read();
  t.deepEqual(manifests, ['good.json']);
  t.deepEqual(
    problems.map(([name]) => name),
    ['folder.json', 'link.json', ...(hasFifo ? ['pipe.journal'] : [])],
  );
});

test('a record, or a folder, that cannot be read is told', async (t) => {
  const {folder, read} = await makeShoot(t, {'a.json': manifest, 'b.json': manifest});
  const one = failsCalls(realFiles, ['read'], (path) => path.endsWith('a.json'), 'EIO');
  t.deepEqual(await read(one), {
    manifests: ['b.json'],
    journals: [],
    problems: [['a.json', 'EIO']],
  });
  const all = failsCalls(realFiles, ['list'], (path) => path === folder, 'EACCES');
  t.deepEqual(await read(all), {manifests: [], journals: [], problems: [['', 'EACCES']]});
});
