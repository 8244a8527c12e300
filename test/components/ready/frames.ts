import {readFile, writeFile} from 'node:fs/promises';

/**
 * @returns the frame that is kept in `frames/<name>.txt`. With UPDATE_FRAMES=1 the file is written first: look at what changed before
 * it is kept.
 */
export async function keptFrame(name: string, frame: string): Promise<string> {
  const file = new URL(`./frames/${name}.txt`, import.meta.url);
  if (process.env.UPDATE_FRAMES === '1') await writeFile(file, `${frame}\n`);
  const kept = await readFile(file, 'utf8');
  return kept.replace(/\n$/, '');
}
