/** What the ready screen says of all drives together, worked out of the session once for a frame. */

import {describeBackupShort} from '../../src/core/backup-words.ts';
import {
  describeFit,
  describeProofs,
  shareFree,
  weighCard,
  weighWaiting,
} from '../../src/core/drive-words.ts';
import type {Now} from '../../src/core/format-dates.ts';
import {describeJobsShort} from '../../src/core/job-words.ts';
import {findRoleProblems} from '../../src/core/role-problems.ts';
import {isBackingUp, targetAtWork} from '../../src/core/session/backup-run.ts';
import type {SessionCard, SessionState} from '../../src/core/session/session-state.ts';
import type {ShownDrive} from './drive-rows.tsx';
import type {Sentence} from './sentences.tsx';

export interface ReadyFacts {
  /** The selected card. */
  readonly card: SessionCard | undefined;
  readonly drives: readonly ShownDrive[];
  /** What stands in the way of SAFE TO FORMAT; when nothing does, what is well. */
  readonly notes: readonly Sentence[];
}

/** @param low true where a drive's row has no room to say whether the cards fit: then a sentence says that they do not. */
export function gatherFacts(
  state: SessionState,
  {low, now}: {readonly low: boolean; readonly now: Now},
): ReadyFacts {
  const {cards, drives, looked} = state;
  const card = cards.find(({path}) => path === state.selectedCard);
  const selected = weighCard(card);
  const waiting = weighWaiting(cards);
  const problems = looked ? findRoleProblems(drives, card?.volume ?? null) : [];
  const shown = drives.map((drive): ShownDrive => {
    const isUsed = drive.letter !== null;
    return {
      drive,
      fit: isUsed ? describeFit(selected, waiting, shareFree(drive, drives)) : null,
      warned: problems.some((problem) => problem.drives.includes(drive.path)),
    };
  });
  const proofs = describeProofs(drives);
  return {
    card,
    drives: shown,
    notes: [
      ...problems.map(({words}) => ({words, warns: true})),
      ...(low ? shown.flatMap(tellShortage) : []),
      ...tellBackups(state, now),
      ...(proofs === null || problems.length > 0 || low ? [] : [{words: proofs, warns: false}]),
    ],
  };
}

/** One line: what runs, or else what is overdue or due. */
function tellBackups({backup, jobs}: SessionState, now: Now): readonly Sentence[] {
  if (isBackingUp(backup)) {
    return [{words: `${describeBackupShort(backup, targetAtWork(backup))}.`, warns: false}];
  }
  const told = jobs === null ? null : describeJobsShort(jobs, now);
  return told === null ? [] : [told];
}

function tellShortage({drive, fit}: ShownDrive): readonly Sentence[] {
  if (fit === null || fit.fits) return [];
  return [{words: `${drive.letter ?? ''}: ${fit.forms[0] ?? ''}`, warns: true}];
}
