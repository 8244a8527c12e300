/** Hours may lie between the look at all drives and the turn of a target: another drive may stand in its place by then, with the same marker. */
import type {Cause} from '../../../core/cause.ts';
import {printable} from '../../../core/printable.ts';
import type {ConnectedVolume} from '../../../core/volumes/known-volumes.ts';
import {fitMarker} from '../../../core/volumes/marker-fit.ts';
import type {Program} from '../../program.ts';
import {findConnected, identify} from '../../volumes/find-connected.ts';

/**
 * Looks at the drives again: marker, id of the file system, size, and whether a second drive has the same marker now. A clone of every byte that has taken the very place of its original is not seen.
 * @returns why one of them is not what it was; undefined when all are.
 */
export async function findSwapped(
  program: Program,
  volumes: readonly ConnectedVolume[],
): Promise<Cause | undefined> {
  const connected = await findConnected(
    program,
    volumes.map(({folder}) => folder),
  );
  for (const volume of volumes) {
    const same = connected.filter(({id}) => id === volume.id);
    const place = await identify(program, volume.folder);
    const [now] = same;
    const isSame =
      now !== undefined &&
      same.length === 1 &&
      now.trust === 'fits' &&
      (await identify(program, now.folder)) === place &&
      isAsBefore(volume, now);
    if (!isSame) return swapped(volume, same.length > 1);
  }
  return undefined;
}

/** By id of the file system and size, as far as both looks know them. */
const isAsBefore = ({volume: {uuid, size}}: ConnectedVolume, {volume}: ConnectedVolume): boolean =>
  fitMarker({fsUuid: uuid, sizeBytes: size}, volume) === 'fits';

const swapped = ({name, folder}: ConnectedVolume, isTwin: boolean): Cause => ({
  code: 'volume-swapped',
  path: folder,
  message: isTwin
    ? `a second drive with the marker of ${printable(name)} was connected since the run began: nobody knows which is which`
    : `what is connected here now is not the ${printable(name)} that was there when the run began`,
  next: 'Look at offload volumes, connect the right drive alone, then run the same job again.',
});
