/** The first writes to a folder of snapshots, or to one that is restored into: the folder, its lock, the probe of how the drive is written and read back. */
import {join} from 'node:path';
import {causeFrom, failed, ok, type Result} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {printable} from '../../core/printable.ts';
import {type FolderLock, lockFolder} from '../../engine/folder-lock.ts';
import {Lane} from '../../engine/lane.ts';
import {MismatchTally} from '../../engine/mismatch-tally.ts';
import {probeDestination} from '../../system/medium.ts';
import {namingRulesOf} from '../../system/naming-rules.ts';
import type {Program} from '../program.ts';
import {placeLocked} from './lightroom-causes.ts';

export interface PlaceSetting {
  /** A folder that is there and stays, absolute, without links. */
  readonly to: string;
  /** Below it, parts joined by `/`: made when it is missing. */
  readonly folder: string;
  readonly volume: Volume;
  /** What a person calls the drive. */
  readonly name: string;
  /** Number of the file system of `to`. */
  readonly device: bigint;
}

export interface OpenedPlace {
  readonly lane: Lane;
  readonly close: () => Promise<void>;
}

/** A mirror leaves out what is called so. */
const LOCK_NAME = '.offload-lock';

/** Files that are read back at the same time: one where a head would have to jump. */
const proofsAtOnce = (rotating: boolean | null): number => (rotating === true ? 1 : 2);

export async function openPlace(
  program: Program,
  {to, folder, volume, name, device}: PlaceSetting,
): Promise<Result<OpenedPlace>> {
  const {files, run, self, clock, newWord} = program;
  const lane = new Lane({
    files,
    run,
    destination: {to, name, volume, rules: namingRulesOf(volume), device},
    shoot: folder,
    order: 'overlap',
    proofsAtOnce: proofsAtOnce(volume.rotating),
    tally: new MismatchTally(),
  });
  let letGo = async () => {};
  let lock: FolderLock | undefined;
  try {
    letGo = await files.hold(to);
    await makeFolders(program, {to, folder, volume, name, device});
    const locked = await lockFolder(
      {files, self, since: clock.now(), token: newWord()},
      {path: join(lane.root, LOCK_NAME), doing: 'locking the snapshots', refusal: placeLocked},
    );
    if (!locked.ok) {
      await letGo();
      return locked;
    }
    lock = locked.value;
    // Files are written one after the other: each is flushed by itself.
    const probe = {files, run, volume, wantsBatches: false};
    const access = await probeDestination(probe, lane.root, `.offload-probe-${newWord()}.part`);
    lane.open({id: '', access});
    return ok({lane, close: () => locked.value.release().finally(letGo)});
  } catch (error) {
    await lock?.release();
    await letGo();
    return failed(causeFrom(error, `preparing ${printable(name)}`, lane.root));
  }
}

/** A lane makes its own folder, and takes those above it as given. */
async function makeFolders(
  {files, run}: Program,
  {to, folder, volume, name, device}: PlaceSetting,
): Promise<void> {
  const setting = {
    files,
    run,
    order: 'overlap',
    proofsAtOnce: 1,
    tally: new MismatchTally(),
  } as const;
  const destination = {to, name, volume, rules: namingRulesOf(volume), device};
  await new Lane({...setting, destination, shoot: ''}).makeFolder(folder);
}
