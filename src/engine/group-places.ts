/** Finds one name for all files of a group on all destinations: what belongs together gets the same number, and no file of another picture has the group's name. */
import {join} from 'node:path';
import type {CardFile, CardListing, CardPath} from '../core/card.ts';
import {errnoOf} from '../core/cause.ts';
import {countsFiles, type Layout} from '../core/layout.ts';
import type {DatedGroup} from '../core/photo/groups/date-groups.ts';
import {type MemberName, nameGroup, stemKey, wantedPath} from '../core/photo/groups/name-group.ts';
import {pinGroup} from '../core/photo/groups/pin-group.ts';
import {isStructure} from '../core/photo/groups/structure.ts';
import {safeFolderName} from '../core/safe-folder-name.ts';
import {foldName, safeName} from '../core/safe-names.ts';
import {splitName} from '../core/split-name.ts';
import {formOf} from '../core/survey/file-kind.ts';
import type {Files} from '../system/files.ts';
import type {Lane} from './lane.ts';

/** Paths below the shoot folder that a layout wants, the same on all destinations. */
export interface WantedPlaces {
  readonly files: ReadonlyMap<CardPath, string>;
  /** The same as if nothing had been there: a file that has another name for that is told of. */
  readonly wished: ReadonlyMap<CardPath, string>;
  readonly folders: readonly string[];
}

export interface GroupPlacing {
  readonly files: Files;
  readonly listing: CardListing;
  readonly layout: Layout;
  readonly shoot: string;
  /** Name of the card's folder. */
  readonly folder: string;
  readonly lanes: readonly Lane[];
  /** In the order in which they were taken. Files that are in none keep their tree in the card's folder: those of structures, and what is no picture. */
  readonly groups: readonly DatedGroup[];
  /** Where earlier offloads of this card put files that have not changed since, below the shoot folder. */
  readonly targets: ReadonlyMap<CardPath, string>;
  /** Names that cards of the same call and shoot have; those of this one are added. */
  readonly taken: Set<string>;
}

/** Decides where the files of a card are wanted under a layout that does not keep the card's tree. Writes nothing. */
export async function placeGroups(placing: GroupPlacing): Promise<WantedPlaces> {
  const {listing, layout, folder, groups} = placing;
  const below = (path: CardPath) => `${safeFolderName(folder)}/${path}`;
  const wanted = new Map<CardPath, string>();
  const grouped = new Set(groups.flatMap(({members}) => members.map(({path}) => path)));
  for (const {path} of listing.files) if (!grouped.has(path)) wanted.set(path, below(path));
  const wished = new Map(wanted);
  const names = await new Numbering(placing).nameAll(groups);
  for (const name of names) wanted.set(name.path, wantedPath(name));
  // A number that is counted is never a surprise.
  const first = countsFiles(layout)
    ? names
    : groups.flatMap((group) =>
        nameGroup(layout, group, {shoot: placing.shoot, card: folder, number: 1}),
      );
  for (const name of first) wished.set(name.path, wantedPath(name));
  return {files: wanted, wished, folders: listing.folders.filter(isStructure).map(below)};
}

class Numbering {
  readonly #placing: GroupPlacing;
  readonly #counts: boolean;
  readonly #sizes: ReadonlyMap<CardPath, CardFile>;
  readonly #folders: readonly FolderStems[];
  /** The number from which on a folder's or a name's numbers are looked for. */
  readonly #next = new Map<string, number>();

  constructor(placing: GroupPlacing) {
    this.#placing = placing;
    this.#counts = countsFiles(placing.layout);
    this.#sizes = new Map(placing.listing.files.map((file) => [file.path, file]));
    this.#folders = placing.lanes.map((lane) => new FolderStems(placing.files, lane));
  }

  async nameAll(groups: readonly DatedGroup[]): Promise<readonly MemberName[]> {
    const {layout, targets} = this.#placing;
    const found = new Map<DatedGroup, readonly MemberName[]>();
    // What has a place keeps it, before others look for theirs.
    for (const group of groups) {
      const pinned = pinGroup(layout, group, {names: this.#nameGroup(group, 1), targets});
      if (pinned !== undefined && this.#claim(pinned)) found.set(group, pinned);
    }
    for (const group of groups) {
      if (!found.has(group)) found.set(group, await this.#findFree(group));
    }
    return [...found.values()].flat();
  }

  #nameGroup(group: DatedGroup, number: number): readonly MemberName[] {
    const {layout, shoot, folder} = this.#placing;
    return nameGroup(layout, group, {shoot, card: folder, number});
  }

  async #findFree(group: DatedGroup): Promise<readonly MemberName[]> {
    const first = this.#nameGroup(group, 1);
    const [main] = first;
    const counter = this.#counts
      ? stemKey(main?.folder ?? '', '')
      : first.map(({folder, stem}) => stemKey(folder, stem)).join('\0');
    for (let number = this.#next.get(counter) ?? 1; ; number++) {
      const names = number === 1 ? first : this.#nameGroup(group, number);
      if (!this.#isFree(names) || !(await this.#isAccepted(names))) continue;
      this.#claim(names);
      this.#next.set(counter, number + 1);
      return names;
    }
  }

  #isFree(names: readonly MemberName[]): boolean {
    return names.every(({folder, stem}) => !this.#placing.taken.has(stemKey(folder, stem)));
  }

  /** @returns false when another group has one of the names. */
  #claim(names: readonly MemberName[]): boolean {
    if (!this.#isFree(names)) return false;
    for (const {folder, stem} of names) this.#placing.taken.add(stemKey(folder, stem));
    return true;
  }

  async #isAccepted(names: readonly MemberName[]): Promise<boolean> {
    for (const stems of this.#folders) {
      if (!(await stems.accepts(names, this.#sizes))) return false;
    }
    return true;
  }
}

/** What lies in the folders of one destination, by stems. */
class FolderStems {
  readonly #files: Files;
  readonly #lane: Lane;
  readonly #listings = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();

  constructor(files: Files, lane: Lane) {
    this.#files = files;
    this.#lane = lane;
  }

  /**
   * True when no file has a stem of the group, or when those that have are the group itself: an offload whose record is not there any more put them there. All of them with their sizes are,
   * and so are some of them with their sizes and times. What somebody laid beside them (a program's sidecars) changes nothing.
   */
  async accepts(
    names: readonly MemberName[],
    sizes: ReadonlyMap<CardPath, CardFile>,
  ): Promise<boolean> {
    let isTaken = false;
    let present = 0;
    let timed = 0;
    for (const {path, folder, stem, tail} of names) {
      const safe = safeName(`${stem}${tail}`, this.#rules);
      const real = (await this.#listing(folder)).get(this.#key(splitName(safe).stem)) ?? [];
      const beside =
        (await this.#listing(folder)).get(this.#key(safeName(stem, this.#rules))) ?? [];
      if (real.length + beside.length > 0) isTaken = true;
      const same = real.find((name) => this.#key(name) === this.#key(safe));
      if (same === undefined) continue;
      const facts = await this.#look(folder, same);
      const file = sizes.get(path);
      if (facts === undefined || facts.size !== file?.size) return false;
      present += 1;
      if (isSameTime(facts.mtimeNs, file.mtimeNs)) timed += 1;
    }
    if (!isTaken || present === names.length) return true;
    return present > 0 && timed === present;
  }

  get #rules() {
    return this.#lane.destination.rules;
  }

  #key(name: string): string {
    return foldName(name, this.#rules);
  }

  #place(folder: string): string {
    const parts = folder.split('/').filter((part) => part !== '');
    return join(this.#lane.root, ...parts.map((part) => safeName(part, this.#rules)));
  }

  async #look(folder: string, name: string) {
    try {
      const facts = await this.#files.look(join(this.#place(folder), name));
      return facts.kind === 'file' ? facts : undefined;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  }

  #listing(folder: string) {
    const place = this.#place(folder);
    const listing = this.#listings.get(place) ?? this.#list(place);
    this.#listings.set(place, listing);
    return listing;
  }

  async #list(place: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const stems = new Map<string, string[]>();
    try {
      for (const name of await this.#files.list(place)) {
        const {stem} = splitName(name);
        // A sidecar that bears its picture's extension is of the picture.
        for (const one of formOf(stem) === undefined ? [stem] : [stem, splitName(stem).stem]) {
          const names = stems.get(this.#key(one)) ?? [];
          stems.set(this.#key(one), names);
          names.push(name);
        }
      }
    } catch (error) {
      // It is not there yet; and a drive that cannot be listed is told of where its names are claimed.
      if (errnoOf(error) === undefined) throw error;
    }
    return stems;
  }
}

/** FAT keeps two seconds. */
function isSameTime(a: bigint, b: bigint): boolean {
  const apart = a > b ? a - b : b - a;
  return apart <= 2_000_000_000n;
}
