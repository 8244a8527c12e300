import assert from 'node:assert/strict';
import {access, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {fillBigCard} from './card-content.ts';
import {checkCopies, expectEnd, expectNoTemporaries} from './checks.ts';
import type {Lab} from './lab.ts';
import {runOffload, startOffload} from './offload-run.ts';
import {CannotRun, type Rig} from './rig.ts';
import {waitUntil} from './wait.ts';

/** A drive that does not answer holds a thread of the program for ever. */
export const hangingCall: Rig = {
  name: 'a write that never returns: the second Ctrl-C leaves at once, and the same command ends the work',
  tools: [],
  root: false,
  run: (lab) => leaveHanging(lab, {files: 6, size: 3 * 1024 * 1024 + 77}),
};

export const hangingThread: Rig = {
  name: 'the same in a thread for small files',
  tools: [],
  root: false,
  run: (lab) => leaveHanging(lab, {files: 400, size: 20_077}),
};

/** A person presses Ctrl-C again after this, and looks at the clock after that, in ms. */
const PATIENCE_MS = 1000;
const AT_ONCE_MS = 3000;

async function leaveHanging(lab: Lab, content: Parameters<typeof fillBigCard>[1]): Promise<void> {
  if (process.platform !== 'linux') throw new CannotRun('it looks into /proc');
  const [card, w, b] = [join(lab.folder, 'CARD'), join(lab.folder, 'W'), join(lab.folder, 'B')];
  for (const folder of [card, w, b]) await mkdir(folder);
  await fillBigCard(card, content);
  const fifo = join(lab.folder, 'fifo');
  const told = join(lab.folder, 'hangs');
  await execa('mkfifo', [fifo]);
  const args = ['--card', card, '--to', w, '--to', b, '--shoot', 'rig', '--allow-same-drive'];
  const preload = fileURLToPath(new URL('hanging-call.mjs', import.meta.url));
  const env = {
    NODE_OPTIONS: `--import=${preload}`,
    HANG_BELOW: w,
    HANG_FIFO: fifo,
    HANG_TOLD: told,
  };
  const running = await startOffload(lab, args, {env});
  await waitUntil('a write hangs', () =>
    access(told).then(
      () => true,
      () => false,
    ),
  );
  running.signal('SIGINT');
  const late = sleep(PATIENCE_MS, 'late' as const);
  assert.equal(
    await Promise.race([running.result, late]),
    'late',
    'the first one waits for the block in hand',
  );
  running.signal('SIGINT');
  const left = await Promise.race([running.result, sleep(AT_ONCE_MS, 'late' as const)]);
  assert.notEqual(left, 'late', `it is still there ${AT_ONCE_MS} ms after the second Ctrl-C`);
  const again = await runOffload(lab, args);
  // Folders of one disk: only what is said of the drives may be missing.
  const {reasons} = expectEnd(again, again.exitCode ?? -1);
  assert.deepEqual(
    reasons.filter(({code}) => !['same-drive', 'volatile-drive'].includes(code)),
    [],
  );
  const shoots = [join(w, 'rig'), join(b, 'rig')];
  await checkCopies({card, shoots});
  for (const shoot of shoots) await expectNoTemporaries(shoot);
}
