/** All shoots below one PATH are read back. */
import {type Cause, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {formatCount} from '../../core/format-amounts.ts';
import type {PartChoice} from '../../core/verify/slices.ts';
import type {Listening} from '../offload.ts';
import type {Program} from '../program.ts';
import type {UserFolder} from '../resolve-folder.ts';
import type {FindGoodCopies} from './find-good-copies.ts';
import {rememberTrusted} from './find-trusted.ts';
import {openHealer} from './heal-copies.ts';
import {openMirrorHealer} from './heal-mirror.ts';
import {healsShoot} from './heal-place.ts';
import {Mirrors} from './mirrors.ts';
import {openMirrorNotes} from './note-mirror-readings.ts';
import {openNotes} from './note-readings.ts';
import {openPart} from './open-part.ts';
import {addTally, emptyTally} from './tally.ts';
import {verifyMirror} from './verify-mirrors.ts';
import {verifyRecords} from './verify-records.ts';
import {walkShoots} from './walk-shoots.ts';

export interface FolderVerification {
  readonly folder: UserFolder;
  readonly part: PartChoice | undefined;
  readonly heal: boolean;
  /** Where good copies are, for the whole run. */
  readonly findGood: FindGoodCopies;
}

/** More copies than a cable or a crash spoils now and then. */
const FEW_LOST = 3;

/** @returns true when every recorded copy is as it was proved, or is again; why nothing was compared otherwise. */
export async function verifyFolder(
  program: Program,
  {folder, part: choice, heal, findGood}: FolderVerification,
  {emit, signal}: Listening,
): Promise<Result<boolean>> {
  const {real, path} = folder;
  const opened = await openPart(program, folder, {choice, emit});
  if (!opened.ok) return opened;
  const {volume, slice, finish} = opened.value;
  const sum = emptyTally();
  const findTrusted = rememberTrusted(program);
  const note = openNotes(program, {findTrusted, emit});
  let [shoots, records] = [0, 0];
  let allGood = true;
  const onProblem = (cause: Cause) => {
    allGood = false;
    emit({type: 'noticed', level: 'warning', ...cause});
  };
  const warn = (cause: Cause) => emit({type: 'noticed', level: 'warning', ...cause});
  const mirrors = new Mirrors(program, real, warn);
  await mirrors.lookAbove(real, onProblem);
  const onMirror = (one: string) => mirrors.look(one);
  const walk = {path: real, isVolume: volume !== null, onProblem, onMirror, signal};
  for await (const shoot of walkShoots(program, walk)) {
    shoots++;
    records += shoot.manifests.length + shoot.problems.length;
    // Another drive may be mounted below the path.
    const device = await deviceOf(program, shoot.shoot);
    const own =
      device === folder.device ? folder.volume : await program.describeVolume(shoot.shoot);
    const at = program.clock.now().toISOString();
    const healing = {isWanted: heal, findGood, emit, signal};
    const healer = openHealer(program, {...healing, place: healsShoot(shoot)});
    const isThere = async () =>
      device !== undefined && (await deviceOf(program, shoot.shoot)) === device;
    const about = {program, shoot, inside: real, slice, volume: own, isThere, emit, signal};
    const verified = await verifyRecords({...about, mirrors, heal: healer});
    addTally(sum, verified.tally);
    if (verified.isGone) {
      emit({type: 'noticed', level: 'warning', ...driveGone(shoot.shoot, sum.files)});
      return ok(false);
    }
    allGood &&= verified.allGood || verified.isBare;
    const {checked, replaced} = verified;
    await note({shoot, checked, replaced, at});
  }
  let toldMirrors = 0;
  for (const mirror of signal.aborted ? [] : await mirrors.all()) {
    if (signal.aborted) break;
    records++;
    const verified = await verifyMirror({
      program,
      mirror,
      inside: real,
      slice,
      note: openMirrorNotes(program, {folder: mirror.folder, findTrusted, emit}),
      heal: openMirrorHealer(program, {mirror, isWanted: heal, findGood, emit, signal}),
      emit,
      signal,
    });
    const {tally} = verified;
    addTally(sum, tally);
    if (verified.isGone) {
      warn(driveGone(mirror.folder, sum.files));
      return ok(false);
    }
    allGood &&= verified.allGood;
    if (tally.files + tally.followed > 0 || !verified.allGood) toldMirrors++;
  }
  if (!signal.aborted && (await deviceOf(program, real)) !== folder.device) {
    emit({type: 'noticed', level: 'warning', ...driveGone(path, sum.files)});
    return ok(false);
  }
  // Nothing compared is nothing proved; but a slice may take nothing.
  if (slice === undefined && sum.files + sum.followed === 0) allGood = false;
  // Nothing is refused of which something was told.
  if (records === 0 && !signal.aborted) return failed(noRecords(path));
  if (sum.lost > FEW_LOST)
    emit({type: 'noticed', level: 'warning', ...failingDrive(path, sum.lost)});
  if (signal.aborted) return ok(allGood);
  const {lost: _, cached: __, ...counts} = sum;
  const part = slice ?? null;
  const progress = await finish(allGood);
  const places = {shoots, mirrors: toldMirrors};
  emit({type: 'verify-finished', path, volume, ...places, ...counts, part, ...progress, allGood});
  return ok(allGood);
}

async function deviceOf({files}: Program, path: string): Promise<bigint | undefined> {
  try {
    return (await files.follow(path)).device;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

const failingDrive = (path: string, count: number): Cause => ({
  code: 'drive-failing',
  path,
  message: `the drive lost or cannot read ${formatCount(count)} copies`,
  next: 'Copy what is on it to another drive, then check it and its cable, and do not rely on it.',
});

const driveGone = (path: string, count: number): Cause => ({
  code: 'drive-gone',
  path,
  message: `the drive went away, or the folder did, after ${formatCount(count)} ${count === 1 ? 'copy was' : 'copies were'} read`,
  next: 'Connect the drive, check its cable, and run the same command again. Nothing behind this was read, and nothing is remembered of this run.',
});

const noRecords = (path: string): Cause => ({
  code: 'no-records',
  path,
  message: 'there is no record of an offload here, so there is nothing to compare with',
  next: 'Name a shoot folder, a folder in it, or the root of a drive that offload has written.',
});
