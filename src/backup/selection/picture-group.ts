/** Pictures of one folder with what belongs to them, and what was said of them. */
import type {LeaveOut} from '../../core/backup/mirror-leave-out.ts';
import type {TreeFile, TreePath} from '../../core/backup/mirror-tree.ts';
import {nameOf} from '../../core/backup/walk-order.ts';
import {type GroupMember, groupFiles} from '../../core/photo/groups/group-files.ts';
import {foldPath} from '../../core/selection/catalog-folders.ts';
import type {FactSource, PictureFacts} from '../../core/selection/picture-facts.ts';
import {isRated} from '../../core/selection/picture-kinds.ts';
import type {Truth} from '../../core/selection/truth.ts';

/** Files that stay together: a raw picture, its JPEG, their sidecars. */
export interface PictureGroup {
  readonly files: readonly TreeFile[];
  /** Those that a rule is asked about; empty for a group without a picture. */
  readonly pictures: readonly GroupMember[];
  /** XMP sidecars of one of them. */
  readonly sidecars: readonly GroupMember[];
}

/** @param files of one folder. */
export function groupPictures(files: readonly TreeFile[]): readonly PictureGroup[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return groupFiles(files.map(({path}) => path)).map(({members}) => ({
    files: members.flatMap(({path}) => byPath.get(path) ?? []),
    pictures: members.filter(({path}) => isRated(path)),
    sidecars: members.filter(({tail}) => /\.xmp$/i.test(tail)),
  }));
}

/** @returns the files of a folder that a job does not leave out, and all XMP sidecars: one that is not to be copied says still what its picture is worth. */
export const withSidecars = (files: readonly TreeFile[], leaveOut: LeaveOut): readonly TreeFile[] =>
  files.filter(({path}) => !leaveOut(path, false) || /\.xmp$/i.test(path));

/** What one place says of one picture. */
export interface Said {
  readonly source: FactSource;
  readonly picture: TreePath;
  /** The sidecar or the picture itself; of the catalog the picture. */
  readonly from: TreePath;
  readonly facts: PictureFacts;
}

export interface GroupVerdict {
  readonly truth: Truth;
  /** Who decided; null when nobody knew enough. */
  readonly by: FactSource | null;
  readonly said: readonly Said[];
}

/** `IMG_1.CR3.xmp` is a sidecar of `IMG_1.CR3` alone. */
export const isWholeName = (sidecar: TreePath, picture: TreePath): boolean =>
  foldPath(nameOf(sidecar)) === `${foldPath(nameOf(picture))}.xmp`;
