import {mkdtemp, realpath, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';

/** Makes a folder that is removed after the test. @param parent an existing folder; the system's own for temporary files when it is not given. */
export async function makeTemporaryFolder(
  t: ExecutionContext,
  parent: string = tmpdir(),
): Promise<string> {
  const folder = await realpath(await mkdtemp(join(parent, 'offload-test-')));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

/** A test that this machine cannot run says so and passes. */
export function skip(t: ExecutionContext, why: string): void {
  t.log(`skipped: ${why}`);
  t.pass();
}
