import type {Command} from 'commander';
import {JSON_HELP, type ShowOptions} from './show-options.ts';

/** What the catalog is asked, as typed. */
export type CatalogLine = CatalogQuestion & {readonly show: ShowOptions};

export type CatalogQuestion =
  | {readonly command: 'cards'}
  | {readonly command: 'shoots'}
  | {readonly command: 'find'; readonly text: string}
  | {readonly command: 'catalog-rebuild'; readonly paths: readonly string[]};

interface Flags {
  readonly json?: true;
  readonly csv?: true;
}

const CSV_HELP = 'a table with a header for spreadsheets';

/** Adds the verbs of the catalog. @param choose called with what was typed. */
export function addCatalogCommands(
  program: Command,
  choose: (question: CatalogQuestion, flags: Flags) => void,
): void {
  program
    .command('cards')
    .description('cards that were offloaded, newest first, and how it ended')
    .option('--json', JSON_HELP)
    .option('--csv', CSV_HELP)
    .action((flags) => choose({command: 'cards'}, flags));
  program
    .command('shoots')
    .description('shoots, and on which drives they are')
    .option('--json', JSON_HELP)
    .option('--csv', CSV_HELP)
    .action((flags) => choose({command: 'shoots'}, flags));
  program
    .command('find')
    .description('pictures by a part of their name or path, or by their BLAKE3, and where they are')
    .argument('<text>', 'a part of the name or path, or at least 8 digits of the hash')
    .option('--json', JSON_HELP)
    .option('--csv', CSV_HELP)
    .action((text, flags) => choose({command: 'find', text}, flags));
  const catalog = program
    .command('catalog')
    .description('the index of all cards, shoots and copies on this computer');
  catalog
    .command('rebuild')
    .description('read the records of shoots, folders or whole drives back into the catalog')
    .argument('<path...>', 'shoots, folders that hold shoots, or volumes')
    .option('--json', JSON_HELP)
    .action((paths, flags) => choose({command: 'catalog-rebuild', paths}, flags));
}
