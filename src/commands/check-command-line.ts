import type {Command} from 'commander';
import type {ShowFlags, ShowOptions} from './show-options.ts';
import {CACHED_HELP, collect, SAME_DRIVE_HELP} from './typed-words.ts';

/** What is asked of a card that is to be formatted, as typed. */
export type CheckLine = CheckQuestion & {readonly show: ShowOptions};

export interface CheckQuestion {
  readonly command: 'check';
  readonly card: string;
  readonly destinations: readonly string[];
  readonly allowSameDrive: boolean;
  readonly acceptCached: boolean;
}

/** Adds `check`. @param choose called with what was typed. */
export function addCheckCommand(
  program: Command,
  choose: (question: CheckQuestion, flags: ShowFlags) => void,
): void {
  program
    .command('check')
    .description('is every file on a card proved on two drives now? Reads the card, copies nothing')
    .requiredOption('--card <path>', 'the card')
    .option(
      '--to <path>',
      'where copies may be (default: every connected drive that offload knows)',
      collect,
    )
    .option('--allow-same-drive', SAME_DRIVE_HELP)
    .option('--accept-cached', CACHED_HELP)
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures and the verdict')
    .action((given) =>
      choose(
        {
          command: 'check',
          card: given.card,
          destinations: given.to ?? [],
          allowSameDrive: given.allowSameDrive === true,
          acceptCached: given.acceptCached === true,
        },
        given,
      ),
    );
}
