import {join} from 'node:path';
import {type Cause, causeFrom, errnoOf} from '../core/cause.ts';
import {type JournalReading, readJournal} from '../core/journal.ts';
import {type HashOfText, type Manifest, parseManifest} from '../core/manifest.ts';
import {RECORD_FOLDER} from '../core/place-files.ts';
import type {Files} from './files.ts';
import {readText} from './read-text.ts';

export interface FoundManifest {
  readonly path: string;
  readonly manifest: Manifest;
}

export interface FoundJournal {
  readonly path: string;
  readonly reading: JournalReading;
}

/** The records in one shoot folder. What is damaged, edited or from a newer version is named in `problems` and is no evidence. */
export interface ShootRecords {
  readonly manifests: readonly FoundManifest[];
  readonly journals: readonly FoundJournal[];
  readonly problems: readonly Cause[];
}

/** Reads all manifests and journals of a shoot. A shoot without records, or that is not there, has none. */
export async function readShootRecords(
  files: Files,
  shoot: string,
  hashOfText: HashOfText,
): Promise<ShootRecords> {
  const folder = join(shoot, RECORD_FOLDER);
  const manifests: FoundManifest[] = [];
  const journals: FoundJournal[] = [];
  const problems: Cause[] = [];
  for (const name of await listRecords(files, folder, problems)) {
    const path = join(folder, name);
    let text: string;
    try {
      text = await readText(files, path);
    } catch (error) {
      problems.push(causeFrom(error, 'reading the record', path));
      continue;
    }
    if (name.endsWith('.json')) {
      const manifest = parseManifest(text, path, hashOfText);
      if (manifest.ok) manifests.push({path, manifest: manifest.value});
      else problems.push(manifest.cause);
    } else {
      const reading = readJournal(text, hashOfText);
      if (reading !== undefined) journals.push({path, reading});
      if (reading === undefined || reading.damaged) problems.push(damagedJournal(path));
    }
  }
  return {manifests, journals, problems};
}

async function listRecords(files: Files, folder: string, problems: Cause[]): Promise<string[]> {
  try {
    const names = await files.list(folder);
    return names.filter((name) => !name.startsWith('.') && /\.(?:json|journal)$/.test(name)).sort();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') problems.push(causeFrom(error, 'listing the records', folder));
    return [];
  }
}

const damagedJournal = (path: string): Cause => ({
  code: 'journal-damaged',
  path,
  message:
    'this journal is torn, edited or from a newer version; what follows the damage is not used as evidence',
  next: 'Nothing is to be done: the files concerned are proved again.',
});
