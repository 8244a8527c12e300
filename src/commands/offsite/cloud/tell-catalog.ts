/** Tells the catalog which files are proved in a cloud, so that they count for the status of a shoot: a cloud is a volume of its own there, known by the id of its job. */
import type {Catalog} from '../../../catalog/catalog.ts';
import type {MirrorChange} from '../../../catalog/mirrored.ts';
import type {Cause} from '../../../core/cause.ts';
import {type PhysicalDrives, relateDrives} from '../../../core/drive.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import type {CloudRecord} from '../../../core/offsite/cloud-record.ts';
import type {VolumePair} from '../../../core/volumes/drive-relations.ts';
import {drivesOf} from '../../../core/volumes/known-volumes.ts';
import {volumeOf} from '../../../core/volumes/volume-id.ts';
import type {CloudNotes} from '../../../offsite/cloud-run.ts';
import type {Program} from '../../program.ts';
import {findConnected} from '../../volumes/find-connected.ts';

interface Telling {
  readonly program: Program;
  readonly job: CloudJob;
  /** Types of the remote, the outermost first. */
  readonly types: readonly string[];
  /** The catalog is a hint: what it cannot be told stops nothing. */
  readonly onTrouble: (cause: Cause) => void;
}

/** Changes that are told at once. */
const CHANGES_AT_A_TIME = 5000;

export class CloudCatalog implements CloudNotes {
  readonly #telling: Telling;
  #changes: MirrorChange[] = [];
  #told: Promise<void> = Promise.resolve();
  #isSilent = false;

  constructor(telling: Telling) {
    this.#telling = telling;
  }

  put({path, hashes, size, provedAt}: CloudRecord): void {
    if (provedAt === null) return;
    // The remote's own hash, or a download: nothing of this computer's memory is in it.
    const mediumRead = 'direct';
    this.#note({put: {path, hash: hashes.blake3, size, provedAt, mediumRead}});
  }

  drop(path: string): void {
    this.#note({drop: path});
  }

  /** Resolves when all is told. */
  async finish(): Promise<void> {
    this.#send();
    await this.#told;
  }

  #note(change: MirrorChange): void {
    this.#changes.push(change);
    if (this.#changes.length >= CHANGES_AT_A_TIME) this.#send();
  }

  #send(): void {
    const changes = this.#changes;
    this.#changes = [];
    if (this.#isSilent) return;
    this.#told = this.#told.then(() => this.#tell(changes));
    // A broken invariant is thrown by `finish`.
    this.#told.catch(() => {});
  }

  async #tell(changes: readonly MirrorChange[]): Promise<void> {
    if (this.#isSilent) return;
    const {program, job, types, onTrouble} = this.#telling;
    const opened = await program.openCatalog();
    if (!opened.ok) {
      this.#isSilent = true;
      onTrouble(opened.cause);
      return;
    }
    const catalog = opened.value;
    const at = program.clock.now().toISOString();
    const noted =
      changes.length === 0 ? null : await catalog.noteMirror({volume: job.id, at, changes});
    const problem =
      noted?.ok === false ? noted.cause : await noteCloudVolume(program, catalog, job, types);
    if (problem === null) return;
    this.#isSilent = true;
    onTrouble(problem);
  }
}

/** A folder of this computer lies on one of its drives, and nobody knows on which; a server on this computer may be a tunnel. */
const drivesOfRemote = (types: readonly string[], name: string): PhysicalDrives => {
  const innermost = types.at(-1);
  return innermost === undefined || innermost === 'local'
    ? {known: false, why: 'the remote may lie on this computer'}
    : {known: true, ids: [`remote:${innermost}:${name}`]};
};

/** The name in front of the colon; two remotes of one account have two names, and count as two drives no more than one file does in both. */
const nameOf = (remote: string): string => /^:?[^:,]*/.exec(remote)?.[0] ?? remote;

async function noteCloudVolume(
  program: Program,
  catalog: Catalog,
  {id, name, remote, place}: CloudJob,
  types: readonly string[],
): Promise<Cause | null> {
  const memory = await catalog.recallVolumes();
  if (!memory.ok) return memory.cause;
  const drives = drivesOfRemote(types, nameOf(remote));
  const others = new Map<string, PhysicalDrives>();
  for (const {destination, drives: one} of memory.value.destinations)
    others.set(volumeOf(destination), one);
  for (const {id: other, drives: one} of memory.value.seen) others.set(other, one);
  for (const {id: other, volume} of await findConnected(program))
    others.set(other, drivesOf(volume));
  const pairs = [...others].flatMap(([other, one]): VolumePair[] => {
    const relation = relateDrives(drives, one);
    if (other === id || relation === 'unknown') return [];
    const [a = '', b = ''] = [id, other].sort();
    return [{a, b, same: relation === 'same'}];
  });
  const seen = {
    id,
    name,
    role: 'off-site' as const,
    place: place ?? remote,
    fileSystem: 'rclone',
    size: null,
    free: null,
    drives,
    path: remote,
    seenAt: program.clock.now().toISOString(),
  };
  const noted = await catalog.noteVolumes([seen], pairs);
  return noted.ok ? null : noted.cause;
}
