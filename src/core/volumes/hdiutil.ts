import {isFields, listOf, textOf} from './fields.ts';
import {parsePlist} from './plist.ts';

/**
 * The file behind an attached disk image, from `hdiutil info -plist` (hdiutil(1)). An image in memory has a path like
 * `ram://2048000`.
 * @param device `disk5`, with or without `/dev/`.
 * @returns undefined when no image has that device.
 */
export function findImagePath(xml: string, device: string): string | undefined {
  const wanted = `/dev/${device.replace(/^\/dev\//, '')}`;
  const info = parsePlist(xml);
  for (const image of isFields(info) ? listOf(info.images) : []) {
    if (!isFields(image)) continue;
    const entities = listOf(image['system-entities']);
    if (entities.some((entity) => isFields(entity) && entity['dev-entry'] === wanted))
      return textOf(image['image-path']) ?? undefined;
  }
  return undefined;
}
