import {mkdir, mkdtemp, realpath, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {makeLaunchers} from '../../packaging/launchers.ts';

const posix = process.platform === 'win32' ? test.skip : test;

for (const [name, start] of [
  ['by its path', (home: string) => ({program: join(home, 'offload'), cwd: '/'})],
  ['from its own folder', (home: string) => ({program: './offload', cwd: home})],
  ['by a link', (home: string) => ({program: join(home, '../links/first'), cwd: '/'})],
] as const) {
  posix(
    `the launcher finds its runtime ${name}, and hands on every word and the exit code`,
    async (t) => {
      const top = await realpath(await mkdtemp(join(tmpdir(), 'offload launchers-')));
      t.teardown(() => rm(top, {recursive: true}));
      const home = join(top, "it's here & there");
      // Stands in for Node: says what it was started with.
      const runtime = '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done\nexit 7\n';
      await mkdir(join(home, 'runtime'), {recursive: true});
      await mkdir(join(top, 'links'));
      await writeFile(join(home, 'runtime/node'), runtime, {mode: 0o755});
      for (const {path, bytes, isProgram} of makeLaunchers({os: 'linux'}))
        await writeFile(join(home, path), bytes, {mode: isProgram ? 0o755 : 0o644});
      await symlink('second', join(top, 'links/first'));
      await symlink("../it's here & there/offload", join(top, 'links/second'));
      const {program, cwd} = start(home);
      const words = ['--to', 'a b', '', '*', '$HOME'];
      const {stdout, exitCode} = await execa(program, words, {cwd, reject: false});
      const [script = '', ...rest] = [...stdout.matchAll(/<([^>]*)>/g)].map(([, word]) => word);
      t.true(script.startsWith(top) && script.endsWith('there/app/bin/offload.cjs'), script);
      t.deepEqual(rest, words);
      t.is(exitCode, 7);
    },
  );
}

test('Windows gets its line ends, macOS a file for the double-click', (t) => {
  const windows = makeLaunchers({os: 'win32'});
  t.deepEqual(
    windows.map(({path}) => path),
    ['offload.cmd', 'README.txt'],
  );
  for (const {bytes} of windows) t.notRegex(Buffer.from(bytes).toString(), /[^\r]\n/);
  const names = makeLaunchers({os: 'darwin'}).map(({path}) => path);
  t.deepEqual(names, ['offload', 'offload.command', 'README.txt']);
});
