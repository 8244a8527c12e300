import {basename, dirname} from 'node:path';
import {isCameraFolder} from '../core/card-folders.ts';
import type {UserFolder} from './resolve-folder.ts';

/** True when somebody named the camera's folder at the root of a card (`E:\\DCIM`) and not the card. */
export function isPartOfCard({real, volume}: UserFolder): boolean {
  return dirname(real) === volume.mountPoint && isCameraFolder(basename(real));
}

/** True when a camera that formats what was named wipes the whole volume with all that lies on its drive. */
export function isWholeVolume(source: UserFolder): boolean {
  return source.volume.mountPoint === source.real || isPartOfCard(source);
}
