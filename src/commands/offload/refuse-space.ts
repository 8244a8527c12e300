import {type Cause, causeFrom} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {printable} from '../../core/printable.ts';
import {measureTemporaries} from '../../engine/clean-temporaries.ts';
import {bytesToWrite} from '../../engine/plan-copies.ts';
import {largestFileOn} from '../../system/naming-rules.ts';
import type {Program} from '../program.ts';
import {tooFull, tooLarge} from '../space-causes.ts';
import type {PreparedCard} from './prepare-card.ts';

/** Room for manifest, list and journal: about 1 KiB a file in all (measured), and a little for the file system itself. */
const RECORD_BYTES_PER_FILE = 1024;
const RECORD_BYTES = 1024 * 1024;

/**
 * Finds out whether everything that is really to be written fits, for all cards together.
 * @returns the first destination that is too small, or that cannot hold a file of that size.
 */
export async function findSpaceProblem(
  {files}: Program,
  cards: readonly PreparedCard[],
  emit: Emit,
): Promise<Cause | undefined> {
  const needed = new Map<bigint, {bytes: number; to: string; name: string}>();
  for (const {plan, lanes, ref, earlier} of cards) {
    for (const lane of lanes) {
      const {to, name, device, volume} = lane.destination;
      const limit = largestFileOn(volume);
      const large = plan.files.find(({file}) => limit !== null && file.size > limit);
      if (large !== undefined)
        return tooLarge({path: large.file.path, size: large.file.size}, name);
      // What the earlier run left unfinished is removed before anything is copied.
      const freed =
        earlier === undefined
          ? 0
          : await measureTemporaries(lane, {files, emit, offload: earlier.offload, plan});
      const records = plan.files.length * RECORD_BYTES_PER_FILE + RECORD_BYTES;
      const bytes = bytesToWrite(plan, lane) + records - freed;
      const before = needed.get(device)?.bytes ?? 0;
      needed.set(device, {bytes: before + bytes, to, name: name === '' ? ref.label : name});
    }
  }
  for (const {bytes, to, name} of needed.values()) {
    let free: number;
    try {
      free = await files.freeBytes(to);
    } catch (error) {
      return causeFrom(error, `asking ${printable(name)} for its free space`, to);
    }
    if (free < bytes) return tooFull({to, name, bytes, free});
  }
  return undefined;
}
