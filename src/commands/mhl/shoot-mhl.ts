/** `offload verify` adds a generation to the ASC MHL histories of a shoot that it has read again. */
import {join} from 'node:path';
import {staysInside} from '../../../verify/stays-inside.ts';
import type {CheckedCopy} from '../../../verify/verify-shoot.ts';
import type {Cause} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import type {MhlFormat} from '../../core/mhl/formats.ts';
import {formatsFor, type History, mainFormat} from '../../core/mhl/history.ts';
import {joinPath} from '../../core/mhl/history-folders.ts';
import {CHAIN_NAME, MHL_FOLDER} from '../../core/mhl/manifest-names.ts';
import {foldCase} from '../../core/safe-names.ts';
import {lockShoot} from '../../engine/shoot-lock.ts';
import {MhlHashes} from '../../system/mhl-hasher.ts';
import type {RecordedShoot} from '../find-records.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import {type Appended, appendGenerations, type ComparedFile} from './append-generation.ts';
import {completeValues} from './complete-values.ts';
import {readHistory} from './read-history.ts';
import {tellWritten} from './tell-written.ts';

/** The histories of a shoot while its copies are read again. */
export interface ShootMhl {
  /** To be given to the reader of the copies. */
  readonly hashes: MhlHashes;
  /** Hears of every copy that was read. */
  readonly note: (copy: CheckedCopy) => void;
  /** Writes what was found out. What fails is told, and changes nothing else. */
  readonly append: (where: {
    readonly volume: Parameters<typeof chooseReadMethod>[1];
    readonly emit: Emit;
  }) => Promise<void>;
}

/** @returns undefined where no history lies beside the records. */
export async function openShootMhl(
  program: Program,
  {shoot, manifests}: RecordedShoot,
): Promise<ShootMhl | undefined> {
  const folders = new Set(['', ...manifests.map(({manifest}) => manifest.folder)]);
  const copies = new Set(
    manifests.flatMap(({manifest: {files}}) =>
      files.flatMap((file) => file.copies.map(({target}) => foldCase(target))),
    ),
  );
  const formats = new Set<MhlFormat>();
  const found: string[] = [];
  for (const folder of folders) {
    const place = join(shoot, folder, MHL_FOLDER);
    const isInside = folder === '' || (await staysInside(program.files, shoot, place));
    const read = isInside ? await readHistory(program.files, place) : undefined;
    if (read === undefined || (read.ok && read.value === undefined)) continue;
    const chain = `${joinPath(folder, MHL_FOLDER)}/${CHAIN_NAME}`;
    // A card brought it, and what a card brought stays as it is.
    if (copies.has(foldCase(chain))) continue;
    found.push(folder);
    // A history that is not whole is told of when it is to be continued.
    if (read.ok && read.value !== undefined) addFormats(formats, read.value.history);
  }
  if (found.length === 0) return undefined;
  const checked = new Map<string, ComparedFile>();
  const hashes = new MhlHashes(formats);
  const startedAt = program.clock.now();
  return {
    hashes,
    note({target, file, state}) {
      const isRead = state.kind === 'good' || state.kind === 'changed';
      const blake3 = state.kind === 'changed' ? state.actual : file.blake3;
      if (!isRead || blake3 === null) return;
      const {size} = file;
      const mtimeNs = BigInt(file.mtimeNs);
      const at = program.clock.now().toISOString();
      checked.set(target, {path: target, size, mtimeNs, blake3, at});
    },
    async append({volume, emit}) {
      const {files, self, clock, newWord} = program;
      const token = newWord();
      const lock = await lockShoot({files, self, since: clock.now(), token}, shoot);
      if (!lock.ok) {
        emit(warn(lock.cause));
        return;
      }
      try {
        // That of the whole shoot goes on with those below it.
        for (const folder of found.includes('') ? [''] : found) {
          const appended = await appendTo(folder, token, volume);
          tellAppended(appended, join(shoot, folder), emit);
        }
      } finally {
        await lock.value.release();
      }
    },
  };

  async function appendTo(
    folder: string,
    token: string,
    volume: Parameters<typeof chooseReadMethod>[1],
  ): Promise<Appended> {
    const {files, run, hashEngine, proofBlocks: blocks} = program;
    const reader = {files, run, hashEngine, blocks};
    const start = folder === '' ? '' : `${folder}/`;
    const compared = [...checked.values()]
      .filter(({path}) => path.startsWith(start))
      .map((file) => ({...file, path: file.path.slice(start.length)}));
    const samples = (async function* () {
      for (const {path} of compared) yield join(shoot, folder, path);
    })();
    const method = await chooseReadMethod(program, volume, samples);
    return await appendGenerations({
      program,
      reader,
      folder: join(shoot, folder),
      compared,
      async valuesOf({path, blake3}, wanted) {
        const place = join(shoot, folder, path);
        return await completeValues(reader, hashes, {path: place, method, blake3, formats: wanted});
      },
      chosen: undefined,
      how: 'in-place',
      comment: `Verification of ${join(shoot, folder)}`,
      startedAt,
      holdsRecords: folder === '',
      token,
      method,
      isCopy: (path) => copies.has(foldCase(start + path)),
      makeFolder: async () => {},
    });
  }
}

function addFormats(formats: Set<MhlFormat>, history: History): void {
  const main = mainFormat(history);
  if (main === undefined) return;
  for (const known of history.files.values()) {
    for (const format of formatsFor(known, main)) formats.add(format);
  }
}

function tellAppended(appended: Appended, folder: string, emit: Emit): void {
  tellWritten(appended, emit);
  for (const cause of appended.failures) emit(warn(cause));
  for (const {path, format} of appended.mismatches) {
    emit({
      type: 'noticed',
      level: 'warning',
      code: 'mhl-mismatch',
      path: join(folder, path),
      message: `its ${format} is not the one of the ASC MHL history`,
      next: 'If its copy is good by the record, look who wrote the history; if not, copy it back from the other drive.',
    });
  }
}

const warn = ({message, ...cause}: Cause) =>
  ({
    type: 'noticed',
    level: 'warning',
    ...cause,
    code: 'mhl-not-written',
    message: `the ASC MHL history is not continued: ${message}`,
  }) as const;
