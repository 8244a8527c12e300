/** A cloud as a volume that the catalog knows: with a place, and with drives that are nobody else's. */
import type {Catalog} from '../../../catalog/catalog.ts';
import {ok, type Result} from '../../../core/cause.ts';
import {type PhysicalDrives, relateDrives} from '../../../core/drive.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import {mayBeHere, type RemoteChain} from '../../../core/offsite/remote-chain.ts';
import type {VolumePair} from '../../../core/volumes/drive-relations.ts';
import {drivesOf} from '../../../core/volumes/known-volumes.ts';
import {volumeOf} from '../../../core/volumes/volume-id.ts';
import type {Program} from '../../program.ts';
import {findConnected} from '../../volumes/find-connected.ts';

/** @param chain what the remote is made of. */
export async function noteCloudVolume(
  program: Program,
  catalog: Catalog,
  {id, name, remote, place}: CloudJob,
  chain: RemoteChain,
): Promise<Result<void>> {
  const memory = await catalog.recallVolumes();
  if (!memory.ok) return memory;
  const drives = drivesOfRemote(chain);
  const others = new Map<string, PhysicalDrives>();
  for (const {destination, drives: one} of memory.value.destinations)
    others.set(volumeOf(destination), one);
  for (const {id: other, drives: one} of memory.value.seen) others.set(other, one);
  for (const {id: other, volume} of await findConnected(program))
    others.set(other, drivesOf(volume));
  const pairs = [...others].flatMap(([other, one]): VolumePair[] => {
    const relation = relateDrives(drives, one);
    if (other === id || relation === 'unknown') return [];
    const [a = '', b = ''] = [id, other].sort();
    return [{a, b, same: relation === 'same'}];
  });
  const seen = {
    id,
    name,
    role: 'off-site',
    place: place ?? remote,
    fileSystem: 'rclone',
    size: null,
    free: null,
    drives,
    path: remote,
    seenAt: program.clock.now().toISOString(),
  } as const;
  const noted = await catalog.noteVolumes([seen], pairs);
  return noted.ok ? ok(undefined) : noted;
}

/** A folder of this computer lies on one of its drives, and nobody knows on which; a server on this computer may be a tunnel. */
const drivesOfRemote = (chain: RemoteChain): PhysicalDrives =>
  mayBeHere(chain)
    ? {known: false, why: 'the remote may lie on this computer'}
    : // Two paths of one service are one drive, whatever stands in front of it.
      {known: true, ids: [...new Set(chain.ends.map(({type, name}) => `remote:${type}:${name}`))]};
