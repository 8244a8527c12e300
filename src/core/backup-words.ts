/** What a backup does and what came of it, in words for the screens. */

import {causeText} from './cause-text.ts';
import type {BackupFinished, BackupProgress, BackupStep} from './events.ts';
import {perCentOf} from './figures.ts';
import {formatBytes, formatCount} from './format-amounts.ts';
import type {Tone} from './phrase.ts';
import {printable} from './printable.ts';
import type {BackupRun, TargetRun} from './session/backup-run.ts';
import {unreachable} from './unreachable.ts';
import {countFiles} from './words.ts';

/** @returns what is done now: `looking: 12,400 files so far`. */
export function describeBackupPhase({phase, looked, steps, done}: BackupProgress): string {
  switch (phase) {
    case 'scan':
      return `looking for changes: ${countFiles(looked)} so far`;
    case 'copy':
      return `copying and proving: ${formatCount(done)} of ${formatCount(steps)}`;
    case 'archive':
      return 'moving what is gone to the archive';
    case 'purge':
      return 'removing what is old from the archive';
    case 'seal':
      return 'writing the record';
    default:
      return unreachable(phase);
  }
}

/** @returns per cent of the bytes; of the steps where no bytes are to be read. */
export function backupPerCent({bytes, read, steps, done, phase}: BackupProgress): number {
  if (phase === 'scan') return 0;
  return bytes > 0 ? perCentOf(read, bytes) : perCentOf(done, steps);
}

/** @returns `Backup of photos to LaCie Rugged: 42 %`. */
export function describeBackupShort(run: BackupRun, target: TargetRun | null): string {
  const what = `${run.preview ? 'Preview' : 'Backup'} of ${printable(run.job)}`;
  if (run.stopping) return `${what} is being stopped`;
  if (target === null || target.progress === null) return `${what} begins`;
  const where = `${what} to ${printable(target.target)}`;
  const {progress} = target;
  return progress.phase === 'scan' ? `${where}: looking` : `${where}: ${backupPerCent(progress)} %`;
}

export interface ResultWords {
  readonly headline: string;
  readonly tone: Tone | 'good';
  /** Sentences: what was done, what is wrong, what to do. */
  readonly sentences: readonly string[];
}

const RESULTS: Readonly<Record<BackupFinished['result'], string>> = {
  good: 'in step',
  incomplete: 'NOT IN STEP',
  waiting: 'deletions wait for your yes',
  stopped: 'stopped',
  refused: 'REFUSED',
  away: 'not connected',
};

const TONES: Readonly<Record<BackupFinished['result'], ResultWords['tone']>> = {
  good: 'good',
  incomplete: 'failure',
  waiting: 'decision',
  stopped: 'decision',
  refused: 'failure',
  away: 'decision',
};

const PREVIEWS: Readonly<Record<BackupFinished['result'], string>> = {
  ...RESULTS,
  good: 'this would be done; nothing was written',
  incomplete: 'this would be done, and not all of it can be; nothing was written',
  waiting: 'this would be done, and deletions would wait; nothing was written',
};

/** @returns what came of one target. */
export function describeFinished(finished: BackupFinished): ResultWords {
  const {result, preview, target, message, next} = finished;
  const words = (preview ? PREVIEWS : RESULTS)[result];
  const isBegun = result !== 'refused' && result !== 'away';
  const why =
    message === undefined ? [] : [causeText({message: capital(message), next: next ?? ''})];
  return {
    headline: `${printable(target)}: ${words}`,
    tone: preview && result === 'good' ? 'plain' : TONES[result],
    sentences: isBegun ? [...why, ...describeTrouble(finished), countDone(finished)] : why,
  };
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** @returns what was done with files, in the order in which it is told. */
export function countSteps(
  finished: BackupFinished,
): ReadonlyArray<readonly [count: number, words: string]> {
  const {copied, replaced, patched, moved, adopted, retimed, archived, purged} = finished;
  return [
    [copied, 'copied'],
    [replaced, 'replaced'],
    [patched, 'patched'],
    [moved, 'moved'],
    [adopted, 'found there and proved'],
    [retimed, 'with another time and the same bytes'],
    [archived, 'to the archive'],
    [purged, 'removed from the archive'],
  ];
}

/** @returns `1,224 files, 18.4 GB: 1,200 unchanged, 12 copied, 3 to the archive.` */
function countDone(finished: BackupFinished): string {
  const {files, bytes, unchanged, preview, bytesWritten} = finished;
  const told = [[unchanged, 'unchanged'] as const, ...countSteps(finished)].filter(
    ([count]) => count > 0,
  );
  const parts = [
    ...told.map(([count, words]) => `${formatCount(count)} ${words}`),
    ...(preview || bytesWritten === 0 ? [] : [`${formatBytes(bytesWritten)} written`]),
  ];
  const all = `${countFiles(files)}, ${formatBytes(bytes)}`;
  return parts.length === 0 ? `${all}.` : `${all}: ${parts.join(', ')}.`;
}

function describeTrouble(finished: BackupFinished): readonly string[] {
  const {failed, alarms, held, strangers, cached, preview} = finished;
  const told = (count: number, one: string, many: string): readonly string[] =>
    count === 0 ? [] : [`${formatCount(count)} ${count === 1 ? one : many}`];
  return [
    ...told(
      failed,
      'file failed: l says which and why. What was there before stays.',
      'files failed: l lists them with their reasons. What was there before stays.',
    ),
    ...told(
      alarms,
      'raw file or film changed, and never should: its old copy stays. Press l and compare both.',
      'raw files or films changed, and never should: their old copies stay. Press l and compare them.',
    ),
    ...told(
      held,
      `deletion ${preview ? 'would be' : 'is'} held back: y asks about it.`,
      `deletions ${preview ? 'would be' : 'are'} held back: y asks about them.`,
    ),
    ...told(
      cached,
      'file may have been read back from memory and not from the drive.',
      'files may have been read back from memory and not from the drive.',
    ),
    ...told(
      strangers,
      'file on the target is not of this job, and is left alone.',
      'files on the target are not of this job, and are left alone.',
    ),
  ];
}

/** @returns `copy`, `FAILED copy`, `would replace`: what stands before a path. */
export function describeStep({action, state}: BackupStep): string {
  if (state === 'failed') return `FAILED ${ACTIONS[action]}`;
  return ACTIONS[action];
}

const ACTIONS: Readonly<Record<BackupStep['action'], string>> = {
  copy: 'copy',
  replace: 'replace',
  patch: 'patch',
  move: 'move',
  archive: 'archive',
  purge: 'purge',
  adopt: 'adopt',
  retime: 'retime',
  hold: 'hold',
};

/** @returns why a step failed or was held back, and what to do; null for one that is simply done. */
export function describeStepTrouble({message, next}: BackupStep): string | null {
  return message === undefined ? null : causeText({message: capital(message), next: next ?? ''});
}
