import type {MirrorPlan} from '../core/backup/mirror-plan.ts';
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import type {Cause, Result} from '../core/cause.ts';
import {errnoOf} from '../core/cause.ts';
import type {NamingRules} from '../core/safe-names.ts';
import type {Selection} from '../core/selection/choice.ts';
import type {Clock} from '../system/clock.ts';
import type {Files} from '../system/files.ts';
import type {MirrorHands, RecordKeeper} from './mirror-hands.ts';
import type {MirrorTally} from './mirror-tally.ts';

export interface MirrorSetting {
  readonly files: Files;
  readonly clock: Clock;
  /** Id of this run: the name of its archive. */
  readonly run: string;
  /** Absolute. */
  readonly source: string;
  readonly target: string;
  /** Numbers of their file systems. */
  readonly sourceDevice: bigint;
  readonly targetDevice: bigint;
  readonly rules: NamingRules;
  readonly plan: MirrorPlan;
  /** The rule that the plan was made with; left out for none. */
  readonly selection?: Pick<Selection, 'isOut'> | null;
  readonly records: RecordKeeper;
  readonly newestRun: string | null;
  /** False when the state was lost: nothing tells what the mirror made itself. */
  readonly archives: boolean;
  readonly graceDays: number;
  readonly acceptDeletions: boolean;
  /** How many of them were shown to who accepted them; undefined for any number. */
  readonly mostDeletions: number | undefined;
  readonly acceptChanges: boolean;
  readonly hands: MirrorHands;
  /** Looks again whether source and target are the volumes that they were. */
  readonly guard: () => Promise<Result<void>>;
  readonly tally: MirrorTally;
  readonly signal: AbortSignal;
}

/** One run of a mirror while it is under way. */
export class MirrorRun {
  readonly setting: MirrorSetting;
  /** Why nothing more is tried: source or target is gone. */
  gone: Cause | undefined;
  /** Records of vanished files whose copies wait for a new name, by the path of the source. */
  readonly vanished: Map<TreePath, Extract<MirrorPlan['steps'][number], {kind: 'vanish'}>>;
  /** Sizes of files whose bytes did not come to the target, in bytes: a vanished file of that size may be one of them under its old name, and then its copy is the only good one. */
  readonly spared = new Set<number>();

  constructor(setting: MirrorSetting) {
    this.setting = setting;
    this.vanished = new Map(
      setting.plan.steps.flatMap((step) =>
        step.kind === 'vanish' ? [[step.record.path, step] as const] : [],
      ),
    );
  }

  get isOver(): boolean {
    return this.setting.signal.aborted || this.gone !== undefined;
  }

  /** Gives everything up, once. */
  lose(cause: Cause): void {
    if (this.gone !== undefined) return;
    this.gone = cause;
    this.setting.tally.warn(cause);
  }

  /** Makes it known that the mirror has this copy. @returns false when the target is gone. @throws what is no error of the system. */
  async put(record: MirrorRecord): Promise<boolean> {
    if (record.mediumRead === 'cached') this.setting.tally.countCached();
    return await this.#keep(() => this.setting.records.put(record));
  }

  async drop(path: TreePath): Promise<boolean> {
    return await this.#keep(() => this.setting.records.drop(path));
  }

  /** Without its state a mirror could not go on: what is done now would not be known by the next run. */
  async #keep(write: () => Promise<void>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      this.lose((await this.setting.hands.findLoss(error)) ?? stateFailed(error, this.setting));
      return false;
    }
  }

  /** After a failure of the source: is all of it gone? */
  async findSourceLoss(): Promise<Cause | undefined> {
    const {files, source, sourceDevice} = this.setting;
    try {
      if ((await files.follow(source)).device === sourceDevice) return undefined;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
    return {
      code: 'source-gone',
      path: source,
      message: 'the source is not there any more',
      next: 'Plug it in again, then run the same job again: it goes on where it stopped.',
    };
  }
}

function stateFailed(error: unknown, {target}: MirrorSetting): Cause {
  const code = errnoOf(error);
  if (code === undefined) throw error;
  return {
    code,
    path: target,
    message: `the state of the mirror could not be written (${code})`,
    next: 'Check the drive and its free space, then run the same job again.',
  };
}
