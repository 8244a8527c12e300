/** Keeps what could be read of a file that cannot be read whole: under a name that no copy has, with a map of what is missing beside it. It is no copy and counts as none. */
import {dirname} from 'node:path';
import type {CardFile} from '../core/card.ts';
import {causeFrom, errnoOf} from '../core/cause.ts';
import type {FileSalvaged} from '../core/events.ts';
import {countMissing, rescueMapText} from '../core/rescue-map.ts';
import {type NamingRules, safeName} from '../core/safe-names.ts';
import {hashText} from '../system/hasher.ts';
import {writeNewText} from '../system/read-text.ts';
import {systemError} from '../system/system-error.ts';
import {type CopyRun, loseLane} from './copy-run.ts';
import type {CopyWriter} from './copy-writer.ts';
import type {ReadableParts} from './fight-for-file.ts';
import type {Lane} from './lane.ts';

const PARTS_END = '.salvaged';
const MAP_END = '.map';
/** Room that a long name leaves for a number and for the map's ending, in characters. */
const ROOM = MAP_END.length + '-9999'.length;

/**
 * Flushes the parts on every destination that is left, reads them back from the medium, and names them with their map. A destination that fails is told of; the others keep theirs.
 * @returns what is kept, and where. Nothing when the run is stopped.
 */
export async function salvageFile(
  run: CopyRun,
  file: CardFile,
  {writers, ...parts}: ReadableParts,
  temporaryName: (target: string) => string,
): Promise<readonly FileSalvaged[]> {
  const kept: FileSalvaged[] = [];
  for (const writer of writers) {
    const salvage = new LaneSalvage(run, file, {writer, parts, temporaryName});
    const named = await salvage.keep();
    if (named !== undefined) kept.push(named);
  }
  return kept;
}

interface Salvage {
  readonly writer: CopyWriter;
  readonly parts: Omit<ReadableParts, 'writers'>;
  readonly temporaryName: (target: string) => string;
}

class LaneSalvage {
  readonly #run: CopyRun;
  readonly #file: CardFile;
  readonly #salvage: Salvage;
  /** Where the map lies now, below the shoot folder. */
  #map: string | undefined;
  #isNamed = false;

  constructor(run: CopyRun, file: CardFile, salvage: Salvage) {
    this.#run = run;
    this.#file = file;
    this.#salvage = salvage;
  }

  get #lane(): Lane {
    return this.#salvage.writer.lane;
  }

  async keep(): Promise<FileSalvaged | undefined> {
    const {writer, parts} = this.#salvage;
    try {
      await writer.flush();
      if (writer.failure !== undefined) throw writer.failure.error;
      await this.#expectBack(writer.temporary, parts.hash);
      await this.#writeMap();
      const place = await this.#name();
      return {
        type: 'file-salvaged',
        card: this.#run.card.ref,
        path: this.#file.path,
        to: this.#lane.destination.to,
        ...place,
        bytes: parts.had,
        missing: countMissing(parts.missing),
      };
    } catch (error) {
      await this.#giveUp(error);
      return undefined;
    }
  }

  /** @throws the system's error; EIO when other bytes come back, ECANCELED when the run is stopped. */
  async #expectBack(place: string, hash: string): Promise<void> {
    const {readBack, signal} = this.#run;
    const path = this.#lane.absolute(place);
    const reading = await readBack({path, method: this.#lane.access.method, signal});
    if (!reading.ok) {
      throw systemError(reading.cause.code === 'stopped' ? 'ECANCELED' : reading.cause.code, path);
    }
    if (reading.value.hash !== hash) throw systemError('EIO', path);
  }

  async #writeMap(): Promise<void> {
    const {writer, parts, temporaryName} = this.#salvage;
    const {files, hashEngine, card} = this.#run;
    const {path, size} = this.#file;
    const text = rescueMapText({card: card.ref.label, path, size, missing: parts.missing});
    const temporary = temporaryName(writer.target);
    await writeNewText(files, this.#lane.absolute(temporary), text);
    this.#map = temporary;
    await this.#expectBack(temporary, hashText(hashEngine, text));
  }

  /** The map comes first: zeros without a map could be taken for a picture. */
  async #name(): Promise<{target: string; map: string}> {
    const {files} = this.#run;
    for (;;) {
      const {target, map} = await this.#claimPair();
      if (!(await this.#move(this.#map ?? map, map))) continue;
      this.#map = map;
      if (!(await this.#move(this.#salvage.writer.temporary, target))) continue;
      this.#isNamed = true;
      await files.syncFolder(dirname(this.#lane.absolute(target)));
      return {target, map};
    }
  }

  /** @returns a free name for the parts whose map's name is free too. */
  async #claimPair(): Promise<{target: string; map: string}> {
    const {places, destination} = this.#lane;
    const {target: copy} = this.#salvage.writer;
    const cut = copy.lastIndexOf('/') + 1;
    const wanted = `${copy.slice(0, cut)}${nameParts(copy.slice(cut), destination.rules)}`;
    for (;;) {
      // No file has this size: every name that is taken is passed over.
      const {target} = await places.claim(wanted, Number.NaN);
      const map = `${target}${MAP_END}`;
      if ((await places.claim(map, Number.NaN)).target === map) return {target, map};
    }
  }

  /** @returns false when the name is taken meanwhile. @throws the system's error. */
  async #move(from: string, to: string): Promise<boolean> {
    try {
      await this.#run.files.publish(this.#lane.absolute(from), this.#lane.absolute(to));
      return true;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      return false;
    }
  }

  /** The file has failed already because of the card: this is only told, unless the whole destination is gone. */
  async #giveUp(error: unknown): Promise<void> {
    const {writer} = this.#salvage;
    const lane = this.#lane;
    const path = lane.absolute(writer.target);
    const cause = causeFrom(error, `keeping the readable parts on ${lane.destination.name}`, path);
    await writer.abandon();
    // What has its name stays, even where the name may not outlast a power cut.
    if (this.#map !== undefined && !this.#isNamed) await this.#remove(this.#map);
    if (cause.code === 'ECANCELED' || lane.lost !== undefined) return;
    const loss = await lane.findLoss(error);
    if (loss !== undefined) loseLane(this.#run, lane, loss);
    else this.#run.emit({type: 'noticed', level: 'warning', ...cause});
  }

  /** A map without its parts says nothing. It is this program's own, made a moment ago. */
  async #remove(place: string): Promise<void> {
    try {
      await this.#run.files.removeFile(this.#lane.absolute(place));
    } catch (error) {
      // The drive is gone, or refuses even this: a temporary file is removed by the next run.
      causeFrom(error, 'removing a map', place);
    }
  }
}

/** @returns `IMG_0001.CR3.salvaged`, in the room that the destination has for it, its number and its map's ending. */
function nameParts(name: string, rules: NamingRules): string {
  const less = (limit: number | null) => (limit === null ? null : limit - ROOM);
  const tight: NamingRules = {
    ...rules,
    maxBytes: less(rules.maxBytes),
    maxUnits: less(rules.maxUnits),
  };
  return safeName(`${name}${PARTS_END}`, tight);
}
