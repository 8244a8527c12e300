/** Frames as files, to be looked at: `UPDATE_FRAMES=1` writes them anew. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';

/** Compares a frame with `frames/<name>.txt` beside the test. */
export function checkFrame(
  t: ExecutionContext,
  frame: string,
  {beside, name}: {readonly beside: string; readonly name: string},
): void {
  const file = fileURLToPath(new URL(`frames/${name}.txt`, beside));
  if (process.env.UPDATE_FRAMES === '1') {
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, `${frame}\n`);
  }
  t.is(frame, readFileSync(file, 'utf8').replace(/\n$/, ''));
}
