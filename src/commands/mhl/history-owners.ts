/** The histories of a folder and of those in it, while a generation is added to them. */
import {join} from 'node:path';
import type {Cause} from '../../core/cause.ts';
import type {MhlFormat} from '../../core/mhl/formats.ts';
import {mainFormat, NO_HISTORY} from '../../core/mhl/history.ts';
import {findHistoryFolders, joinPath} from '../../core/mhl/history-folders.ts';
import {ignorePatterns, ignores} from '../../core/mhl/ignore.ts';
import type {MhlFile, MhlReference} from '../../core/mhl/manifest-model.ts';
import {CHAIN_NAME, MHL_FOLDER} from '../../core/mhl/manifest-names.ts';
import type {Files} from '../../system/files.ts';
import {readHistory, type StandingHistory} from './read-history.ts';

/** The history of one folder, and what the new generation says of it. */
export interface Owner {
  /** Below the folder of the appending; `''` for itself. */
  readonly folder: string;
  readonly standing: StandingHistory | undefined;
  readonly ignore: readonly string[];
  readonly isIgnored: (path: string) => boolean;
  readonly format: MhlFormat;
  readonly files: MhlFile[];
  readonly references: MhlReference[];
}

export interface Owners {
  /** Every folder with a history, deepest first; those that are damaged too. */
  readonly folders: readonly string[];
  readonly owners: ReadonlyMap<string, Owner>;
}

interface Opening {
  readonly files: Files;
  /** Absolute. */
  readonly folder: string;
  /** All files in it. */
  readonly listed: readonly {readonly path: string}[];
  /** Without it only what is there goes on. */
  readonly chosen: MhlFormat | undefined;
  /** True when the folder is a shoot folder: the records lie in it. */
  readonly holdsRecords: boolean;
  /** True for a recorded copy: it must stay as it is. @param path below the folder. */
  readonly isCopy: (path: string) => boolean;
  /** Hears why a history cannot go on. Its files are in no other one. */
  readonly onFailure: (cause: Cause) => void;
}

/** Reads all histories of a folder; with a chosen format it has one of its own from now on. */
export async function openOwners(opening: Opening): Promise<Owners> {
  const {files, folder, listed, chosen, holdsRecords, isCopy, onFailure} = opening;
  const found = findHistoryFolders(listed.map(({path}) => path));
  const folders = chosen === undefined || found.includes('') ? found : [...found, ''];
  const owners = new Map<string, Owner>();
  for (const owned of folders) {
    const read = await readHistory(files, join(folder, owned, MHL_FOLDER));
    if (!read.ok) {
      onFailure(read.cause);
      continue;
    }
    const standing = read.value;
    if (standing !== undefined && isOwnChain(standing)) {
      const chain = joinPath(owned, `${MHL_FOLDER}/${standing.chain}`);
      if (isCopy(chain)) {
        if (chosen !== undefined) onFailure(copiedChain(join(folder, chain)));
        continue;
      }
    }
    const history = standing?.history ?? NO_HISTORY;
    const format = chosen ?? mainFormat(history);
    if (format === undefined) continue;
    const ignore = ignorePatterns(history.ignore, holdsRecords && owned === '');
    const isIgnored = ignores(ignore);
    const own = {folder: owned, standing, ignore, isIgnored, format};
    owners.set(owned, {...own, files: [], references: []});
  }
  return {folders, owners};
}

/** The chain that a card brought is kept apart, and the history's own begins with it. */
export const isOwnChain = ({chain}: StandingHistory) => chain === CHAIN_NAME;

const copiedChain = (path: string): Cause => ({
  code: 'mhl-chain-recorded',
  path,
  message:
    'the chain of the ASC MHL history is a recorded copy from the card, and must stay as it is',
  next: 'Offload into a new shoot with --mhl: there the chain of the card is kept apart.',
});
