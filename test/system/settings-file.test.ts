import {mkdir, readdir, symlink, writeFile} from 'node:fs/promises';
import {platform} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {DEFAULT_SETTINGS} from '../../src/core/settings.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {readSettings} from '../../src/system/settings-file.ts';
import {failsCalls} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

const NAME = 'settings.json';
const defaults = {settings: DEFAULT_SETTINGS, problems: []};

test('a file that is not there is no problem, and none is made', async (t) => {
  const folder = await makeTemporaryFolder(t);
  t.deepEqual(await readSettings(realFiles, folder), defaults);
  t.deepEqual(await readSettings(realFiles, join(folder, 'not', 'there')), defaults);
  t.deepEqual(await readdir(folder), []);
});

test('a file is read, by its link too, and its problems carry its path', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, 'dotfile.json'), '{"verify": "full", "eject": 1}');
  await symlink('dotfile.json', join(folder, NAME));
  const {settings, problems} = await readSettings(realFiles, folder);
  t.deepEqual(settings, {...DEFAULT_SETTINGS, verify: 'full'});
  t.deepEqual(
    problems.map(({code, path}) => [code, path]),
    [['settings-value', join(folder, NAME)]],
  );
});

test('a long file is not read', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, NAME), ' '.repeat(300_000));
  const neverOpens = failsCalls(realFiles, ['openToRead'], () => true, 'EIO');
  const {settings, problems} = await readSettings(neverOpens, folder);
  t.deepEqual(settings, DEFAULT_SETTINGS);
  t.like(problems, [{code: 'settings-too-long', path: join(folder, NAME)}]);
});

test('a folder or a FIFO of that name is told and does not hang', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await mkdir(join(folder, NAME));
  const told = {code: 'settings-no-file', path: join(folder, NAME), message: 'it is not a file'};
  t.like(await readSettings(realFiles, folder), {settings: DEFAULT_SETTINGS, problems: [told]});
  if (platform() === 'win32') return;
  const other = await makeTemporaryFolder(t);
  const {failed} = await execa('mkfifo', [join(other, NAME)], {reject: false});
  if (failed) return skip(t, 'no mkfifo here');
  t.like(await readSettings(realFiles, other), {problems: [{code: 'settings-no-file'}]});
});

test('a file that cannot be read is told', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, NAME), '{"eject": true}');
  const fails = failsCalls(realFiles, ['openToRead'], () => true, 'EACCES');
  t.deepEqual(await readSettings(fails, folder), {
    settings: DEFAULT_SETTINGS,
    problems: [
      {
        code: 'EACCES',
        path: join(folder, NAME),
        message: 'reading the settings failed (EACCES)',
        next: 'Until that file can be read, the usual settings are used.',
      },
    ],
  });
});

test('a file in the place of the folder is told', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, 'home'), '');
  t.like(await readSettings(realFiles, join(folder, 'home')), {
    settings: DEFAULT_SETTINGS,
    problems: [{code: platform() === 'win32' ? 'ENOENT' : 'ENOTDIR'}],
  });
});
