/** One shoot folder is read back and compared with its records. */
import {join, relative} from 'node:path';
import {staysInside} from '../../../verify/stays-inside.ts';
import {type CheckedCopy, copiesHere, verifyShoot} from '../../../verify/verify-shoot.ts';
import type {Volume} from '../../core/drive.ts';
import type {Emit} from '../../core/events.ts';
import type {Manifest, RecordedFile} from '../../core/manifest.ts';
import {type Change, judgeChange} from '../../core/verify/judge-change.ts';
import {isInSlice, type Slice} from '../../core/verify/slices.ts';
import type {RecordedShoot} from '../find-records.ts';
import {openShootMhl} from '../mhl/shoot-mhl.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import {describeCopy} from './describe-copy.ts';
import {judgeMirrored} from './judge-mirrored.ts';
import {type DoubtfulCopy, findLetGo} from './mirror-missing.ts';
import {followMirrors, type Mirrors} from './mirrors.ts';
import {archivePurged} from './recall-let-go.ts';
import {countCopy, countHealed, emptyTally, type Tally} from './tally.ts';

/** A copy that was read, and what its change looks like when it has one. */
export interface JudgedCopy extends CheckedCopy {
  readonly change: Change | undefined;
}

export interface ShootVerification {
  readonly program: Program;
  readonly shoot: RecordedShoot;
  /** Only copies in this folder are wanted. */
  readonly inside: string;
  readonly slice: Slice | undefined;
  /** That the shoot lies on. */
  readonly volume: Volume;
  readonly isThere: () => Promise<boolean>;
  /** What backups did to the copies since. */
  readonly mirrors: Mirrors;
  /** Brings bad copies back. @returns those that are good now. */
  readonly heal: (bad: readonly JudgedCopy[]) => Promise<readonly CheckedCopy[]>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface VerifiedShoot {
  readonly tally: Tally;
  readonly allGood: boolean;
  /** Its offloads copied nothing to anywhere, because all of it was on drives already. */
  readonly isBare: boolean;
  /** The drive went away: the rest was not read, and nothing is healed. */
  readonly isGone: boolean;
  /** The last word on each place that was read. */
  readonly checked: ReadonlyMap<string, CheckedCopy>;
  /** Places of which a mirror's word is later than the record's. */
  readonly replaced: ReadonlySet<string>;
}

export async function verifyRecords(verification: ShootVerification): Promise<VerifiedShoot> {
  const {program, shoot, inside, slice, volume, isThere, mirrors, heal, emit, signal} =
    verification;
  const {files, run, hashEngine, proofBlocks: blocks} = program;
  for (const problem of shoot.problems) emit({type: 'noticed', level: 'warning', ...problem});
  const part = relative(shoot.shoot, inside).split(/[/\\]/).join('/');
  const isInside = (target: string) =>
    part === '' || part.startsWith('..') || target === part || target.startsWith(`${part}/`);
  // A later record of the same place is the one that counts, and no copy is read twice.
  const claimed = new Set<string>();
  const checked = new Map<string, CheckedCopy>();
  const bad: JudgedCopy[] = [];
  const tally = emptyTally();
  const mhl = await openShootMhl(program, shoot);
  const governing = await mirrors.govern(shoot.shoot);
  const doubtful: DoubtfulCopy[] = [];
  const replaced = new Set<string>();
  const take = (copy: CheckedCopy, change: Change | undefined) => {
    mhl?.note(copy);
    countCopy(tally, copy, change);
    if (copy.state.kind !== 'stopped') checked.set(copy.target, copy);
    if (copy.state.kind !== 'stopped' && copy.state.kind !== 'good') bad.push({...copy, change});
    const told = describeCopy(copy, {shoot: shoot.shoot, change});
    if (told !== undefined) emit(told);
  };
  let isGone = false;
  for (const by of newestFirst(shoot)) {
    if (isGone) break;
    const followed = followMirrors(by.manifest, governing);
    const {manifest} = followed;
    const method = await chooseReadMethod(
      program,
      volume,
      findInside(files, shoot.shoot, manifest),
    );
    const isRead = await verifyShoot({
      reader: {files, run, hashEngine, blocks},
      manifest,
      shoot: shoot.shoot,
      method,
      isThere,
      signal,
      mhl: mhl?.hashes,
      wants(target, file) {
        if (!isInside(target) || claimed.has(target) || followed.elsewhere.has(target))
          return false;
        claimed.add(target);
        return slice === undefined || isOf(file, slice);
      },
      onChecked(copy) {
        const {target, file, state} = copy;
        const known = followed.replaced.get(target);
        const kind = {path: file.path, keepsLocalTimes: keepsLocalTimes(volume)};
        const change =
          known === undefined ? judge(copy, {manifest, volume}) : judgeMirrored(state, known, kind);
        const isDoubtful =
          governing.length > 0 &&
          (state.kind === 'missing' || change === 'edited' || change === 'altered');
        if (known !== undefined) replaced.add(target);
        if (isDoubtful) doubtful.push({copy, change, by});
        else take(copy, change);
      },
    });
    isGone = !isRead;
  }
  if (isGone) return {tally, allGood: false, isBare: false, isGone, checked, replaced};
  const letGo = await findLetGo(program, governing, doubtful);
  for (const {target} of letGo.keys()) replaced.add(target);
  const purged = [...letGo.values()].flatMap((at) => at ?? []);
  if (purged.length > 0)
    emit({type: 'noticed', level: 'info', ...archivePurged(purged, shoot.shoot)});
  tally.followed = replaced.size;
  for (const {copy, change} of doubtful) if (!letGo.has(copy)) take(copy, change);
  if (mhl !== undefined && !signal.aborted) await mhl.append({volume, emit});
  const changes = new Map(bad.map(({target, change}) => [target, change]));
  if (bad.length > 0 && !signal.aborted) {
    for (const copy of await heal(bad)) {
      checked.set(copy.target, copy);
      countHealed(tally, changes.get(copy.target));
    }
  }
  const problems = shoot.problems.length;
  // Nothing compared is nothing proved; but a slice may take nothing of a shoot.
  const hasNone = slice === undefined ? tally.files + letGo.size === 0 : claimed.size === 0;
  const allGood = !hasNone && tally.bad === 0 && problems === 0;
  if (slice === undefined || hasNone || tally.files + tally.followed + problems > 0) {
    const {lost: _, ...counts} = tally;
    emit({type: 'shoot-verified', shoot: shoot.shoot, ...counts, problems, allGood});
  }
  return {tally, allGood, isBare: isBare(shoot), isGone, checked, replaced};
}

const isBare = ({manifests, problems}: RecordedShoot): boolean =>
  manifests.length > 0 &&
  problems.length === 0 &&
  manifests.every(({manifest}) =>
    manifest.files.every(({copies, alreadyOn}) => copies.length === 0 && alreadyOn !== undefined),
  );

const isOf = ({blake3}: RecordedFile, slice: Slice): boolean =>
  blake3 === null ? slice.part === 1 : isInSlice(blake3, slice);

/** True where times are those of a clock on a wall, or may be. */
export const keepsLocalTimes = ({fileSystem}: Volume): boolean => !IN_UTC.test(fileSystem);

/** Names of file systems that count in UTC. Of a `fuseblk` nobody says what is behind it. */
const IN_UTC = /^(?:ext[234]|xfs|btrfs|zfs|f2fs|apfs|hfs|hfsplus|ntfs|ntfs3|refs|nfs4?)$/i;

function judge(
  {target, file, state}: CheckedCopy,
  {manifest, volume}: {readonly manifest: Manifest; readonly volume: Volume},
): Change | undefined {
  if (state.kind !== 'changed') return undefined;
  const {path, size, mtimeNs, copies} = file;
  const own = copies.find(
    (copy) => copy.destination === manifest.writtenTo && copy.target === target,
  );
  const writing = {
    fromMs: Date.parse(manifest.startedAt),
    toMs: Date.parse(own?.provedAt ?? manifest.endedAt),
  };
  const recorded = {
    path,
    size,
    mtimeNs: BigInt(mtimeNs),
    writing,
    keepsLocalTimes: keepsLocalTimes(volume),
  };
  return judgeChange(recorded, state.found);
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
