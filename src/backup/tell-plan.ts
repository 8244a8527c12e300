/** What a run would do, told without doing it: only files that may have been moved are read, because only their bytes tell. */
import {judgeReplacements, judgeSource} from '../core/backup/judge-deletions.ts';
import {neverChanges} from '../core/backup/keep-kinds.ts';
import type {MirrorPlan, MirrorStep} from '../core/backup/mirror-plan.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import type {Cause} from '../core/cause.ts';
import type {Selection} from '../core/selection/choice.ts';
import {unreachable} from '../core/unreachable.ts';
import {isAccepted, judgeVanishing} from './drop-files.ts';
import type {KeepStep} from './keep-file.ts';
import type {MirrorHands} from './mirror-hands.ts';
import type {MirrorTally} from './mirror-tally.ts';
import {findDue, measureArchive, type Purge} from './purge.ts';
import {type MirrorEnd, tellListing} from './run-mirror.ts';
import {rawChanged, stateLost} from './tell-faults.ts';

export interface Preview {
  readonly plan: MirrorPlan;
  /** The rule that the plan was made with; left out for none. */
  readonly selection?: Pick<Selection, 'isOut'> | null;
  /** Source folder, absolute. */
  readonly source: string;
  readonly hashSource: MirrorHands['hashSource'];
  readonly purge: Purge;
  /** False when the state was lost: nothing is archived in the next run. */
  readonly archives: boolean;
  readonly acceptDeletions: boolean;
  readonly mostDeletions: number | undefined;
  readonly acceptChanges: boolean;
  readonly tally: MirrorTally;
  readonly signal: AbortSignal;
}

type Vanished = Map<TreePath, Extract<MirrorStep, {kind: 'vanish'}>>;

/** Tells every step that a run would take. Writes nothing. */
export async function tellPlan(preview: Preview): Promise<MirrorEnd> {
  const {plan, tally, signal, archives} = preview;
  const empty = judgeSource({files: plan.files, records: plan.records});
  if (empty !== null) return {result: 'refused', cause: empty};
  tellListing(preview);
  await tellPurge(preview);
  const keeps = plan.steps.filter((step): step is KeepStep => step.kind !== 'vanish');
  const vanished: Vanished = new Map(
    plan.steps.flatMap((step) =>
      step.kind === 'vanish' && step.standing !== null ? [[step.record.path, step]] : [],
    ),
  );
  const strangers = keeps.filter(
    (step) =>
      step.kind === 'replace' &&
      step.record === null &&
      step.standing !== null &&
      !isAlarm(preview, step),
  );
  const heldStrangers = archives
    ? judgeReplacements({files: plan.files, replacing: strangers.length})
    : strangers.length > 0
      ? stateLost('')
      : null;
  const held = archives && isAccepted(preview, strangers.length) ? null : heldStrangers;
  for (const step of keeps) {
    if (signal.aborted) return {result: 'stopped', cause: undefined};
    await tellStep(preview, vanished, step, strangers.includes(step) ? held : null);
  }
  const spared = new Set(keeps.filter((step) => isAlarm(preview, step)).map(({file}) => file.size));
  for (const [path, {record}] of vanished) if (spared.has(record.size)) vanished.delete(path);
  const waiting = await tellVanished(preview, vanished);
  const {counts, firstFailure} = tally;
  if (counts.failed > 0 || counts.alarms > 0) return {result: 'incomplete', cause: firstFailure};
  const cause = held ?? waiting ?? undefined;
  return {result: cause === undefined ? 'good' : 'waiting', cause};
}

/** What is known to be an alarm before its bytes are read. */
const isAlarm = ({acceptChanges}: Preview, step: KeepStep): boolean =>
  step.kind === 'replace' &&
  (step.record === null
    ? step.standing !== null && step.standing.size !== step.file.size
    : step.sourceChanged) &&
  neverChanges(step.file.path) &&
  !acceptChanges;

async function tellStep(
  preview: Preview,
  vanished: Vanished,
  step: KeepStep,
  held: Cause | null,
): Promise<void> {
  const {tally} = preview;
  const {path, size} = step.file;
  switch (step.kind) {
    case 'copy': {
      const moved = await findMoved(preview, vanished, step);
      tally.tell({action: moved ? 'move' : 'copy', path, target: step.target, size});
      return;
    }
    case 'adopt':
      tally.tell({action: 'adopt', path, target: step.target, size});
      return;
    case 'check':
      tally.tell({action: 'retime', path, target: step.record.target, size});
      return;
    case 'replace': {
      const {target, standing} = step;
      if (isAlarm(preview, step)) tally.alarm({path, size, cause: rawChanged(path)});
      else if (held !== null) tally.tell({action: 'hold', path, target, size, cause: held});
      else tally.tell({action: standing === null ? 'copy' : 'replace', path, target, size});
      return;
    }
    default:
      return unreachable(step);
  }
}

async function findMoved(
  {hashSource}: Preview,
  vanished: Vanished,
  step: Extract<KeepStep, {kind: 'copy'}>,
): Promise<boolean> {
  const candidates = step.vanished.filter(({path}) => vanished.has(path));
  if (candidates.length === 0) return false;
  const reading = await hashSource(step.file);
  if (reading.kind !== 'read') return false;
  const found = candidates.find(({hash}) => hash === reading.hash);
  return found !== undefined && vanished.delete(found.path);
}

async function tellVanished(preview: Preview, vanished: Vanished): Promise<Cause | undefined> {
  const {tally, purge} = preview;
  const held = await judgeVanishing({...preview, files: purge.files}, [...vanished.values()]);
  for (const {
    record: {path, target, size},
  } of vanished.values()) {
    if (held !== null) tally.tell({action: 'hold', path, target, size, cause: held});
    else tally.tell({action: 'archive', path, target, size});
  }
  return held ?? undefined;
}

async function tellPurge({purge, tally}: Preview): Promise<void> {
  const {due, problem} = await findDue(purge);
  if (problem !== undefined) tally.warn(problem);
  for (const place of due) {
    const bytes = await measureArchive(purge, place);
    if (bytes.ok) tally.tell({action: 'purge', path: place, size: bytes.value});
    else tally.warn(bytes.cause);
  }
}
