import {type MediumReader, readMedium} from '../../../verify/read-medium.ts';
import type {MhlFormat, MhlValues} from '../../core/mhl/formats.ts';
import type {MediumMethod} from '../../system/medium.ts';
import {MhlHashes} from '../../system/mhl-hasher.ts';

interface Completing {
  /** The copy, absolute. */
  readonly path: string;
  readonly method: MediumMethod;
  /** What its bytes are, 64 hex digits. */
  readonly blake3: string;
  readonly formats: ReadonlySet<MhlFormat>;
}

/**
 * Hashes of bytes that were read in this run. Where a format is not known the copy is read once more.
 * @returns undefined when it cannot be read, or gives other bytes.
 */
export async function completeValues(
  reader: MediumReader,
  hashes: MhlHashes,
  {path, method, blake3, formats}: Completing,
): Promise<MhlValues | undefined> {
  if (hashes.knows(blake3, formats)) return hashes.of(blake3);
  const again = new MhlHashes(formats);
  const reading = await again.beside((also) => readMedium(reader, {path, method, also}));
  if (!reading.ok || reading.value.hash !== blake3) return undefined;
  hashes.note(blake3, again.of(blake3));
  return hashes.of(blake3);
}
