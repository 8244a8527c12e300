import {join} from 'node:path';
import {type Cause, causeFrom, errnoOf} from '../core/cause.ts';
import {type JournalReading, readJournal} from '../core/journal.ts';
import {
  type HashOfText,
  isSignedManifest,
  type Manifest,
  parseManifest,
  type SignText,
} from '../core/manifest.ts';
import {RECORD_FOLDER} from '../core/place-files.ts';
import {isEvidence, isTemporary} from '../core/temporary-names.ts';
import type {Files} from './files.ts';
import {readText} from './read-text.ts';

export interface FoundManifest {
  readonly path: string;
  readonly manifest: Manifest;
  /** This computer signed it. */
  readonly isOurs: boolean;
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

/** Bytes of a record. A manifest has 630 for each file of a card, and reading it takes six times as much memory; a journal has 2 kB for each file. */
const MOST_BYTES = 500_000_000;

/**
 * Reads all manifests and journals of a shoot. A shoot without records, or that is not there, has none. What lies there may come from anywhere: links are not followed,
 * nothing but ordinary files is opened, and no record is believed whose names lead out of the shoot.
 */
export async function readShootRecords(
  files: Files,
  shoot: string,
  hashOfText: HashOfText,
  signText?: SignText,
): Promise<ShootRecords> {
  const folder = join(shoot, RECORD_FOLDER);
  const manifests: FoundManifest[] = [];
  const journals: FoundJournal[] = [];
  const problems: Cause[] = [];
  for (const name of await listRecords(files, folder, problems)) {
    const path = join(folder, name);
    let text: string;
    try {
      const {kind, size} = await files.look(path);
      // Opening a pipe or a device can hang a program, or do worse.
      if (kind !== 'file' || size > MOST_BYTES) {
        problems.push(kind === 'file' ? tooLarge(path) : noFile(path));
        continue;
      }
      text = await readText(files, path);
    } catch (error) {
      problems.push(causeFrom(error, 'reading the record', path));
      continue;
    }
    if (name.endsWith('.json')) {
      const manifest = parseManifest(text, path, hashOfText);
      if (!manifest.ok) problems.push(manifest.cause);
      else if (!recordsOwnFiles(manifest.value)) problems.push(misnamed(path));
      else {
        const isOurs = signText !== undefined && isSignedManifest(manifest.value, signText);
        manifests.push({path, manifest: manifest.value, isOurs});
      }
    } else {
      const reading = readJournal(text, hashOfText, signText);
      const isOwn = reading === undefined || journalsOwnFiles(reading);
      if (reading !== undefined && isOwn) journals.push({path, reading});
      if (!isOwn) problems.push(misnamed(path));
      else if (reading === undefined || reading.damaged) problems.push(damagedJournal(path));
    }
  }
  return {manifests, journals, problems};
}

/** The id of an offload is the name of its records and a part of the names of its temporary files: one part of a path, and no way out of a folder. */
const isRecordName = (offload: string) => /^[A-Za-z0-9][\w.-]{0,99}$/.test(offload);

/** What lies under a temporary name may be moved and removed by the run that goes on: it must be a name that only this offload gives. */
const isOwnName = (path: string, offload: string) => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return isTemporary(name, offload) || isEvidence(name, offload);
};

function journalsOwnFiles({header: {offload}, copies, mismatches}: JournalReading): boolean {
  const places = [
    ...copies.map((copy) => (copy.type === 'file-copied' ? copy.temporary : undefined)),
    ...mismatches.map(({evidence}) => evidence),
  ];
  return (
    isRecordName(offload) &&
    places.every((place) => place === undefined || isOwnName(place, offload))
  );
}

function recordsOwnFiles({offload, files}: Manifest): boolean {
  const kept = files.flatMap(({mismatches = []}) => mismatches.filter((one) => one.kept));
  return isRecordName(offload) && kept.every(({copy}) => isOwnName(copy, offload));
}

async function listRecords(files: Files, folder: string, problems: Cause[]): Promise<string[]> {
  try {
    const {kind} = await files.look(folder);
    if (kind !== 'folder') {
      problems.push(noFolder(folder));
      return [];
    }
    const names = await files.list(folder);
    return names.filter((name) => !name.startsWith('.') && /\.(?:json|journal)$/.test(name)).sort();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') problems.push(causeFrom(error, 'listing the records', folder));
    return [];
  }
}

const noFile = (path: string): Cause => ({
  code: 'record-no-file',
  path,
  message: 'this is no ordinary file and is not opened; a record is one',
  next: 'Look who put it there, and remove it.',
});

const noFolder = (path: string): Cause => ({
  code: 'records-no-folder',
  path,
  message: 'this is no folder, so records in it are not read',
  next: 'Look who put it there: it leads to another place.',
});

const tooLarge = (path: string): Cause => ({
  code: 'record-too-large',
  path,
  message: `this record has more than ${MOST_BYTES / 1e6} MB and is not read`,
  next: 'Run the same command again: the files concerned are proved again.',
});

const misnamed = (path: string): Cause => ({
  code: 'record-misnamed',
  path,
  message: 'this record names files that this program does not make, and is not used as evidence',
  next: 'Look who changed it. The files concerned are proved again.',
});

const damagedJournal = (path: string): Cause => ({
  code: 'journal-damaged',
  path,
  message:
    'this journal is torn, edited or from a newer version; what follows the damage is not used as evidence',
  next: 'Nothing is to be done: the files concerned are proved again.',
});
