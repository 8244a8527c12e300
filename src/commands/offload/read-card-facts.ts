import {join} from 'node:path';
import type {CardFile, CardListing, CardPath} from '../../core/card.ts';
import {detailsOf, type Layout, needsOf} from '../../core/layout.ts';
import {type DatedGroup, dateGroups} from '../../core/photo/groups/date-groups.ts';
import {findFreeGroups} from '../../core/photo/groups/free-groups.ts';
import type {FileGroup} from '../../core/photo/groups/group-files.ts';
import type {PhotoFacts} from '../../core/photo/photo-facts.ts';
import {warnOfFacts} from '../../core/photo/warn-of-facts.ts';
import {formOf} from '../../core/survey/file-kind.ts';
import type {Warning} from '../../core/verdict.ts';
import type {Program} from '../program.ts';

/** The groups of a card in the order in which they were taken, with what is to be told about their dates. */
export interface CardFacts {
  readonly groups: readonly DatedGroup[];
  readonly warnings: readonly Warning[];
}

interface Reading {
  readonly program: Program;
  /** Of the card, without links. */
  readonly root: string;
  readonly listing: CardListing;
  readonly layout: Layout;
  /** With `--only-new` false for what is on two drives already. A file that is wanted is dated by all that belongs to it. */
  readonly wants: (path: CardPath) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Reads what a layout needs to know of the pictures on a card: one pass over the heads of the main files, and a second over those beside a main file that says no date. A layout that needs nothing
 * of them reads nothing.
 * @returns the groups of which a file is wanted.
 */
export async function readCardFacts(reading: Reading): Promise<CardFacts> {
  const {program, listing, layout, wants} = reading;
  const all = findFreeGroups(listing.files.map(({path}) => path));
  const hasWanted = ({members}: FileGroup) => members.some(({path}) => wants(path));
  const pictures = needsOf(layout) === 'none' ? all : all.filter(hasPicture);
  const groups = pictures.some(hasWanted) ? pictures : [];
  const files = new Map(listing.files.map((file) => [file.path, file]));
  const {facts, inTrouble} = await readFacts(reading, groups, files);
  const dating = {files, facts, timeZone: program.timeZone};
  const dated = dateGroups(groups, dating).filter(hasWanted);
  const nowMs = program.clock.now().getTime();
  return {groups: dated, warnings: warnOfFacts({layout, groups: dated, nowMs, inTrouble})};
}

async function readFacts(
  {program, root, layout, signal}: Reading,
  groups: readonly FileGroup[],
  files: ReadonlyMap<CardPath, CardFile>,
): Promise<{facts: ReadonlyMap<CardPath, PhotoFacts>; inTrouble: boolean}> {
  const facts = new Map<CardPath, PhotoFacts>();
  const needs = needsOf(layout);
  let inTrouble = false;
  if (needs === 'none') return {facts, inTrouble};
  const read = async (paths: readonly CardPath[]) => {
    const asked = paths.flatMap((path) => files.get(path) ?? []);
    const requests = asked.map(({path, size, mtimeNs}) => ({
      path: join(root, path),
      size,
      mtimeNs,
    }));
    const options = {
      signal,
      timeZone: program.timeZone,
      details: detailsOf(layout),
      onTrouble: () => {
        inTrouble = true;
      },
    };
    let index = 0;
    for await (const found of program.photoFacts.readAll(program.files, requests, options)) {
      const path = asked[index++]?.path;
      if (path !== undefined && found.facts !== undefined) facts.set(path, found.facts);
    }
  };
  await read(groups.map(({members: [main]}) => main.path).filter(mayTell));
  const silent = groups.filter(({members: [main]}) => facts.get(main.path)?.takenAt === undefined);
  const others = silent.flatMap(({members: [, ...rest]}) => rest.map(({path}) => path));
  await read(others.filter(mayTell));
  return {facts, inTrouble};
}

/** A log, a list or a sound by itself says nothing of its taking: it has no place under a layout that asks for that. */
const hasPicture = ({members}: FileGroup): boolean => members.some(({form}) => form !== undefined);

/** Pictures, films and the sidecars that a program wrote; the lists and logs of cameras say nothing. */
const mayTell = (path: CardPath): boolean => formOf(path) !== undefined || /\.xmp$/i.test(path);
