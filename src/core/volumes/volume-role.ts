/** What a volume is for: the computer's own, a card, or a drive. */
import {holdsNothingElse, looksLikeCard, type ShallowTree} from '../card-folders.ts';
import {relateDrives, type Volume} from '../drive.ts';
import type {DriveSeen} from '../events.ts';

/** The volumes that the computer itself lives on. */
export interface OwnVolumes {
  readonly system: Volume;
  /** Holds the user's home folder; often the same. */
  readonly home: Volume;
}

export interface VolumeSigns {
  readonly volume: Volume;
  readonly tree: ShallowTree;
  /** The role in the volume's marker file: null when it has none there, undefined without a marker. */
  readonly marked: 'working' | 'backup' | 'off-site' | null | undefined;
  readonly own: OwnVolumes;
}

/** Places that hold parts of a system when they are mounted apart (Filesystem Hierarchy Standard 3.0, chapter 3; macOS). */
const SYSTEM_PLACES =
  /^\/(boot(\/.*)?|efi|usr(\/local)?|var(\/(log|tmp|cache|lib))?|opt|tmp|home|nix(\/store)?|System\/Volumes\/.+)?$/;

function isSystem({mountPoint}: Volume, {system, home}: OwnVolumes): boolean {
  if (SYSTEM_PLACES.test(mountPoint) || /^c:\\?$/i.test(mountPoint)) return true;
  if (mountPoint === system.mountPoint) return true;
  return mountPoint === home.mountPoint && home.removable !== true;
}

/** An image's file lies on a disk of the computer; what is in it may be a card all the same. */
const isImage = ({device}: Volume): boolean => /^\/dev\/loop\d/.test(device);

/** No card: shares and memory, and what lies on the disk that the system runs from. */
function mayBeCard(volume: Volume, {system}: OwnVolumes): boolean {
  if (volume.kind === 'network' || volume.kind === 'ram') return false;
  return isImage(volume) || relateDrives(volume.physical, system.physical) !== 'same';
}

/**
 * The system's own first; then the marker, whatever folders lie beside it (a backup may hold a DCIM folder); then the structure. A disk that is built in is a card only
 * when it holds nothing but a camera's folders: readers of CFexpress cards look like built-in disks, and so does a disk with an old DCIM folder among others.
 */
export function roleOf({volume, tree, marked, own}: VolumeSigns): DriveSeen['role'] {
  if (isSystem(volume, own)) return 'system';
  if (marked !== undefined) return marked ?? 'none';
  if (!mayBeCard(volume, own) || !looksLikeCard(tree)) return 'none';
  const isBuiltIn = volume.removable === false && !isImage(volume);
  return !isBuiltIn || holdsNothingElse(tree) ? 'card' : 'none';
}
