/** Names in an `ascmhl` folder (ASC MHL specification v1.0, "File and Folder Structure"). */

export const MHL_FOLDER = 'ascmhl';
export const CHAIN_NAME = 'ascmhl_chain.xml';

/** Under this name the chain of a card is kept where a history is continued: the copy must stay as it is, and the history's own chain grows. */
export const CARD_CHAIN_NAME = 'ascmhl_chain_of_card.xml';

/** Characters that the name of the folder takes at the most: names of 255 bytes are the longest that drives hold, and a character has up to 4. */
const LONGEST_FOLDER = 50;

/**
 * @param folder name of the folder that the history is of.
 * @param at UTC start of the operation.
 * @returns `0001_EOS_DIGITAL_2026-11-23_184207Z.mhl`.
 */
export function nameManifest(number: number, folder: string, at: Date): string {
  const [date = '', time = ''] = at.toISOString().slice(0, 19).split('T');
  const name = [...folder.replace(/[\p{Cc}\p{Cs}/\\]/gu, '_')].slice(0, LONGEST_FOLDER).join('');
  const parts = [String(number).padStart(4, '0'), name, date, `${time.replaceAll(':', '')}Z`];
  return `${parts.filter((part) => part !== '').join('_')}.mhl`;
}

/** @returns the generation of a manifest by its name; undefined for what is no manifest of a history. */
export function generationOf(name: string): number | undefined {
  if (name.startsWith('.')) return undefined;
  const digits = /^(\d{4,9})(?:_.+)?\.mhl$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * @param path a path that a layout wants.
 * @returns the path that does not stand where the history's own chain will be.
 */
export function keepChainApart(path: string): string {
  const end = `${MHL_FOLDER}/${CHAIN_NAME}`;
  const isChain = path === end || path.endsWith(`/${end}`);
  return isChain ? path.slice(0, -CHAIN_NAME.length) + CARD_CHAIN_NAME : path;
}
