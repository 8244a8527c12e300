/** What a mirror does to copies, told to the catalog on the way: `offload status` counts them, and knows what was let go. */
import type {RecordKeeper} from '../../../backup/mirror-hands.ts';
import type {StateView} from '../../../backup/state-file.ts';
import type {Catalog} from '../../../catalog/catalog.ts';
import type {MirrorOwner} from '../../../catalog/mirror-state.ts';
import type {MirrorChange} from '../../../catalog/mirrored.ts';
import type {MirrorPlan} from '../../../core/backup/mirror-plan.ts';
import type {TreePath} from '../../../core/backup/mirror-tree.ts';
import type {Cause, Result} from '../../../core/cause.ts';
import {ok} from '../../../core/cause.ts';
import type {Selection} from '../../../core/selection/choice.ts';
import {tellMirror} from '../../catalog/tell-mirror.ts';
import type {Program} from '../../program.ts';

/** So many changes are told at a time. What a run that died had not told yet is told by the next one, from the state on the target. */
const CHANGES_AT_A_TIME = 5000;

interface Telling {
  readonly program: Program;
  /** Id of the target volume. */
  readonly volume: string;
  /** The target folder, below the folder of the volume's marker; empty for the whole volume. */
  readonly folder: string;
  /** Id of the job. */
  readonly job: string;
  /** The job has a rule that chooses pictures. */
  readonly chooses: boolean;
  /** Called once: a catalog that cannot be had stops nothing. */
  readonly onTrouble: (cause: Cause) => void;
}

export class CatalogNotes {
  readonly #telling: Telling;
  /** Names on the target that differ from those of the source. */
  #targets: ReadonlyMap<TreePath, TreePath> = new Map();
  #changes: MirrorChange[] = [];
  #isSilent = false;
  /** The catalog knows that it was not told all. */
  #opening: Promise<void> | undefined;
  #told: Promise<void> = Promise.resolve();

  constructor(telling: Telling) {
    this.#telling = telling;
  }

  /** What an earlier run, or another computer, wrote down on the target and this catalog was not told is told now. */
  async catchUp(
    state: StateView,
    {root, signal}: {readonly root: string; readonly signal: AbortSignal},
  ): Promise<void> {
    const {program, volume, folder, job, chooses} = this.#telling;
    await this.#ask(async (catalog) => {
      const told = await catalog.recallTold(this.#owner);
      if (!told.ok || told.value === (state.newestRun ?? '')) return told;
      if (state.newestRun === null && state.known === 0) return ok(undefined);
      const {files} = program;
      const {reader, newestRun} = state;
      const states = [
        {
          job,
          reader,
          newestRun,
          get damaged() {
            return state.damaged;
          },
        },
      ];
      const about = {files, catalog, volume, folder, root, states, chooses, signal};
      const whole = await tellMirror(about);
      // What was stopped in the middle is told by the next run.
      this.#isSilent ||= signal.aborted;
      return whole;
    });
  }

  /** @returns the same records; what is written down durably there is told here. */
  listenTo(
    records: RecordKeeper,
    plan: MirrorPlan,
    selection: Pick<Selection, 'isOut'> | null,
  ): RecordKeeper {
    this.#targets = new Map(
      plan.steps.flatMap((step) => {
        const record = 'record' in step ? step.record : null;
        return record === null || record.path === record.target
          ? []
          : [[record.path, record.target] as const];
      }),
    );
    return {
      put: async (record) => {
        await this.#open();
        await records.put(record);
        const {target, hash, size, provedAt, mediumRead} = record;
        this.#note({put: {path: this.#place(target), hash, size, provedAt, mediumRead}});
      },
      drop: async (path) => {
        await this.#open();
        await records.drop(path);
        const isUnchosen = selection?.isOut(path) === true;
        this.#note({drop: this.#place(this.#targets.get(path) ?? path), isUnchosen});
      },
    };
  }

  /** Resolves when all is told. */
  async finish(): Promise<void> {
    this.#send();
    await this.#told;
  }

  /** Called when the run is concluded, with the newest run of the state. */
  async seal(newestRun: string | null): Promise<void> {
    if (!this.#isSilent)
      await this.#ask((catalog) => catalog.noteTold(this.#owner, newestRun ?? ''));
  }

  get #owner(): MirrorOwner {
    const {volume, folder, job} = this.#telling;
    return {volume, folder, job};
  }

  /** Before the first change: a run that dies from now on leaves something untold. */
  #open(): Promise<void> {
    this.#opening ??= this.#isSilent
      ? Promise.resolve()
      : this.#ask((catalog) => catalog.noteTold(this.#owner, null));
    return this.#opening;
  }

  async #ask(question: (catalog: Catalog) => Promise<Result<unknown>>): Promise<void> {
    const catalog = await this.#telling.program.openCatalog();
    const answer = catalog.ok ? await question(catalog.value) : catalog;
    if (!answer.ok) this.#fallSilent(answer.cause);
  }

  #fallSilent(cause: Cause): void {
    if (!this.#isSilent) this.#telling.onTrouble(cause);
    this.#isSilent = true;
  }

  #place(target: TreePath): string {
    const {folder} = this.#telling;
    return folder === '' ? target : `${folder}/${target}`;
  }

  #note(change: MirrorChange): void {
    this.#changes.push(change);
    if (this.#changes.length >= CHANGES_AT_A_TIME) this.#send();
  }

  #send(): void {
    const changes = this.#changes;
    this.#changes = [];
    if (changes.length === 0 || this.#isSilent) return;
    this.#told = this.#told.then(() => this.#tell(changes));
    // A broken invariant is thrown by `finish`.
    this.#told.catch(() => {});
  }

  async #tell(changes: readonly MirrorChange[]): Promise<void> {
    if (this.#isSilent) return;
    const {program, volume} = this.#telling;
    const at = program.clock.now().toISOString();
    await this.#ask((catalog) => catalog.noteMirror({volume, at, changes}));
  }
}
