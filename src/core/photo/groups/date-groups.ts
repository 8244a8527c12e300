/** When each group was taken, and by what; and the order in which they were. */
import type {CardFile, CardPath} from '../../card.ts';
import {cameraOrderKey} from '../../survey/camera-order.ts';
import {countMs, localAtOffset, localInZone} from '../../zone-time.ts';
import type {PhotoFacts, TakenAt} from '../photo-facts.ts';
import {compareUnits, type FileGroup} from './group-files.ts';

export interface DatedGroup extends FileGroup {
  /** That of the main file; where it says nothing, of the next member that does; else the main file's own time. */
  readonly takenAt: TakenAt;
  /** Empty strings where no member says it. */
  readonly make: string;
  readonly model: string;
  readonly serial: string;
  readonly lens: string;
}

export interface Dating {
  readonly files: ReadonlyMap<CardPath, CardFile>;
  /** What is known of files; others say nothing. */
  readonly facts: ReadonlyMap<CardPath, PhotoFacts>;
  /** IANA name of the laptop's zone: for file times, and for films where no picture tells the camera's zone. */
  readonly timeZone: string;
}

/** @returns the groups in the order in which they were taken: by time, parts of a second, then as the camera numbered them; the chapters of a GoPro film one after the other. */
export function dateGroups(groups: readonly FileGroup[], dating: Dating): readonly DatedGroup[] {
  const clocks = findClocks(dating.facts);
  const dated = groups.map((group) => dateGroup(group, dating, clocks));
  return orderGroups(dated);
}

/** A picture whose camera recorded its zone. */
interface ZonedClock {
  readonly utcMs: number;
  readonly offsetMinutes: number;
}

function findClocks(facts: ReadonlyMap<CardPath, PhotoFacts>): readonly ZonedClock[] {
  const clocks: ZonedClock[] = [];
  for (const {takenAt} of facts.values()) {
    if (takenAt === undefined || takenAt.source !== 'recorded') continue;
    const {local, offsetMinutes} = takenAt;
    if (offsetMinutes === null) continue;
    clocks.push({utcMs: countMs(local) - offsetMinutes * 60_000, offsetMinutes});
  }
  return clocks.sort((a, b) => a.utcMs - b.utcMs || a.offsetMinutes - b.offsetMinutes);
}

function dateGroup(group: FileGroup, dating: Dating, clocks: readonly ZonedClock[]): DatedGroup {
  const known = group.members.flatMap(({path}) => dating.facts.get(path) ?? []);
  const taken = known.find(({takenAt}) => takenAt !== undefined)?.takenAt;
  const say = (name: 'serial' | 'lens') =>
    known.map((facts) => facts[name]).find((text) => text !== '') ?? '';
  const camera = known.find(({model}) => model !== '');
  return {
    ...group,
    takenAt: taken === undefined ? fileTime(group, dating) : inCameraZone(taken, clocks),
    make: camera?.make ?? '',
    model: camera?.model ?? '',
    serial: say('serial'),
    lens: say('lens'),
  };
}

function fileTime({members: [main]}: FileGroup, {files, timeZone}: Dating): TakenAt {
  const mtimeNs = files.get(main.path)?.mtimeNs ?? 0n;
  const utcMs = Number(mtimeNs / 1_000_000n);
  return {
    local: localInZone(utcMs, timeZone),
    milliseconds: ((utcMs % 1000) + 1000) % 1000,
    offsetMinutes: null,
    source: 'file',
  };
}

/** The time of a film that is UTC, in the zone of the picture that was taken nearest to it. */
function inCameraZone(takenAt: TakenAt, clocks: readonly ZonedClock[]): TakenAt {
  const {utcMs} = takenAt;
  if (utcMs === undefined || clocks.length === 0) return takenAt;
  let low = 0;
  let high = clocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((clocks[middle]?.utcMs ?? 0) < utcMs) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [clocks[low - 1], clocks[low]];
  const isBefore =
    before !== undefined && (after === undefined || utcMs - before.utcMs <= after.utcMs - utcMs);
  const nearest = isBefore ? before : after;
  if (nearest === undefined) return takenAt;
  const {offsetMinutes} = nearest;
  return {...takenAt, local: localAtOffset(utcMs, offsetMinutes), offsetMinutes};
}

/** Chapter and film: GX020123 is the second chapter of film 0123; older ones are GOPR0123, GP010123 (GoPro's naming convention). */
const CHAPTER = /^(?:G[HX](\d\d)|GP(\d\d)|GOPR)(\d{4})$/i;

function chapterOf({folder, members: [main]}: FileGroup) {
  const [, new_, old, film] = CHAPTER.exec(main.stem) ?? [];
  if (film === undefined || main.form !== 'film') return undefined;
  const series = new_ === undefined ? 'GP' : main.stem.slice(0, 2).toUpperCase();
  return {film: JSON.stringify([folder, series, film]), number: Number(new_ ?? old ?? 0)};
}

/** A chapter has the day of the first one, and its camera where it names none itself: some say it in the first chapter only. */
function continueFilm(chapter: DatedGroup, {takenAt, ...first}: DatedGroup): DatedGroup {
  if (chapter.model !== '') return {...chapter, takenAt};
  const {make, model, serial, lens} = first;
  return {...chapter, takenAt, make, model, serial, lens};
}

function orderGroups(groups: readonly DatedGroup[]): readonly DatedGroup[] {
  const keyed = groups.map((group) => {
    const {local, milliseconds} = group.takenAt;
    const at = countMs(local) + milliseconds;
    return {group, at, chapter: chapterOf(group), key: cameraOrderKey(group.members[0].path)};
  });
  // A film stands where its first chapter stands.
  const films = new Map<string, (typeof keyed)[number]>();
  for (const one of keyed) {
    if (one.chapter === undefined) continue;
    const first = films.get(one.chapter.film);
    if (first?.chapter === undefined || one.chapter.number < first.chapter.number) {
      films.set(one.chapter.film, one);
    }
  }
  // And lies where it lies: a film that was taken over midnight stays in one folder.
  const placed = keyed.map((one) => {
    const head = one.chapter && films.get(one.chapter.film);
    if (head === undefined) return one;
    const {at, key} = head;
    return {...one, at, key, group: continueFilm(one.group, head.group)};
  });
  placed.sort(
    (a, b) =>
      a.at - b.at ||
      compareUnits(a.key, b.key) ||
      (a.chapter?.number ?? 0) - (b.chapter?.number ?? 0) ||
      compareUnits(a.group.members[0].path, b.group.members[0].path),
  );
  return placed.map(({group}) => group);
}
