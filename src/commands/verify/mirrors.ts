/** What mirrors know of the places that a verify reads. */
import {dirname, relative, sep} from 'node:path';
import {copiesHere} from '../../../verify/verify-shoot.ts';
import type {MirrorRecord} from '../../core/backup/mirror-record.ts';
import {isWithin} from '../../core/backup/walk-order.ts';
import {type Cause, causeFrom} from '../../core/cause.ts';
import type {Manifest, RecordedFile} from '../../core/manifest.ts';
import {volumeOf} from '../../core/volumes/volume-id.ts';
import {findMarker} from '../../system/volume-marker.ts';
import type {Program} from '../program.ts';
import {type MirroredCopy, MirrorIndex} from './mirror-index.ts';
import {type MirrorStates, openMirrorStates} from './mirror-states.ts';

/** One target folder, and what is known of the part of it that is read. */
export interface Mirror extends MirrorStates {
  readonly index: MirrorIndex;
}

/** The mirror that governs a shoot. */
export interface Governing {
  readonly mirror: Mirror;
  /** @returns the place below the target folder of one below the shoot folder. */
  readonly placeOf: (target: string) => string;
}

/** A record of an offload, as the mirror has gone on with its copies. */
export interface FollowedManifest {
  readonly manifest: Manifest;
  /** Places, below the shoot folder, of which the mirror's word is the later one. */
  readonly replaced: ReadonlyMap<string, MirroredCopy>;
  /** Places that the target calls otherwise: they are read where they lie. */
  readonly elsewhere: ReadonlySet<string>;
}

const slashes = (path: string): string => path.split(sep).join('/');

export class Mirrors {
  readonly #program: Program;
  /** All that is read, absolute. */
  readonly #inside: string;
  readonly #tell: (cause: Cause) => void;
  readonly #found = new Map<string, MirrorStates>();
  readonly #indexed = new Map<string, Mirror>();

  /** @param tell hears of states that are not used. */
  constructor(program: Program, inside: string, tell: (cause: Cause) => void) {
    this.#program = program;
    this.#inside = inside;
    this.#tell = tell;
  }

  /** Takes in what mirrors have left in a folder. */
  async look(folder: string): Promise<void> {
    if (this.#found.has(folder)) return;
    const states = await openMirrorStates(this.#program, folder);
    if (states === undefined) return;
    this.#found.set(folder, states);
    for (const cause of [...states.problems, ...states.foreign]) this.#tell(cause);
  }

  /** The same for the path itself and the folders above it, up to the marker of the volume. */
  async lookAbove(path: string, onProblem: (cause: Cause) => void): Promise<void> {
    const {files} = this.#program;
    try {
      const marker = await findMarker(files, path, await this.#program.describeVolume(path));
      if (marker === undefined) return;
      for (let folder = path; ; folder = dirname(folder)) {
        await this.look(folder);
        if (folder === marker.folder || folder === dirname(folder)) return;
      }
    } catch (error) {
      onProblem(causeFrom(error, 'looking for records of backups', path));
    }
  }

  /** Target folders that hold what was asked for, or lie in it, and have a state that can be used, or had one. */
  async all(): Promise<readonly Mirror[]> {
    const mirrors: Mirror[] = [];
    for (const states of this.#found.values()) {
      if (states.states.length + states.problems.length === 0) continue;
      mirrors.push(await this.#open(states, this.#inside));
    }
    return mirrors;
  }

  /** @param shoot absolute. */
  async govern(shoot: string): Promise<readonly Governing[]> {
    const governing: Governing[] = [];
    for (const states of this.#found.values()) {
      const start = below(states.folder, shoot);
      if (start === undefined || states.states.length === 0) continue;
      // Of a shoot that is read in part all records are wanted: they tell whether the mirror knows it.
      const isAround = below(shoot, this.#inside) !== undefined;
      const mirror = await this.#open(states, isAround ? shoot : this.#inside);
      const placeOf = (target: string) => (start === '' ? target : `${start}/${target}`);
      governing.push({mirror, placeOf});
    }
    return governing;
  }

  async #open(states: MirrorStates, inside: string): Promise<Mirror> {
    const known = this.#indexed.get(states.folder);
    if (known !== undefined) return known;
    const index = new MirrorIndex();
    const scope = below(states.folder, inside) ?? '';
    const problems = [...states.problems];
    for (const state of states.states) {
      try {
        for await (const record of recordsOf({states: [state]})) {
          if (isWithin(record.target, scope)) index.put(record);
        }
      } catch (error) {
        const cause =
          state.damaged ?? causeFrom(error, 'reading what the backup knows', states.folder);
        this.#tell(cause);
        problems.push(cause);
      }
    }
    const mirror = {...states, problems, index};
    this.#indexed.set(states.folder, mirror);
    return mirror;
  }
}

/** Every record of every job that wrote there, in the order of the walk, the newest job last. Rejects with the system's error, and with EIO behind the records of a state of which some are damaged. */
export async function* recordsOf({
  states,
}: Pick<MirrorStates, 'states'>): AsyncGenerator<MirrorRecord> {
  for (const state of states) {
    for await (const {records} of state.reader.folders()) yield* records.values();
    if (state.damaged !== null) {
      throw Object.assign(new Error(state.damaged.message), {code: 'EIO'});
    }
  }
}

/** @returns the way from a folder to one in it, joined by `/`; undefined when it is not in it. */
export function below(folder: string, path: string): string | undefined {
  const way = slashes(relative(folder, path));
  return way === '..' || way.startsWith('../') || way.startsWith('/') || /^[A-Za-z]:/.test(way)
    ? undefined
    : way;
}

/** Takes the mirror's word for places of which it is the later one, and claims all places. */
export function followMirrors(manifest: Manifest, mirrors: readonly Governing[]): FollowedManifest {
  const replaced = new Map<string, MirroredCopy>();
  const elsewhere = new Set<string>();
  const files = new Map<RecordedFile, RecordedFile>();
  for (const {file, target} of copiesHere(manifest)) {
    for (const {mirror, placeOf} of mirrors) {
      const place = placeOf(target);
      const known = mirror.index.find(place);
      if (known === undefined && mirror.index.liesElsewhere(place)) elsewhere.add(target);
      if (known === undefined) continue;
      mirror.index.claim(place);
      if (known.hash === file.blake3 || isOlder(known, {manifest, file, mirror})) continue;
      replaced.set(target, known);
      files.set(file, amend(file, known));
    }
  }
  if (files.size === 0) return {manifest, replaced, elsewhere};
  const amended = manifest.files.map((file) => files.get(file) ?? file);
  return {manifest: {...manifest, files: amended}, replaced, elsewhere};
}

const amend = (file: RecordedFile, {hash, size, mtimeNs}: MirroredCopy): RecordedFile => ({
  ...file,
  blake3: hash,
  size,
  mtimeNs: `${mtimeNs}`,
});

/** A record that was made for this drive knows what was proved here; one of another drive came with the mirror. */
function isOlder(
  {provedMs}: MirroredCopy,
  {
    manifest: {writtenTo},
    file,
    mirror,
  }: {readonly manifest: Manifest; readonly file: RecordedFile; readonly mirror: Mirror},
): boolean {
  if (volumeOf(writtenTo) !== mirror.volumeId) return false;
  const own = file.copies.find(({destination}) => destination === writtenTo);
  return own !== undefined && provedMs < Date.parse(own.provedAt);
}
