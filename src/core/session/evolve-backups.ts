/** What the status screen and the backups screen are told. */
import type {JobKnown, OffloadEvent} from '../events.ts';
import {beginBackup, evolveBackup} from './backup-run.ts';
import {withoutComing} from './coming-backup.ts';
import type {StatusView} from './overlay.ts';
import type {SessionEvent} from './session-events.ts';
import type {SessionState} from './session-state.ts';

type OfType<Type extends SessionEvent['type']> = Extract<SessionEvent, {readonly type: Type}>;

/** @returns the state with more on the status screen; the same one when that was closed. */
export function evolveStatus(
  state: SessionState,
  event: OfType<'status-shoot' | 'status-offsite' | 'status-warned' | 'status-complete'>,
): SessionState {
  const {overlay} = state;
  if (overlay?.type !== 'status' || overlay.complete) return state;
  return {...state, overlay: addToStatus(overlay, event)};
}

function addToStatus(
  view: StatusView,
  event: OfType<'status-shoot' | 'status-offsite' | 'status-warned' | 'status-complete'>,
): StatusView {
  if (event.type === 'status-shoot') return {...view, shoots: [...view.shoots, event.shoot]};
  if (event.type === 'status-offsite') return {...view, offsite: [...view.offsite, event.offsite]};
  if (event.type === 'status-warned') return {...view, warnings: [...view.warnings, event.cause]};
  return {...view, complete: true, problem: event.problem};
}

/** The selection stays on its job, wherever it stands in the list now. */
export function listJobs(
  state: SessionState,
  {jobs, problem}: OfType<'jobs-listed'>,
): SessionState {
  const {overlay} = state;
  const listed = {...state, jobs, jobsProblem: problem};
  if (overlay?.type !== 'backups') return listed;
  const before = state.jobs?.[overlay.selected]?.job;
  const same = jobs.findIndex(({job}) => job === before);
  const selected = same >= 0 ? same : Math.min(overlay.selected, Math.max(0, jobs.length - 1));
  // A question is about the job that it names, not about one that took its place.
  const {front} = overlay;
  const isGone = front?.type === 'confirm-deletions' && !jobs.some(({job}) => job === front.job);
  return {...listed, overlay: {...overlay, selected, front: isGone ? null : front}};
}

export function beginBackupRun(
  state: SessionState,
  event: Pick<OfType<'backup-begun'>, 'job' | 'preview' | 'byItself'>,
  atMs: number,
): SessionState {
  return {...withoutComing(state), backup: beginBackup(event, atMs)};
}

export function followBackup(state: SessionState, event: OffloadEvent, atMs: number): SessionState {
  if (state.backup === null) return state;
  const backup = evolveBackup(state.backup, event, atMs);
  if (backup === state.backup) return state;
  const {overlay} = state;
  // Nothing is left to stop.
  const asks = overlay?.type === 'backups' && overlay.front?.type === 'confirm-backup-stop';
  return backup.endedMs !== null && asks
    ? {...state, backup, overlay: {...overlay, front: null}}
    : {...state, backup};
}

/** @returns the job that the keys of the backups screen are about. */
export function selectedJob({overlay, jobs}: SessionState): JobKnown | undefined {
  return overlay?.type === 'backups' ? jobs?.[overlay.selected] : undefined;
}
