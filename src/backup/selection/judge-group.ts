/** Asks sidecars and pictures what they say, until the rule is decided. */
import type {TreeFile, TreePath} from '../../core/backup/mirror-tree.ts';
import {foldPath} from '../../core/selection/catalog-folders.ts';
import {judgePicture} from '../../core/selection/judge-picture.ts';
import {fillFacts, NO_FACTS, type PictureFacts} from '../../core/selection/picture-facts.ts';
import {hasOwnXmp} from '../../core/selection/picture-kinds.ts';
import type {XmpFacts} from '../../core/selection/read-xmp.ts';
import type {Rule} from '../../core/selection/rule.ts';
import {anyOf, type Truth} from '../../core/selection/truth.ts';
import {kindOf} from '../../core/survey/file-kind.ts';
import {type GroupVerdict, isWholeName, type PictureGroup, type Said} from './picture-group.ts';

/** Reads metadata; undefined for what cannot be read. */
export interface FactReader {
  sidecar(file: TreeFile): Promise<XmpFacts | undefined>;
  embedded(file: TreeFile): Promise<PictureFacts | undefined>;
}

/**
 * Judges a group that the catalog does not know. A picture that matches takes its whole group along; otherwise one that is known not to match keeps it out, because a pair is one picture.
 * A part of the metadata that decides is enough: more of it cannot change the answer. What cannot be read may say more than all the rest: no answer is a no then.
 */
export async function judgeGroup(
  {files, pictures, sidecars}: PictureGroup,
  rule: Rule,
  reader: FactReader,
): Promise<GroupVerdict> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const fileOf = (path: TreePath): TreeFile => {
    const file = byPath.get(path);
    if (file === undefined) throw new Error(`no file of its group: ${path}`);
    return file;
  };
  const read: {path: TreePath; facts: XmpFacts}[] = [];
  let isHidden = false;
  for (const {path} of sidecars) {
    const its = await reader.sidecar(fileOf(path));
    if (its === undefined) isHidden = true;
    else read.push({path, facts: its});
  }
  const said: Said[] = [];
  const facts = new Map<TreePath, PictureFacts>();
  for (const {path} of pictures) {
    let its = NO_FACTS;
    for (const one of sortFor(path, read)) {
      if (!isItsSidecar(one, path, pictures.length)) continue;
      said.push({source: 'sidecar', picture: path, from: one.path, facts: one.facts});
      its = fillFacts(its, one.facts);
    }
    facts.set(path, its);
  }
  const judge = () => judgeAll(rule, [...facts.values()]);
  const bySidecars = judge();
  if (bySidecars.isCertain && !(isHidden && bySidecars.truth === 'no'))
    return {truth: bySidecars.truth, by: 'sidecar', said};
  for (const {path} of pictures) {
    const before = facts.get(path) ?? NO_FACTS;
    if (judgePicture(rule, before) !== 'unknown') continue;
    const inside = await reader.embedded(fileOf(path));
    if (inside === undefined) {
      isHidden = true;
      continue;
    }
    said.push({source: 'embedded', picture: path, from: path, facts: inside});
    facts.set(path, fillFacts(before, inside));
    if (judge().truth === 'yes') break;
  }
  const {truth} = judge();
  if (truth === 'unknown' || (isHidden && truth === 'no'))
    return {truth: 'unknown', by: null, said};
  return {truth, by: truth === bySidecars.truth ? 'sidecar' : 'embedded', said};
}

/** @returns yes when one picture matches, no when one is known not to; certain when no other one can change it. */
function judgeAll(
  rule: Rule,
  facts: readonly PictureFacts[],
): {readonly truth: Truth; readonly isCertain: boolean} {
  const truths = facts.map((one) => judgePicture(rule, one));
  const any = anyOf(truths);
  if (any !== 'unknown') return {truth: any, isCertain: true};
  return {truth: truths.includes('no') ? 'no' : 'unknown', isCertain: false};
}

interface ReadSidecar {
  readonly path: TreePath;
  readonly facts: XmpFacts;
}

/** That which bears the picture's whole name first. */
const sortFor = (picture: TreePath, sidecars: readonly ReadSidecar[]): readonly ReadSidecar[] =>
  sidecars.toSorted(
    (a, b) => Number(isWholeName(b.path, picture)) - Number(isWholeName(a.path, picture)),
  );

/** `IMG_1.xmp` says to which extension it belongs, or belongs to the file that cannot hold metadata itself. */
function isItsSidecar(
  {path, facts: {extension}}: ReadSidecar,
  picture: TreePath,
  pictures: number,
): boolean {
  if (isWholeName(path, picture)) return true;
  if (!isBare(path, picture)) return false;
  if (extension !== undefined) return extension === kindOf(picture);
  return pictures === 1 || !hasOwnXmp(picture);
}

/** The sidecar's name is that of the picture without its extension. */
function isBare(sidecar: TreePath, picture: TreePath): boolean {
  const bare = (path: TreePath) => foldPath(path.replace(/\.[^./]*$/, ''));
  return bare(sidecar) === bare(picture);
}
