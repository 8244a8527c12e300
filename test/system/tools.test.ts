import {execPath} from 'node:process';
import test from 'ava';
import {limitTools, runTool} from '../../src/system/tools.ts';

const script = (text: string) => ['-e', text] as const;

test('a tool gives its output, or why it failed', async (t) => {
  t.deepEqual(await runTool(execPath, script('console.log("said")')), {ok: true, value: 'said'});
  const failed = await runTool(execPath, script('console.error("no"); process.exit(3)'));
  t.like(failed, {ok: false, cause: {code: 'exit-3'}});
  t.regex(failed.ok ? '' : failed.cause.message, /failed: no$/);
  const missing = await runTool('/nowhere/no-such-tool', []);
  t.like(missing, {ok: false, cause: {code: 'ENOENT'}});
});

test('a tool that takes too long is ended and told', async (t) => {
  const slow = await limitTools(200)(execPath, script('setTimeout(() => {}, 60_000)'));
  t.like(slow, {ok: false, cause: {code: 'ETIMEDOUT'}});
  t.regex(slow.ok ? '' : slow.cause.message, /took longer than 0.2 s/);
});

test('a tool that ended while this program stood still has not taken too long', async (t) => {
  const running = limitTools(500)(execPath, script('console.log("in time")'));
  // The process is started; from now on nothing is heard, as when the program is stopped.
  const until = Date.now() + 1500;
  await new Promise((resolve) => setTimeout(resolve, 20));
  while (Date.now() < until);
  t.deepEqual(await running, {ok: true, value: 'in time'});
});
