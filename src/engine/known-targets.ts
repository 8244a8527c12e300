import type {CardFile, CardPath} from '../core/card.ts';
import type {DestinationRecords, EarlierRun} from './earlier-run.ts';

/**
 * Where earlier offloads of a card into this shoot put its files, so that more files on the card do not move those that were copied before: what the run that is continued has, then what
 * records with the same layout tell.
 * @param layout template.
 * @returns paths below the shoot folder, for files that have the recorded size and time still.
 */
export function findKnownTargets(
  all: readonly DestinationRecords[],
  {
    cardId,
    layout,
    files,
    earlier,
  }: {
    cardId: string;
    layout: string;
    files: readonly CardFile[];
    earlier: EarlierRun | undefined;
  },
): ReadonlyMap<CardPath, string> {
  const now = new Map(files.map((file) => [file.path, file]));
  const targets = new Map<CardPath, string>();
  const add = (copy: {path: CardPath; size: number; mtimeNs: string}, target: string) => {
    const file = now.get(copy.path);
    const isSame = file?.size === copy.size && `${file.mtimeNs}` === copy.mtimeNs;
    if (isSame && !targets.has(copy.path)) targets.set(copy.path, target);
  };
  for (const copies of earlier?.copies.values() ?? []) {
    for (const copy of copies.values()) if (!copy.isBad) add(copy, copy.target);
  }
  for (const {records} of all) {
    for (const {manifest} of records.manifests) {
      if (manifest.card.id !== cardId || manifest.layout !== layout) continue;
      for (const file of manifest.files) {
        const [copy] = file.copies;
        if (copy !== undefined) add(file, copy.target);
      }
    }
  }
  return targets;
}
