import {readFile, writeFile} from 'node:fs/promises';
import {platform} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {keepAwake, type StartTool, startTool} from '../../src/system/keep-awake.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

/** Writes its number, then does what the tools do: gives its input back until it ends. */
const HOLDS = `import {writeFileSync} from 'node:fs';
writeFileSync(process.argv[2], String(process.pid));
process.stdin.pipe(process.stdout);`;
/** Does not care that its input has ended. */
const STAYS = `${HOLDS}\nsetInterval(() => {}, 1000);`;
/** What systemd-inhibit says where there is no logind. */
const REFUSES = `console.error('Failed to connect to bus: No such file or directory');
process.exitCode = 1;`;

interface FakeTool {
  readonly start: StartTool;
  readonly args: readonly string[];
  readonly isRunning: () => Promise<boolean>;
}

async function makeTool(t: ExecutionContext, text: string): Promise<FakeTool> {
  const folder = await makeTemporaryFolder(t);
  const [script, pidFile] = [join(folder, 'tool.mjs'), join(folder, 'pid')];
  await writeFile(script, text);
  const args = [script, pidFile];
  return {
    args,
    start: () => startTool(process.execPath, args),
    isRunning: async () => isRunning(Number(await readFile(pidFile, 'utf8'))),
  };
}

/** Signal 0 asks (kill(2)). On Linux a process that is dead and not yet fetched by its parent is gone. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) Z /.test(stat);
}

async function waitUntil(holds: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await holds()) return true;
    await sleep(50);
  }
  return false;
}

test('the tool runs until it is let go of', async (t) => {
  const {start, isRunning} = await makeTool(t, HOLDS);
  const hold = keepAwake({platform: 'linux', start});
  t.deepEqual(await hold.state, {type: 'held'});
  t.true(await isRunning());
  await hold.release();
  t.false(await isRunning());
  await t.notThrowsAsync(hold.release());
});

test('let go of before it answered: that is no failure, and nothing is left', async (t) => {
  const {start} = await makeTool(t, 'process.stdin.resume();');
  const hold = keepAwake({platform: 'linux', start});
  await hold.release();
  t.deepEqual(await hold.state, {type: 'released'});
});

test('a tool that does not go is killed', async (t) => {
  const {start, isRunning} = await makeTool(t, STAYS);
  const hold = keepAwake({platform: 'linux', start});
  t.deepEqual(await hold.state, {type: 'held'});
  await hold.release();
  t.true(await waitUntil(async () => !(await isRunning())));
});

const NEXT =
  'Switch automatic sleep off while cards are copied, or keep the computer awake by hand.';

test('a tool that is missing is told, and release does nothing', async (t) => {
  const start: StartTool = (_, args) => startTool('no-such-tool-of-offload', args);
  const hold = keepAwake({platform: 'linux', start});
  t.deepEqual(await hold.state, {
    type: 'not-held',
    cause: {
      code: 'awake-not-held',
      message: 'the computer may fall asleep: systemd-inhibit is not installed',
      next: NEXT,
    },
  });
  await t.notThrowsAsync(hold.release());
});

test('a tool that refuses is told with its words', async (t) => {
  const {start} = await makeTool(t, REFUSES);
  t.deepEqual(await keepAwake({platform: 'linux', start}).state, {
    type: 'not-held',
    cause: {
      code: 'awake-not-held',
      message: `the computer may fall asleep: ${process.execPath}: Failed to connect to bus: No such file or directory`,
      next: NEXT,
    },
  });
});

test('a tool that ends without a word is told', async (t) => {
  const {start} = await makeTool(t, '');
  const state = await keepAwake({platform: 'linux', start}).state;
  t.like(state, {
    cause: {message: `the computer may fall asleep: ${process.execPath} ended by itself`},
  });
});

test('a platform that nobody knows is told', async (t) => {
  const start: StartTool = () => {
    throw new Error('nothing is started');
  };
  for (const name of ['aix', '__proto__', 'toString']) {
    const hold = keepAwake({platform: name, start});
    t.like(await hold.state, {type: 'not-held', cause: {code: 'awake-unknown'}});
    await t.notThrowsAsync(hold.release());
  }
});

test('what is asked of each platform', (t) => {
  const asked: (readonly string[])[] = [];
  const start: StartTool = (command, args) => {
    asked.push([command, ...args]);
    return {answered: Promise.resolve({ok: true, value: undefined}), end: async () => {}};
  };
  for (const name of ['linux', 'darwin', 'win32']) keepAwake({platform: name, start});
  const [linux, mac, windows] = asked;
  t.deepEqual(linux, [
    'systemd-inhibit',
    '--what=idle:sleep',
    '--who=offload',
    '--why=copying a card',
    '--mode=block',
    'cat',
  ]);
  t.deepEqual(mac, ['caffeinate', '-i', '-m', '-s', 'cat']);
  t.deepEqual(windows?.slice(0, -1), [
    'powershell',
    '-NoLogo',
    '-NoProfile',
    '-NonInteractive',
    '-Command',
  ]);
  const script = windows?.at(-1) ?? '';
  t.false(script.includes('"'));
  const flags = Number(/SetThreadExecutionState\(\[uint32\](\d+)\)/.exec(script)?.[1]);
  t.is(flags.toString(16), '80000001');
});

const PROGRAM = fileURLToPath(new URL('../helpers/awake-program.ts', import.meta.url));

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`when the program dies of ${signal}, the tool goes too`, async (t) => {
    const {args, isRunning} = await makeTool(t, HOLDS);
    const program = execa(process.execPath, ['--import=tsx', PROGRAM, process.execPath, ...args], {
      reject: false,
      buffer: false,
    });
    t.teardown(() => program.kill('SIGKILL'));
    const [line] = await program.stdout.take(1).toArray();
    t.is(String(line), 'held\n');
    t.true(await isRunning());
    program.kill(signal);
    t.like(await program, {signal});
    t.true(await waitUntil(async () => !(await isRunning())));
  });
}

test('a program that forgets to let go can end all the same, and the tool with it', async (t) => {
  const {args, isRunning} = await makeTool(t, HOLDS);
  const {stdout, exitCode} = await execa(
    process.execPath,
    ['--import=tsx', PROGRAM, process.execPath, ...args],
    {env: {ENDS_BY_ITSELF: 'yes'}, timeout: 30_000},
  );
  t.is(stdout, 'held');
  t.is(exitCode, 0);
  t.true(await waitUntil(async () => !(await isRunning())));
});

test('the tool of this computer holds or says why not', async (t) => {
  if (platform() !== 'linux') return skip(t, 'tried on Linux');
  const hold = keepAwake({platform: 'linux', start: startTool});
  const state = await hold.state;
  t.log(state);
  if (state.type === 'not-held') t.regex(state.cause.message, /systemd-inhibit/);
  else t.is(state.type, 'held');
  await hold.release();
});
