/** The keys of the backups screen and of what stands in front of its jobs. */
import type {Cause} from '../cause.ts';
import type {JobKnown} from '../events.ts';
import {hasDetails, isBackingUp} from './backup-run.ts';
import {beginBackupRun, selectedJob} from './evolve-backups.ts';
import type {KeyPress} from './key-press.ts';
import type {Action} from './keys.ts';
import type {BackupsView, DeletionsQuestion} from './overlay.ts';
import type {Pressed} from './press-key.ts';
import {moved, scrolled} from './scroll-steps.ts';
import type {SessionState} from './session-state.ts';

const only = (state: SessionState): Pressed => ({state, effects: []});

/** Shows the jobs as they are known, and asks how they are now. */
export function openBackups(state: SessionState, front: BackupsView['front'] = null): Pressed {
  const overlay: BackupsView = {type: 'backups', selected: 0, told: null, front};
  return {state: {...state, overlay}, effects: [{type: 'ask-jobs'}]};
}

/** Leaves the program; what writes a backup is asked about first. */
export function quit(state: SessionState): Pressed {
  const {backup} = state;
  if (!isBackingUp(backup) || backup.preview) return {state, effects: [{type: 'leave'}]};
  if (backup.stopping) return {state, effects: [{type: 'leave-at-once'}]};
  return openBackups(state, {type: 'confirm-backup-stop', leaves: true});
}

export function pressOnBackups(
  state: SessionState,
  action: Action,
  press: KeyPress,
  atMs: number,
): Pressed {
  const {overlay, backup} = state;
  if (overlay?.type !== 'backups') return only(state);
  const show = (change: Partial<BackupsView>): Pressed =>
    only({...state, overlay: {...overlay, told: null, ...change}});
  switch (action) {
    case 'run':
    case 'preview': {
      const job = selectedJob(state);
      const told = whyNotRun(state, job);
      if (told !== null || job === undefined) return show({told});
      return begin(state, {job: job.job, preview: action === 'preview'}, atMs);
    }
    case 'accept-deletions': {
      const job = selectedJob(state);
      const told = whyNotRun(state, job);
      if (told !== null || job === undefined) return show({told});
      const front = findDeletions(state, job);
      if (front !== null) return show({front});
      return show({told: waits(job) ? NOT_COUNTED : NOTHING_HELD});
    }
    case 'details':
      return backup === null || !hasDetails(backup)
        ? show({told: NOTHING_TO_LIST})
        : show({front: {type: 'backup-steps', scroll: 0}});
    case 'stop': {
      if (!isBackingUp(backup) || backup.preview) return only({...state, overlay: null});
      // Asked and answered: whoever presses it again does not want to wait for a drive that hangs.
      if (backup.stopping) return {state, effects: [{type: 'leave-at-once'}]};
      return show({front: {type: 'confirm-backup-stop', leaves: press.key !== 'ctrl-c'}});
    }
    case 'close':
      return only({...state, overlay: null});
    default:
      return show({selected: moved(overlay.selected, action, state.jobs?.length ?? 0)});
  }
}

/** Keys while the steps of a preview or a question stand in front. */
export function pressOnFront(state: SessionState, action: Action, atMs: number): Pressed {
  const {overlay, backup} = state;
  if (overlay?.type !== 'backups' || overlay.front === null) return only(state);
  const {front} = overlay;
  const behind: SessionState = {...state, overlay: {...overlay, front: null}};
  switch (front.type) {
    case 'backup-steps': {
      if (action !== 'close') {
        const scroll = scrolled(front.scroll, action);
        return only({...state, overlay: {...overlay, front: {...front, scroll}}});
      }
      if (!isBackingUp(backup) || !backup.preview) return only(behind);
      return {
        state: {...behind, backup: {...backup, stopping: true}},
        effects: [{type: 'stop-job', leaves: false}],
      };
    }
    case 'confirm-deletions': {
      if (action !== 'yes') return only(behind);
      const told = whyNotRun(
        state,
        state.jobs?.find(({job}) => job === front.job),
      );
      if (told !== null) {
        return only({...state, overlay: {...overlay, front: null, told}});
      }
      return begin(behind, {job: front.job, accepted: front}, atMs);
    }
    case 'confirm-backup-stop': {
      if (action !== 'yes') return only(behind);
      const {leaves} = front;
      if (isBackingUp(backup)) return {state: behind, effects: [{type: 'stop-job', leaves}]};
      return {state: behind, effects: leaves ? [{type: 'leave'}] : []};
    }
  }
}

interface Begin {
  readonly job: string;
  readonly preview?: boolean;
  readonly accepted?: DeletionsQuestion;
}

function begin(state: SessionState, {job, preview = false, accepted}: Begin, atMs: number) {
  const {overlay} = state;
  const front = preview ? ({type: 'backup-steps', scroll: 0} as const) : null;
  const shown =
    overlay?.type === 'backups' ? {...state, overlay: {...overlay, told: null, front}} : state;
  const begun = beginBackupRun(shown, {job, preview}, atMs);
  const pressed: Pressed = {
    state: begun,
    effects: [
      preview
        ? {type: 'preview-job', job}
        : {
            type: 'run-job',
            job,
            deletions: accepted?.targets ?? [],
          },
    ],
  };
  return pressed;
}

/** @returns why a job cannot be run now; null when it can. */
export function whyNotRun({backup}: SessionState, job: JobKnown | undefined): Cause | null {
  if (isBackingUp(backup)) return alreadyRuns(backup.job, backup.preview);
  if (job === undefined) return NO_JOB;
  if (!job.source.connected) return isAway(job.source.name, 'it is what the backup is made of');
  const [first] = job.targets;
  if (first !== undefined && !job.targets.some(({connected}) => connected)) {
    return isAway(first.name, 'no target of the backup is');
  }
  return null;
}

/** @returns the question about what waits on the targets that are connected, as far as a run or a preview of this session counted it; null when nothing does. */
export function findDeletions({backup}: SessionState, job: JobKnown): DeletionsQuestion | null {
  const runs = backup?.job === job.job ? backup.targets : [];
  const targets = job.targets.flatMap(({volume, folder, name, graceDays, connected}) => {
    const run = runs.find(
      ({target, to}) => target === name && to.replaceAll('\\', '/').endsWith(folder),
    );
    const held = run?.finished?.held ?? 0;
    return connected && held > 0 ? [{volume, folder, name, held, graceDays}] : [];
  });
  return targets.length === 0 ? null : {type: 'confirm-deletions', job: job.job, targets};
}

/** True when the last run on a connected target held deletions back. */
export const waits = ({targets}: JobKnown): boolean =>
  targets.some(({connected, lastResult}) => connected && lastResult === 'waiting');

const alreadyRuns = (job: string, preview: boolean): Cause => ({
  code: 'backup-running',
  message: `${preview ? 'a preview' : 'a backup'} of ${job} is running`,
  next: preview ? 'It is being stopped.' : 'Wait for its end, or stop it with q.',
});

const NO_JOB: Cause = {
  code: 'no-job',
  message: 'there is no backup job yet',
  next: 'Make one with: offload backup add.',
};

const isAway = (name: string, why: string): Cause => ({
  code: 'drive-away',
  message: `${name} is not connected, and ${why}`,
  next: 'Connect it; it is seen at once.',
});

const NOTHING_HELD: Cause = {
  code: 'nothing-held',
  message: 'no deletions of this job wait on a target that is connected',
  next: 'Run the job, or look at it with p.',
};

/** Nobody can say yes to a number that is not known. */
const NOT_COUNTED: Cause = {
  code: 'deletions-not-counted',
  message: 'how many deletions wait was counted by an earlier run, and is not known here',
  next: 'Press p: the preview counts them, and y asks then.',
};

const NOTHING_TO_LIST: Cause = {
  code: 'nothing-to-list',
  message: 'there is nothing to list',
  next: 'p shows what a run would do.',
};
