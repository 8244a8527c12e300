import type {CardFile, CardListing, CardPath} from '../core/card.ts';
import {type Cause, causeFrom, errnoOf} from '../core/cause.ts';
import {keepsFolders, type Layout, renderLayout} from '../core/layout.ts';
import {keepChainApart} from '../core/mhl/manifest-names.ts';
import {placeTree} from '../core/place-files.ts';
import type {Files} from '../system/files.ts';
import type {EarlierCopy, EarlierRun} from './earlier-run.ts';
import type {WantedPlaces} from './group-places.ts';
import type {Lane} from './lane.ts';
import type {FilePlan, Step} from './plan.ts';

export interface PlanSetting {
  readonly files: Files;
  readonly listing: CardListing;
  /** Folders of the card, those that are not kept too: an earlier run may have written into them. */
  readonly cardFolders: readonly CardPath[];
  readonly layout: Layout;
  readonly shoot: string;
  /** Name of the card's folder. */
  readonly folder: string;
  readonly lanes: readonly Lane[];
  /** Where the layout wants the files, when that was found out for all destinations together; else the layout says it for each file. */
  readonly wanted?: WantedPlaces | undefined;
  /** What an earlier run of this offload did; only when the card is still as it was then. */
  readonly earlier: EarlierRun | undefined;
  /** An ASC MHL history is written: the chain of one that the card brings must stay as it is. */
  readonly mhl?: boolean;
}

export interface CopyPlan {
  readonly files: readonly FilePlan[];
  /** Folders to keep on each destination, below its shoot folder. */
  readonly folders: ReadonlyMap<Lane, readonly string[]>;
  /** Folders that the card has on each destination, kept or not: what dead runs left is looked for there. */
  readonly cardFolders: ReadonlyMap<Lane, readonly string[]>;
  /** Temporary files of the earlier run that are used again, below the shoot folder. */
  readonly reused: ReadonlyMap<Lane, ReadonlySet<string>>;
  /** Destinations whose folders cannot be listed. */
  readonly unusable: ReadonlyMap<Lane, Cause>;
}

/** Decides for every file and destination where it goes and what has to be done. Writes nothing. */
export async function planCopies(setting: PlanSetting): Promise<CopyPlan> {
  const steps = new Map<CardPath, Step[]>(setting.listing.files.map(({path}) => [path, []]));
  const folders = new Map<Lane, readonly string[]>();
  const cardFolders = new Map<Lane, readonly string[]>();
  const reused = new Map<Lane, Set<string>>();
  const unusable = new Map<Lane, Cause>();
  for (const lane of setting.lanes) {
    const placement = placeOnLane(setting, lane);
    folders.set(lane, [...placement.folders.values()]);
    cardFolders.set(lane, placeCardFolders(setting, lane));
    reused.set(lane, new Set());
    try {
      for (const file of setting.listing.files) {
        const wanted = placement.files.get(file.path) ?? file.path;
        const step = await planStep(setting, lane, {file, wanted});
        steps.get(file.path)?.push(step);
        if (step.kind === 'prove-temporary') reused.get(lane)?.add(step.temporary);
      }
    } catch (error) {
      unusable.set(lane, causeFrom(error, 'listing its folders', lane.root));
    }
  }
  const files = setting.listing.files.map((file): FilePlan => {
    const planned = steps.get(file.path) ?? [];
    return {file, steps: planned, retries: retriesOf(setting, file)};
  });
  return {files, folders, cardFolders, reused, unusable};
}

function placeOnLane(
  {listing, layout, shoot, folder, wanted, mhl = false}: PlanSetting,
  lane: Lane,
) {
  const {rules} = lane.destination;
  const apart = (files: ReadonlyMap<CardPath, string>) =>
    mhl ? new Map([...files].map(([path, place]) => [path, keepChainApart(place)])) : files;
  if (wanted !== undefined)
    return placeTree({wanted: apart(wanted.files), folders: wanted.folders, rules});
  const render = (path: CardPath) => renderLayout(layout, {shoot, card: folder, path});
  return placeTree({
    wanted: apart(new Map(listing.files.map(({path}) => [path, render(path)]))),
    folders: keepsFolders(layout) ? listing.folders.map(render) : [],
    rules,
  });
}

/** Where a layout keeps the card's tree, its folders are where they would be if all of it were copied. */
function placeCardFolders(
  {cardFolders, layout, shoot, folder}: PlanSetting,
  lane: Lane,
): readonly string[] {
  if (!keepsFolders(layout)) return [];
  const folders = cardFolders.map((path) => renderLayout(layout, {shoot, card: folder, path}));
  const {rules} = lane.destination;
  return [...placeTree({wanted: new Map(), folders, rules}).folders.values()];
}

function retriesOf({earlier}: PlanSetting, file: CardFile): number {
  const lanes = [...(earlier?.copies.values() ?? [])];
  return Math.max(0, ...lanes.map((copies) => copies.get(file.path)?.retries ?? 0));
}

async function planStep(
  {files, earlier}: PlanSetting,
  lane: Lane,
  {file, wanted}: {file: CardFile; wanted: string},
): Promise<Step> {
  const copy = earlier?.copies.get(lane.destination.to)?.get(file.path);
  const known = copy !== undefined && isOfFile(copy, file) ? copy : undefined;
  const step = known && (await planReuse(files, lane, {file, wanted, copy: known}));
  if (step !== undefined) return step;
  const {target, taken} = await lane.places.claim(wanted, file.size);
  const given = known === undefined ? {} : {hash: known.hash};
  if (taken) return {kind: 'check', lane, target, wanted, ...given};
  return {kind: 'write', lane, target, ...given};
}

/** @returns what is to be done with a copy of the earlier run; undefined when it is of no use or not there any more. */
async function planReuse(
  files: Files,
  lane: Lane,
  {file, wanted, copy}: {file: CardFile; wanted: string; copy: EarlierCopy},
): Promise<Step | undefined> {
  const {hash, target, temporary, origin, source} = copy;
  if (copy.isBad) return undefined;
  const from = source === undefined ? {} : {source};
  if (temporary === undefined) {
    const stands = (await sizeOf(files, lane.absolute(target))) === file.size;
    if (!stands || !lane.places.claimExactly(target)) return undefined;
    return {kind: 'prove-again', lane, target, wanted, hash, origin, ...from};
  }
  if ((await sizeOf(files, lane.absolute(temporary))) !== file.size) return undefined;
  const place = await lane.places.claim(wanted, file.size);
  const {target: final, taken} = place;
  // Taken: the earlier run may have named it already and died before it could say so.
  if (taken) return {kind: 'check', lane, target: final, wanted, hash};
  return {kind: 'prove-temporary', lane, target: final, wanted, temporary, hash, ...from};
}

const isOfFile = (copy: EarlierCopy, file: CardFile) =>
  copy.size === file.size && copy.mtimeNs === `${file.mtimeNs}`;

async function sizeOf(files: Files, path: string): Promise<number | undefined> {
  try {
    const facts = await files.look(path);
    return facts.kind === 'file' ? facts.size : undefined;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Bytes that are really to be written on a destination: what is there already needs no room. */
export function bytesToWrite(plan: CopyPlan, lane: Lane): number {
  return plan.files.reduce((sum, {file, steps}) => {
    const writes = steps.some((step) => step.lane === lane && step.kind === 'write');
    return writes ? sum + file.size : sum;
  }, 0);
}
