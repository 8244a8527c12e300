import {failed, ok, type Result} from '../../core/cause.ts';
import type {Signature} from '../../core/volumes/diff-volumes.ts';
import {chooseListedMacMounts, parseMacMounts} from '../../core/volumes/mac-mounts.ts';
import {type DetectedDrive, listDrives} from './drivelist.ts';
import {linuxSignature} from './linux-signature.ts';
import type {VolumeTools} from './volume-tools.ts';
import type {SignatureSource} from './watch-volumes.ts';

/** ms. drivelist asks macOS and Windows itself and starts no process there. */
const DRIVELIST_EVERY_MS = 700;
/** ms. `mount` is a process: a few ms of CPU each time. */
const MOUNT_EVERY_MS = 1500;
/** ms. 26 small questions. */
const LETTERS_EVERY_MS = 1000;

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`);

type ListDrives = () => Promise<Result<readonly DetectedDrive[]>>;

function markDrives(drives: readonly DetectedDrive[]): Signature {
  return new Map(
    drives.flatMap(({device, description, mountPoints, size}) =>
      mountPoints.map((place): [string, string] => [place, `${device} ${size} ${description}`]),
    ),
  );
}

function drivelistSignature(list: ListDrives): SignatureSource {
  return {
    everyMs: DRIVELIST_EVERY_MS,
    // It leaves out network drives and software RAIDs.
    knowsAll: false,
    async readSignature() {
      const drives = await list();
      return drives.ok ? ok(markDrives(drives.value)) : drives;
    },
  };
}

function mountSignature(tools: VolumeTools): SignatureSource {
  return {
    everyMs: MOUNT_EVERY_MS,
    knowsAll: true,
    async readSignature() {
      const table = await tools.run('mount', []);
      if (!table.ok) return table;
      const mounts = chooseListedMacMounts(parseMacMounts(table.value));
      return ok(
        new Map(mounts.map(({mountPoint, source, flags}) => [mountPoint, `${source} ${flags}`])),
      );
    },
  };
}

/** Which letters lead somewhere. Another card at the same letter is seen only when the letter was free in between. */
function lettersSignature(tools: VolumeTools): SignatureSource {
  return {
    everyMs: LETTERS_EVERY_MS,
    knowsAll: false,
    async readSignature() {
      const answers = await Promise.all(LETTERS.map((letter) => tools.resolvePath(letter)));
      return ok(new Map(LETTERS.flatMap((letter, at) => (answers[at]?.ok ? [[letter, '']] : []))));
    },
  };
}

/** Chooses the cheapest way that works here to see what is mounted; it stays the same for the whole watch. */
export async function openSignature(
  tools: VolumeTools,
  list: ListDrives = listDrives,
): Promise<SignatureSource> {
  switch (tools.platform) {
    case 'linux':
      return linuxSignature(tools);
    case 'darwin':
      return (await list()).ok ? drivelistSignature(list) : mountSignature(tools);
    case 'win32':
      return (await list()).ok ? drivelistSignature(list) : lettersSignature(tools);
    default:
      return {
        everyMs: DRIVELIST_EVERY_MS,
        knowsAll: false,
        readSignature: async () =>
          failed({
            code: 'cannot-watch',
            message: `cards cannot be watched for on ${tools.platform}`,
            next: 'Name the card with --card.',
          }),
      };
  }
}
