/** What a mirror does to copies, told to the catalog on the way: `offload status` counts them, and knows what was let go. */
import type {RecordKeeper} from '../../../backup/mirror-hands.ts';
import type {MirrorChange} from '../../../catalog/mirrored.ts';
import type {MirrorPlan} from '../../../core/backup/mirror-plan.ts';
import type {TreePath} from '../../../core/backup/mirror-tree.ts';
import type {Cause} from '../../../core/cause.ts';
import type {Program} from '../../program.ts';

/** So many changes are told at a time: `status` does not know of what a run that died had not told yet. The state on the target does. */
const CHANGES_AT_A_TIME = 5000;

interface Telling {
  readonly program: Program;
  /** Id of the target volume. */
  readonly volume: string;
  /** The target folder, below the folder of the volume's marker; empty for the whole volume. */
  readonly folder: string;
  readonly plan: MirrorPlan;
  /** Called once: a catalog that cannot be had stops nothing. */
  readonly onTrouble: (cause: Cause) => void;
}

export class CatalogNotes {
  readonly #telling: Telling;
  /** Names on the target that differ from those of the source. */
  readonly #targets: ReadonlyMap<TreePath, TreePath>;
  #changes: MirrorChange[] = [];
  #isSilent = false;
  #told: Promise<void> = Promise.resolve();

  constructor(telling: Telling) {
    this.#telling = telling;
    this.#targets = new Map(
      telling.plan.steps.flatMap((step) => {
        const record = 'record' in step ? step.record : null;
        return record === null || record.path === record.target
          ? []
          : [[record.path, record.target] as const];
      }),
    );
  }

  /** @returns the same records; what is written down durably there is told here. */
  listenTo(records: RecordKeeper): RecordKeeper {
    return {
      put: async (record) => {
        await records.put(record);
        const {target, hash, size, provedAt, mediumRead} = record;
        this.#note({put: {path: this.#place(target), hash, size, provedAt, mediumRead}});
      },
      drop: async (path) => {
        await records.drop(path);
        this.#note({drop: this.#place(this.#targets.get(path) ?? path)});
      },
    };
  }

  /** Resolves when all is told. */
  async finish(): Promise<void> {
    this.#send();
    await this.#told;
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
    const {program, volume, onTrouble} = this.#telling;
    const catalog = await program.openCatalog();
    const at = program.clock.now().toISOString();
    const noted = catalog.ok ? await catalog.value.noteMirror({volume, at, changes}) : catalog;
    if (noted.ok) return;
    this.#isSilent = true;
    onTrouble(noted.cause);
  }
}
