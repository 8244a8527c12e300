/** The first writes to a target: its folder, the lock, the probe of how the drive is written and read back. */
import {join} from 'node:path';
import {runOfPart} from '../../../core/backup/mirror-temporaries.ts';
import {MIRROR_FOLDER} from '../../../core/backup/mirror-tree.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../../core/cause.ts';
import {printable} from '../../../core/printable.ts';
import type {Destination} from '../../../engine/destination.ts';
import {type FolderLock, lockFolder} from '../../../engine/folder-lock.ts';
import {Lane} from '../../../engine/lane.ts';
import {MismatchTally} from '../../../engine/mismatch-tally.ts';
import type {Files} from '../../../system/files.ts';
import {probeDestination} from '../../../system/medium.ts';
import {namingRulesOf} from '../../../system/naming-rules.ts';
import type {Program} from '../../program.ts';
import type {Place} from './find-places.ts';

export interface OpenedTarget {
  readonly lane: Lane;
  /** `.offload-mirror` of the target, absolute. */
  readonly mirrorFolder: string;
  readonly close: () => Promise<void>;
}

/** Files that are read back at the same time: one where a head would have to jump. */
const proofsAtOnce = (rotating: boolean | null): number => (rotating === true ? 1 : 2);

/** In bytes. */
const SMALL_MEAN_SIZE = 1024 * 1024;
const SMALL_PROOFS_AT_ONCE = 4;

/** Small files are read back more at a time, where no head has to jump. */
export function suitProofs(
  {proofs}: Lane,
  {files, bytes}: {readonly files: number; readonly bytes: number},
): void {
  const isSmall = bytes / Math.max(files, 1) < SMALL_MEAN_SIZE;
  if (isSmall && proofs.concurrency > 1) proofs.concurrency = SMALL_PROOFS_AT_ONCE;
}

/** Holds the drive, makes the target folder, locks it, and tries how it is written and read back. */
export async function openTarget(
  program: Program,
  {volume: on, root, folder, device}: Place,
): Promise<Result<OpenedTarget>> {
  const {files, run, self, clock, newWord} = program;
  const {name, volume} = on;
  const destination: Destination = {to: root, name, volume, rules: namingRulesOf(volume), device};
  const setting = {
    files,
    run,
    destination,
    order: 'overlap',
    proofsAtOnce: proofsAtOnce(volume.rotating),
    tally: new MismatchTally(),
  } as const;
  let letGo = async () => {};
  let lock: FolderLock | undefined;
  try {
    letGo = await files.hold(root);
    // Parts joined by `/`, as a lane has them; empty for the volume's own root.
    const shoot = folder.slice(root.length).split(/[/\\]/).filter(Boolean).join('/');
    await new Lane({...setting, shoot: ''}).makeFolder(shoot);
    const lane = new Lane({...setting, shoot});
    await lane.makeFolder(MIRROR_FOLDER);
    const mirrorFolder = lane.absolute(MIRROR_FOLDER);
    const locked = await lockFolder(
      {files, self, since: clock.now(), token: newWord()},
      {path: join(mirrorFolder, 'lock'), doing: 'locking the target', refusal: targetLocked},
    );
    if (!locked.ok) {
      await letGo();
      return locked;
    }
    lock = locked.value;
    await sweepMirrorFolder(files, mirrorFolder);
    const probe = {files, run, volume, wantsBatches: true};
    const access = await probeDestination(probe, mirrorFolder, `.offload-probe-${newWord()}.part`);
    lane.open({id: on.id, access});
    return ok({
      lane,
      mirrorFolder,
      close: () => locked.value.release().finally(letGo),
    });
  } catch (error) {
    await lock?.release();
    await letGo();
    return failed(causeFrom(error, `preparing ${printable(name)}`, folder));
  }
}

/** What runs that died left of probes, states and locks. The folder must be locked. */
async function sweepMirrorFolder(files: Files, folder: string): Promise<void> {
  for (const name of await files.list(folder)) {
    if (/^(?:\.offload-.*\.part|lock\.stale-.*)$/.test(name))
      await files.removeFile(join(folder, name));
  }
}

const targetLocked = (who: string, path: string): Cause => ({
  code: 'target-locked',
  path,
  message: `another backup writes into this target: ${who}`,
  next: `Wait until it is done. If no backup runs there, remove ${path}.`,
});

/** Removes what runs that died left in a folder of the target, which must be locked. @throws the system's error. */
export async function sweepParts(files: Files, folder: string, run: string): Promise<void> {
  let names: readonly string[];
  try {
    names = await files.list(folder);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
    return;
  }
  for (const name of names) {
    const made = runOfPart(name);
    if (made === undefined || made === run) continue;
    const path = join(folder, name);
    if ((await files.look(path)).kind === 'file') await files.removeFile(path);
  }
}
