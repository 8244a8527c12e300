import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {interceptCalls, partsIn} from '../helpers/faulty-files.ts';
import {makeTree, makeTrial, offloadTrial, seededBytes, testFiles} from '../helpers/run-offload.ts';

const FILM = 'DCIM/100CANON/MVI_0001.MP4';
/** More than the files that are flushed together. */
const SIZE = 1_200_000;

test('a copy that is flushed when all else is done is waited for', async (t) => {
  const trial = await makeTrial(t, {[FILM]: SIZE});
  // Another file has the name on W: the card's file is read once more, for W alone, when that is found out.
  await makeTree(trial.w, {[`Shoot/EOS/${FILM}`]: seededBytes('stranger', SIZE)});
  const folder = 'Shoot/EOS/DCIM/100CANON';
  const onW = partsIn(join(trial.w, folder));
  let release: () => void = () => {};
  const flushing = new Promise<void>((resolve) => {
    release = resolve;
  });
  let flushes = 0;
  const files = interceptCalls(testFiles, async (call, proceed) => {
    // The proof on B ends while the copy on W is being flushed, and is in no queue.
    if (call.method === 'openToRead' && partsIn(join(trial.b, folder))(call.path)) await flushing;
    if (call.method === 'sync' && onW(call.path)) {
      flushes += 1;
      release();
      await sleep(300);
    }
    return await proceed();
  });
  const report = await offloadTrial(trial, {files});
  t.is(flushes, 1);
  t.is(report.end.exitCode, 0);
  t.like(report.verdicts[0], {safe: true, account: {copied: 1, failed: 0}});
  const copy = join(trial.w, folder, 'MVI_0001-2.MP4');
  t.true((await readFile(copy)).equals(await readFile(join(trial.card, FILM))));
});
