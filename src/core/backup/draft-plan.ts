/** A plan while the trees are walked. */
import type {Cause} from '../cause.ts';
import type {FolderSteps, Vanished} from './compare-folder.ts';
import type {MirrorPlan, MirrorStep} from './mirror-plan.ts';
import type {MirrorRecord} from './mirror-record.ts';
import type {TreePath} from './mirror-tree.ts';

export interface DraftPlan {
  readonly steps: MirrorStep[];
  readonly vanished: Vanished[];
  readonly folders: TreePath[];
  readonly emptied: TreePath[];
  readonly unfinished: TreePath[];
  readonly leftOut: {readonly path: TreePath; readonly rule: string}[];
  readonly unreadable: Cause[];
  files: number;
  bytes: number;
  unchanged: number;
  strangers: number;
}

export const newDraft = (): DraftPlan => ({
  steps: [],
  vanished: [],
  folders: [],
  emptied: [],
  unfinished: [],
  leftOut: [],
  unreadable: [],
  files: 0,
  bytes: 0,
  unchanged: 0,
  strangers: 0,
});

/** Adds what one folder came to. */
export function addFolder(draft: DraftPlan, {steps, vanished, unchanged}: FolderSteps): void {
  for (const step of steps) draft.steps.push(step);
  for (const one of vanished) draft.vanished.push(one);
  draft.unchanged += unchanged;
}

/** @returns the plan: a new file knows which vanished ones it may have been, and these come last. */
export function concludeDraft(draft: DraftPlan, records: number): MirrorPlan {
  const bySize = new Map<number, MirrorRecord[]>();
  for (const {record, standing} of draft.vanished) {
    if (standing === null) continue;
    const alike = bySize.get(record.size);
    if (alike === undefined) bySize.set(record.size, [record]);
    else alike.push(record);
  }
  const steps = draft.steps.map((step): MirrorStep => {
    const vanished = step.kind === 'copy' ? bySize.get(step.file.size) : undefined;
    return step.kind === 'copy' && vanished !== undefined ? {...step, vanished} : step;
  });
  for (const {record, standing} of draft.vanished) {
    steps.push({kind: 'vanish', record, standing});
  }
  const {folders, emptied, unfinished, leftOut, unreadable, files, bytes, unchanged, strangers} =
    draft;
  return {
    steps,
    folders,
    emptied,
    unfinished,
    files,
    bytes,
    unchanged,
    records,
    strangers,
    leftOut,
    unreadable,
  };
}
