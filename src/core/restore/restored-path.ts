/** Where a file lies when it is restored. */
import {RECORD_FOLDER} from '../place-files.ts';
import {foldName, type NamingRules, numberedName, safeName} from '../safe-names.ts';
import type {KnownFile} from './known-file.ts';

export interface RestoredPath {
  /** Name of the shoot folder: one part. */
  readonly shoot: string;
  /** Below it, parts joined by `/`. */
  readonly target: string;
}

/**
 * Shoot and target come from a record, which may come from anywhere: each part becomes a name that the destination can hold, and none is a way out of a folder. The folder of
 * the records is for records alone.
 */
export function restoredPath(
  {shoot, target, hash}: Pick<KnownFile, 'shoot' | 'target'> & Partial<Pick<KnownFile, 'hash'>>,
  rules: NamingRules,
): RestoredPath {
  const parts = target.split('/').map((part, index) => {
    const name = safeName(part, rules);
    const isRecords = index === 0 && foldName(name, rules) === foldName(RECORD_FOLDER, rules);
    return isRecords ? numberedName({name, n: 2, rules}) : name;
  });
  // What lies at the root of a mirror is in no shoot, and no record speaks of it.
  const isInNone = shoot === '' && hash === '';
  return {shoot: isInNone ? '' : safeName(shoot, rules), target: parts.join('/')};
}
