/** What reads media in the tests of `verify/`: real files, real tools, blocks of two pages. */
import {ALIGNMENT, BlockPool} from '../../src/system/block-pool.ts';
import type {Files} from '../../src/system/files.ts';
import {hashText, loadHashEngine} from '../../src/system/hasher.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {runTool} from '../../src/system/tools.ts';
import type {MediumReader} from '../../verify/read-medium.ts';

export const TEST_BLOCK = 2 * ALIGNMENT;

const hashEngine = await loadHashEngine();

export const reader = (files: Files = realFiles): MediumReader => ({
  files,
  run: runTool,
  hashEngine,
  blocks: new BlockPool(2, TEST_BLOCK),
});

export const hashOfText = (text: string) => hashText(hashEngine, text);

export function hashBytes(bytes: Uint8Array): string {
  const hasher = hashEngine.create();
  hasher.update(bytes);
  return hasher.digest();
}
