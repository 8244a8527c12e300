import {errnoOf} from '../core/cause.ts';
import type {Volume} from '../core/drive.ts';
import {type MediumMethod, probeCard} from '../system/medium.ts';
import type {Program} from './program.ts';

/**
 * Finds out how files of a volume are read past the cache, by reading one of them. Writes nothing.
 * @param samples paths of files that should be there; the first that is not empty is used.
 */
export async function chooseReadMethod(
  {files, run}: Program,
  volume: Volume,
  samples: Iterable<string> | AsyncIterable<string>,
): Promise<MediumMethod> {
  for await (const sample of samples) {
    try {
      const facts = await files.look(sample);
      if (facts.kind === 'file' && facts.size > 0)
        return await probeCard({files, run, volume}, sample);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  // Nothing to read but empty files: their size is their content, and it comes from no cache of bytes.
  return {kind: 'direct'};
}
