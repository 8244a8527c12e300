import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {rcloneAt} from '../../src/system/rclone.ts';

async function script(t: ExecutionContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-rclone-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  const path = join(folder, 'rclone');
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

const posix = process.platform === 'win32' ? test.skip : test;

posix('arguments as they are, input, output, and every line of standard error', async (t) => {
  const path = await script(
    t,
    'for one in "$@"; do echo "[$one]"; done; cat; echo one >&2; echo two >&2; exit 3',
  );
  const lines: string[] = [];
  const end = await rcloneAt(path)({
    args: ['lsjson', 'far:a b;$(x)'],
    input: 'first\nsecond\n',
    onLine: (line) => lines.push(line),
  });
  t.deepEqual(end, {
    kind: 'ended',
    exitCode: 3,
    output: '[--ask-password=false]\n[lsjson]\n[far:a b;$(x)]\nfirst\nsecond\n',
  });
  t.deepEqual(lines, ['one', 'two']);
});

const posixAlone = process.platform === 'win32' ? test.skip : test.serial;

posixAlone(
  'options of the environment that change what is compared or said are not the user’s',
  async (t) => {
    const path = await script(t, 'env');
    process.env.RCLONE_SIZE_ONLY = 'true';
    process.env.RCLONE_LOG_LEVEL = 'ERROR';
    process.env.RCLONE_CONFIG_FAR_TYPE = 'sftp';
    t.teardown(() => {
      for (const name of ['SIZE_ONLY', 'LOG_LEVEL', 'CONFIG_FAR_TYPE'])
        delete process.env[`RCLONE_${name}`];
    });
    const end = await rcloneAt(path)({args: ['check']});
    const output = end.kind === 'ended' ? end.output : '';
    t.notRegex(output, /RCLONE_(?:SIZE_ONLY|LOG_LEVEL)/);
    t.regex(output, /^RCLONE_CONFIG_FAR_TYPE=sftp$/m);
  },
);

test('a program that is not there is told by its errno', async (t) => {
  const end = await rcloneAt('/nowhere/rclone')({args: ['version']});
  t.deepEqual(end, {kind: 'not-started', errno: 'ENOENT'});
});

posix('a signal ends it with SIGINT, so that it can tidy up', async (t) => {
  const path = await script(
    t,
    'trap "echo tidied; exit 1" INT; echo ready >&2; while :; do sleep 0.05; done',
  );
  const stop = new AbortController();
  const end = await rcloneAt(path)({
    args: [],
    signal: stop.signal,
    onLine: () => stop.abort(),
  });
  t.deepEqual(end, {kind: 'ended', exitCode: 1, output: 'tidied\n'});
});

posix('one that does not end is killed after its time', async (t) => {
  const path = await script(t, 'trap "" INT; echo ready >&2; while :; do sleep 0.05; done');
  const stop = new AbortController();
  const end = await rcloneAt(
    path,
    100,
  )({
    args: [],
    signal: stop.signal,
    onLine: () => stop.abort(),
  });
  t.deepEqual(end, {kind: 'ended', exitCode: null, output: ''});
});
