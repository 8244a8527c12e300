import type PQueue from 'p-queue';
import type {CardListing} from '../../core/card.ts';
import type {Volume} from '../../core/drive.ts';
import type {DriveSeen} from '../../core/events.ts';
import type {SeenDrive} from '../../core/session/session-events.ts';
import type {DriveRole} from '../../core/session/session-state.ts';
import {lookAtVolume} from '../look-at-volume.ts';
import {nameDestination} from '../name-drive.ts';
import {cardIdOf, labelOf} from '../offload/name-card.ts';
import type {Program} from '../program.ts';
import {resolveFolder, type UserFolder} from '../resolve-folder.ts';
import {surveyCard} from '../survey/survey-card.ts';
import type {Desk} from './desk.ts';

interface SurroundingsOptions {
  readonly program: Program;
  readonly desk: Desk;
  /** Looks at cards; few at once. */
  readonly looks: PQueue;
  readonly signal: AbortSignal;
  /** Called when drives came or went, or were looked at again. */
  readonly onDrives: () => void;
}

const SHOOTS_REMEMBERED = 50;

/** Cards and drives as they come and go, and what is known of them. */
export class Surroundings {
  readonly #options: SurroundingsOptions;
  /** What is mounted now, by mount point. */
  readonly #mounted = new Map<string, Volume>();
  readonly #listings = new Map<string, CardListing>();
  readonly #surveys = new Map<string, Promise<void>>();
  #given: readonly string[] = [];
  /** Mount points of the given folders that are on the screen, by the folder. */
  readonly #givenOn = new Map<string, string>();
  #toldNotice = false;
  readonly #firstLooks = new Set<Promise<unknown>>();

  constructor(options: SurroundingsOptions) {
    this.#options = options;
  }

  /** Resolves when the session ends. @param destinations folders that the user gave instead of drives with roles. */
  async watch({destinations}: {readonly destinations: readonly string[]}): Promise<void> {
    this.#given = destinations;
    // A catalog that another program holds is waited for, but cards are not kept waiting.
    await Promise.all([this.#rememberShoots(), this.#watchVolumes()]);
  }

  async #watchVolumes(): Promise<void> {
    const {program, desk, signal} = this.#options;
    await this.#lookAtGiven();
    await program.watchVolumes({
      signal,
      onArrived: (volume) => this.#welcome(volume),
      onLeft: (volume) => this.#forget(volume),
      onLooked: () => this.#tellLooked(),
      onTrouble: (cause) => desk.dispatch({type: 'told', cause}),
    });
  }

  /** After a run: space on the drives, and what the catalog says of the cards. */
  async lookAgain(cards: readonly string[]): Promise<void> {
    await this.#rememberShoots();
    for (const path of cards) await this.#remember(path);
    await this.lookAtDrives();
  }

  async lookAtDrives(): Promise<void> {
    if (this.areGiven) return await this.#lookAtGiven();
    for (const {volume} of this.#options.desk.getSnapshot().drives) await this.#look(volume);
  }

  /** True when the destinations were given by the user and have no roles of their own. */
  get areGiven(): boolean {
    return this.#given.length > 0;
  }

  /** @returns the listing of a card once it was surveyed; undefined when it cannot be read or is gone. */
  async listingOf(path: string): Promise<CardListing | undefined> {
    if (!this.#listings.has(path)) await this.#surveys.get(path);
    return this.#listings.get(path);
  }

  /** Once what was there at the start is on the screen: before, it would say that nothing is. */
  async #tellLooked(): Promise<void> {
    await Promise.allSettled(this.#firstLooks);
    this.#options.desk.dispatch({type: 'looked'});
    this.#options.onDrives();
  }

  async #welcome(volume: Volume): Promise<void> {
    const {mountPoint} = volume;
    this.#mounted.set(mountPoint, volume);
    this.#listings.delete(mountPoint);
    this.#surveys.delete(mountPoint);
    await this.#look(volume);
  }

  async #look(volume: Volume): Promise<void> {
    const {program, desk, looks} = this.#options;
    if (!this.#isThere(volume)) return;
    const look = lookAtVolume(program, volume);
    this.#firstLooks.add(look);
    const seen = await look;
    this.#firstLooks.delete(look);
    if (!this.#isThere(volume) || seen.role === 'system') return;
    if (seen.role !== 'card') {
      this.#options.onDrives();
      if (!this.areGiven) return desk.dispatch({type: 'drive-seen', drive: driveOf(seen, volume)});
      // It may hold a folder that was missing.
      if (this.#givenOn.size < this.#given.length) await this.#lookAtGiven();
      return;
    }
    const path = volume.mountPoint;
    desk.dispatch({type: 'card-arrived', path, label: labelOf(rootOf(volume)), volume});
    const survey = looks.add(() => this.#survey(volume));
    this.#surveys.set(path, survey);
    await survey;
  }

  /** It may have left while it was looked at, and another may be mounted there. */
  #isThere(volume: Volume): boolean {
    return !this.#options.signal.aborted && this.#mounted.get(volume.mountPoint) === volume;
  }

  async #survey(volume: Volume): Promise<void> {
    const {program, desk, signal} = this.#options;
    const path = volume.mountPoint;
    if (!this.#isThere(volume)) return;
    const surveyed = await surveyCard(program, {path, real: path, volume}, signal);
    if (!this.#isThere(volume)) return;
    if (!surveyed.ok) {
      return desk.dispatch({type: 'card-unreadable', path, problem: surveyed.cause});
    }
    this.#listings.set(path, surveyed.value.listing);
    desk.dispatch({type: 'card-surveyed', path, survey: surveyed.value.survey});
    await this.#remember(path);
  }

  #forget({mountPoint}: Volume): void {
    const {desk} = this.#options;
    this.#mounted.delete(mountPoint);
    this.#listings.delete(mountPoint);
    this.#surveys.delete(mountPoint);
    desk.dispatch({type: 'volume-left', path: mountPoint});
    this.#options.onDrives();
    for (const [path, place] of this.#givenOn) {
      if (place !== mountPoint) continue;
      this.#givenOn.delete(path);
      desk.dispatch({type: 'volume-left', path});
    }
  }

  async #remember(path: string): Promise<void> {
    const {program, desk} = this.#options;
    const volume = this.#mounted.get(path);
    const listing = this.#listings.get(path);
    if (volume === undefined || listing === undefined) return;
    const catalog = await program.openCatalog();
    // At the end it is closed.
    if (!this.#isThere(volume)) return;
    const compared = catalog.ok
      ? await catalog.value.compareListing(cardIdOf(rootOf(volume)), listing.files)
      : catalog;
    const history = compared.ok
      ? compared.value
      : ({state: 'unknown', why: compared.cause.message} as const);
    if (this.#isThere(volume)) desk.dispatch({type: 'card-remembered', path, history});
  }

  async #rememberShoots(): Promise<void> {
    const {program, desk, signal} = this.#options;
    const catalog = await program.openCatalog();
    if (signal.aborted) return;
    const shoots = catalog.ok ? await catalog.value.recentShoots(SHOOTS_REMEMBERED) : catalog;
    if (shoots.ok) desk.dispatch({type: 'shoots-remembered', names: shoots.value});
    else desk.dispatch({type: 'told', cause: shoots.cause});
    if (catalog.ok && catalog.value.notice !== null && !this.#toldNotice) {
      this.#toldNotice = true;
      desk.dispatch({type: 'told', cause: catalog.value.notice});
    }
  }

  /** The folders that were given with `--to`: the first is the working drive. */
  async #lookAtGiven(): Promise<void> {
    const {program, desk, signal} = this.#options;
    for (const [index, text] of this.#given.entries()) {
      if (signal.aborted) return;
      const folder = await resolveFolder(program, text, 'destination');
      if (!folder.ok) {
        desk.dispatch({type: 'told', cause: folder.cause});
        continue;
      }
      const {path, volume} = folder.value;
      const seen = await lookAtVolume(program, volume);
      const role: DriveRole = index === 0 ? 'working' : 'backup';
      const drive = {...driveOf(seen, volume), path, name: nameDestination(path, volume), role};
      this.#givenOn.set(path, volume.mountPoint);
      desk.dispatch({type: 'drive-seen', drive});
    }
  }
}

/** A volume as the folder that a command would be given. */
function rootOf(volume: Volume): Pick<UserFolder, 'path' | 'real' | 'volume'> {
  return {path: volume.mountPoint, real: volume.mountPoint, volume};
}

function driveOf({name, role, free, mediumRead}: DriveSeen, volume: Volume): SeenDrive {
  const known = role === 'working' || role === 'backup' || role === 'off-site' ? role : null;
  return {path: volume.mountPoint, name, volume, role: known, free, mediumRead};
}
