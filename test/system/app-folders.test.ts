import {platform} from 'node:os';
import {isAbsolute, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import {appFolders} from '../../src/system/app-folders.ts';
import {skip} from '../helpers/temporary-folder.ts';

const workingFolder = resolve('/work/here');
const withHome = (OFFLOAD_HOME?: string) => appFolders({env: {OFFLOAD_HOME}, workingFolder});
const both = (folder: string) => ({ok: true, value: {config: folder, data: folder}}) as const;

test('OFFLOAD_HOME moves both folders to itself', async (t) => {
  const folder = resolve('/mnt/stick/offload');
  t.deepEqual(await withHome(folder), both(folder));
  t.deepEqual(await withHome(`${folder}/../home/`), both(resolve('/mnt/stick/home')));
});

test('a relative OFFLOAD_HOME begins at the working folder', async (t) => {
  t.deepEqual(await withHome('home'), both(join(workingFolder, 'home')));
  t.deepEqual(await withHome('.'), both(workingFolder));
  t.deepEqual(await withHome('../other'), both(resolve('/work/other')));
  // Shells replace it; here it is a name.
  t.deepEqual(await withHome('~'), both(join(workingFolder, '~')));
});

test('an OFFLOAD_HOME that can be no path is told by its name', async (t) => {
  t.like(await withHome('a\0b'), {
    ok: false,
    cause: {
      code: 'path-nul',
      message:
        'OFFLOAD_HOME cannot be used: The path has a NUL character in it, which no name can have.',
    },
  });
});

test('without it, or when it is empty, they are those of the platform', async (t) => {
  const usual = await withHome();
  t.deepEqual(await withHome(''), usual);
  t.true(usual.ok);
  if (!usual.ok) return;
  const {config, data} = usual.value;
  t.true(isAbsolute(config) && isAbsolute(data));
  t.true(config.includes('offload') && data.includes('offload'));
  t.notRegex(config + data, /nodejs/);
});

/** The folders as another process sees them, with nothing in its environment but what is given. */
async function askElsewhere(env: Readonly<Record<string, string>>, as: readonly string[] = []) {
  const source = fileURLToPath(new URL('../../src/system/app-folders.ts', import.meta.url));
  const program = `const {appFolders} = await import(${JSON.stringify(source)});
    console.log(JSON.stringify(await appFolders({env: process.env, workingFolder: '/here'})));`;
  const args = ['--import=tsx', '--input-type=module', '--eval', program];
  const [command = '', ...rest] = [...as, process.execPath, ...args];
  const {stdout} = await execa(command, rest, {extendEnv: false, env: {TMPDIR: '/tmp', ...env}});
  return JSON.parse(stdout);
}

test('Linux: the folders of the XDG base directories', async (t) => {
  if (platform() !== 'linux') return skip(t, 'not Linux');
  t.deepEqual(await askElsewhere({HOME: '/home/me'}), {
    ok: true,
    value: {config: '/home/me/.config/offload', data: '/home/me/.local/share/offload'},
  });
  t.deepEqual(await askElsewhere({HOME: '/h', XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d'}), {
    ok: true,
    value: {config: '/c/offload', data: '/d/offload'},
  });
});

test('Linux: a home that is no place is told, and OFFLOAD_HOME helps', async (t) => {
  if (platform() !== 'linux') return skip(t, 'not Linux');
  const told = {ok: false, cause: {code: 'no-home-folder'}};
  t.like(await askElsewhere({HOME: ''}), told);
  t.like(await askElsewhere({HOME: '', OFFLOAD_HOME: 'x'}), both('/here/x'));
});

test('Linux: a user without a home is told, and OFFLOAD_HOME helps', async (t) => {
  if (platform() !== 'linux' || process.getuid?.() !== 0) return skip(t, 'not root on Linux');
  const stranger = ['setpriv', '--reuid=54321', '--clear-groups'];
  const {failed} = await execa('setpriv', ['--version'], {reject: false});
  if (failed) return skip(t, 'no setpriv here');
  t.like(await askElsewhere({}, stranger), {ok: false, cause: {code: 'no-home-folder'}});
  t.like(await askElsewhere({OFFLOAD_HOME: '/x'}, stranger), both('/x'));
});
