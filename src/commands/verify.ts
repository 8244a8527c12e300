/** `offload verify PATH…`: reads copies again and compares them with their records. */
import {join, relative} from 'node:path';
import {staysInside} from '../../verify/stays-inside.ts';
import {type CheckedCopy, copiesHere, verifyShoot} from '../../verify/verify-shoot.ts';
import type {Cause} from '../core/cause.ts';
import type {Emit} from '../core/events.ts';
import type {Manifest} from '../core/manifest.ts';
import {unreachable} from '../core/unreachable.ts';
import {findRecordedShoots, type RecordedShoot} from './find-records.ts';
import {openShootMhl} from './mhl/shoot-mhl.ts';
import type {Listening, RunEnd} from './offload.ts';
import type {Program} from './program.ts';
import {chooseReadMethod} from './read-method.ts';
import {resolveFolder} from './resolve-folder.ts';

interface Tally {
  files: number;
  good: number;
  bad: number;
  bytes: number;
  cached: number;
}

/** @returns exit code 0 when every recorded copy below the paths is as it was proved, 1 when one is not, 2 when there is nothing to compare with. */
export async function verify(
  program: Program,
  paths: readonly string[],
  {emit, signal}: Listening,
): Promise<RunEnd> {
  const refuse = (cause: Cause): RunEnd => {
    emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  let allGood = true;
  for (const text of paths) {
    const folder = await resolveFolder(program, text, 'path');
    if (!folder.ok) return refuse(folder.cause);
    const {real, path, volume} = folder.value;
    const shoots = await findRecordedShoots(program, real);
    if (shoots.every(({manifests, problems}) => manifests.length + problems.length === 0)) {
      return refuse(noRecords(path));
    }
    for (const shoot of shoots) {
      const good = await verifyRecords({program, shoot, inside: real, volume, emit, signal});
      allGood &&= good;
    }
    if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  }
  return {outcome: 'complete', exitCode: allGood ? 0 : 1};
}

interface ShootVerification {
  readonly program: Program;
  readonly shoot: RecordedShoot;
  /** Only copies in this folder are wanted. */
  readonly inside: string;
  readonly volume: Parameters<typeof chooseReadMethod>[1];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

async function verifyRecords(verification: ShootVerification): Promise<boolean> {
  const {program, shoot, inside, volume, emit, signal} = verification;
  const {files, run, hashEngine, proofBlocks: blocks} = program;
  for (const problem of shoot.problems) emit({type: 'noticed', level: 'warning', ...problem});
  const part = relative(shoot.shoot, inside).split(/[/\\]/).join('/');
  const wants = (target: string) =>
    part === '' || part.startsWith('..') || target === part || target.startsWith(`${part}/`);
  const seen = new Set<string>();
  const tally: Tally = {files: 0, good: 0, bad: 0, bytes: 0, cached: 0};
  const mhl = await openShootMhl(program, shoot);
  for (const {manifest} of newestFirst(shoot)) {
    const method = await chooseReadMethod(
      program,
      volume,
      findInside(files, shoot.shoot, manifest),
    );
    await verifyShoot({
      reader: {files, run, hashEngine, blocks},
      manifest,
      shoot: shoot.shoot,
      method,
      signal,
      mhl: mhl?.hashes,
      // A later record of the same place is the one that counts, and no copy is read twice.
      wants: (target) => wants(target) && !seen.has(target),
      onChecked: (copy) => {
        seen.add(copy.target);
        mhl?.note(copy);
        countCopy(tally, copy);
        tellCopy(copy, shoot.shoot, emit);
      },
    });
  }
  if (mhl !== undefined && !signal.aborted) await mhl.append({volume, emit});
  const {files: checked, good, bad, bytes, cached} = tally;
  // Nothing compared is nothing proved.
  const allGood = checked > 0 && bad === 0 && shoot.problems.length === 0;
  emit({
    type: 'shoot-verified',
    shoot: shoot.shoot,
    files: checked,
    good,
    bad,
    bytes,
    cached,
    problems: shoot.problems.length,
    allGood,
  });
  return allGood;
}

/** Gives the recorded copies that really lie in the shoot: a link on the way could lead to a file of somebody else. */
async function* findInside(
  files: Program['files'],
  shoot: string,
  manifest: Manifest,
): AsyncGenerator<string> {
  for (const {target} of copiesHere(manifest)) {
    const place = join(shoot, target);
    if (await staysInside(files, shoot, place)) yield place;
  }
}

const newestFirst = ({manifests}: RecordedShoot) =>
  [...manifests].sort((a, b) => (a.manifest.endedAt < b.manifest.endedAt ? 1 : -1));

function countCopy(tally: Tally, {file, state}: CheckedCopy): void {
  if (state.kind === 'stopped') return;
  tally.files++;
  tally.bytes += file.size;
  if (state.kind === 'good') tally.good++;
  else tally.bad++;
  if ('mediumRead' in state && state.mediumRead === 'cached') tally.cached++;
}

function tellCopy({target, file, state}: CheckedCopy, shoot: string, emit: Emit): void {
  const about = {
    type: 'copy-checked',
    path: join(shoot, target),
    cardPath: file.path,
    size: file.size,
  } as const;
  switch (state.kind) {
    case 'good':
      emit({...about, state: 'good', mediumRead: state.mediumRead});
      return;
    case 'missing':
      emit({
        ...about,
        state: 'missing',
        message: 'it is not there any more',
        next: 'Copy it back from the other drive.',
      });
      return;
    case 'changed':
      emit({
        ...about,
        state: 'changed',
        mediumRead: state.mediumRead,
        message: 'its bytes are not the ones that were proved',
        next: 'If nobody edited it, the drive lost it: copy it back from the other drive and check this one.',
      });
      return;
    case 'unreadable':
      emit({
        ...about,
        state: 'unreadable',
        message: state.message,
        next: 'Check the drive, and copy the file back from the other one.',
      });
      return;
    case 'stopped':
      return;
    default:
      unreachable(state);
  }
}

const noRecords = (path: string): Cause => ({
  code: 'no-records',
  path,
  message: 'there is no record of an offload here, so there is nothing to compare with',
  next: 'Name a shoot folder, a folder in it, or the root of a drive that offload has written.',
});
