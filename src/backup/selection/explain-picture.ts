/** Why a picture is in or out: what was said of it, by whom, and the part of the rule that decided. */
import type {LeaveOut} from '../../core/backup/mirror-leave-out.ts';
import type {TreeFile, TreePath} from '../../core/backup/mirror-tree.ts';
import {folderOf, foldersAbove, nameOf} from '../../core/backup/walk-order.ts';
import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import type {PictureExplained} from '../../core/events.ts';
import {foldPath, type SourcePlace} from '../../core/selection/catalog-folders.ts';
import {findDeciding, judgePicture} from '../../core/selection/judge-picture.ts';
import {
  type FactSource,
  fillFacts,
  NO_FACTS,
  type PictureFacts,
} from '../../core/selection/picture-facts.ts';
import type {Rule} from '../../core/selection/rule.ts';
import {anyOf, type Truth} from '../../core/selection/truth.ts';
import {holdExiftool} from '../../system/exiftool.ts';
import type {Files} from '../../system/files.ts';
import {XmpAsker} from '../../system/selection/xmp-asker.ts';
import {listFolder} from '../scan-trees.ts';
import {readCatalogFolder} from './catalog-verdicts.ts';
import {FileFactsReader} from './file-facts-reader.ts';
import {judgeGroup} from './judge-group.ts';
import {groupPictures, type PictureGroup, withSidecars} from './picture-group.ts';

export interface Explaining {
  readonly files: Files;
  /** Absolute. */
  readonly source: string;
  readonly leaveOut: LeaveOut;
  readonly rule: Rule;
  /** Absolute; null without one. */
  readonly catalog: string | null;
  readonly place: SourcePlace;
  readonly nowMs: number;
}

export type Explanation = Pick<
  PictureExplained,
  'path' | 'answer' | 'by' | 'tests' | 'said' | 'along'
>;

/** @param path below the source. @returns why; or `picture-missing`, or why the folder or the catalog cannot be read. */
export async function explainPicture(
  explaining: Explaining,
  path: TreePath,
): Promise<Result<Explanation>> {
  const {files, source, leaveOut} = explaining;
  const listed = await listFolder(files, source, folderOf(path));
  if (!listed.ok) return listed;
  const file = listed.value.files.find((one) => one.path === path);
  if (file === undefined) return failed(missing(path));
  const isLeftOut = leaveOut(path, false) || foldersAbove(path).some((one) => leaveOut(one, true));
  if (isLeftOut) return ok({path, ...DECIDED_BY_NOBODY, answer: 'left-out'});
  const kept = withSidecars(listed.value.files, leaveOut);
  const group = groupPictures(kept).find((one) => one.files.includes(file));
  if (group === undefined) throw new Error(`a file in no group: ${path}`);
  const along = group.files.flatMap((one) => (one === file ? [] : [one.path]));
  if (group.pictures.length === 0) return ok({path, ...DECIDED_BY_NOBODY, answer: 'other', along});
  const byCatalog = await explainByCatalog(explaining, group, path);
  if (!byCatalog.ok) return byCatalog;
  const found = byCatalog.value ?? (await explainByFiles(explaining, group));
  return ok({path, along, ...found});
}

const DECIDED_BY_NOBODY = {by: null, tests: [], said: [], along: []} as const;

type Found = Pick<Explanation, 'answer' | 'by' | 'tests' | 'said'>;

/** One version of a picture, or one of several pictures of a group. */
interface Judged {
  readonly facts: PictureFacts;
  readonly truth: Truth;
}

async function explainByCatalog(
  explaining: Explaining,
  {pictures}: PictureGroup,
  path: TreePath,
): Promise<Result<Found | undefined>> {
  const {catalog, rule} = explaining;
  if (catalog === null) return ok(undefined);
  const read = await readCatalogFolder(
    {...explaining, catalog, source: explaining.place},
    folderOf(path),
  );
  if (!read.ok) return read;
  const versions = pictures.flatMap((picture) =>
    read.value
      .filter(({name}) => name === foldPath(nameOf(picture.path)))
      .map((version) => ({...version, picture: picture.path})),
  );
  if (versions.length === 0) return ok(undefined);
  const judged = versions.map(({facts}) => ({facts, truth: judgePicture(rule, facts)}));
  const truth = anyOf(judged.map((one) => one.truth));
  return ok({
    ...conclude(rule, truth, judged),
    by: 'catalog',
    said: versions.map(({facts, picture, isVirtualCopy}) =>
      toSaid({source: 'catalog', picture, from: catalog, facts, virtualCopy: isVirtualCopy}),
    ),
  });
}

async function explainByFiles(
  {files, source, rule, nowMs}: Explaining,
  group: PictureGroup,
): Promise<Found> {
  // What exiftool cannot say is unknown, and is told so.
  const asker = new XmpAsker(files, () => {});
  const reader = new FileFactsReader({files, source, known: new Map(), asker, nowMs});
  const {truth, by, said} = await holdExiftool(() => judgeGroup(group, rule, reader));
  const judged = group.pictures.map(({path}): Judged => {
    const its = said.filter(({picture}) => picture === path);
    const facts = its.reduce((sum, one) => fillFacts(sum, one.facts), NO_FACTS);
    return {facts, truth: judgePicture(rule, facts)};
  });
  const byPath = new Map(group.files.map((file) => [file.path, file]));
  return {
    ...conclude(rule, truth, judged),
    by,
    said: said.map((one) => toSaid({...one, changed: byPath.get(one.from), virtualCopy: false})),
  };
}

/** @returns the answer, and the tests that decided it for the first picture or version that has it. */
function conclude(
  rule: Rule,
  truth: Truth,
  judged: readonly Judged[],
): Pick<Found, 'answer' | 'tests'> {
  const first = judged.find((one) => one.truth === truth);
  const tests = first === undefined ? [] : findDeciding(rule, first.facts);
  return {answer: ANSWERS[truth], tests};
}

const ANSWERS: Readonly<Record<Truth, 'in' | 'out' | 'unknown'>> = {
  yes: 'in',
  no: 'out',
  unknown: 'unknown',
};

interface SaidBy {
  readonly source: FactSource;
  readonly picture: TreePath;
  readonly from: string;
  readonly facts: PictureFacts;
  readonly changed?: TreeFile | undefined;
  readonly virtualCopy: boolean;
}

const toSaid = ({
  source,
  picture,
  from,
  facts: {rating, pick, labels, keywords},
  changed,
  virtualCopy,
}: SaidBy): PictureExplained['said'][number] => ({
  source,
  picture,
  from,
  changedAt:
    changed === undefined ? null : new Date(Number(changed.mtimeNs / 1_000_000n)).toISOString(),
  virtualCopy,
  rating: rating ?? null,
  pick: pick ?? null,
  labels: labels ?? null,
  keywords: keywords ?? null,
});

const missing = (path: TreePath): Cause => ({
  code: 'picture-missing',
  path,
  message: 'there is no such file below the source',
  next: 'Name it from the source folder on, or with its whole path. Capitals count.',
});
