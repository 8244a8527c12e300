import {type Command, Option} from 'commander';
import type {Cause} from '../core/cause.ts';
import {DEFAULT_LAYOUT} from '../core/layout.ts';
import {CHOSEN_FORMATS} from '../core/mhl/formats.ts';
import type {OffloadOptions} from './offload/options.ts';
import type {ShowFlags, ShowOptions} from './show-options.ts';
import {CACHED_HELP, collect, SAME_DRIVE_HELP, usage} from './typed-words.ts';

/** The options of an offload as typed: what was not typed is up to the settings. */
export interface TypedOptions
  extends Omit<OffloadOptions, 'layout' | 'verify' | 'order' | 'eject'> {
  readonly layout: OffloadOptions['layout'] | undefined;
  readonly verify: OffloadOptions['verify'] | undefined;
  readonly order: OffloadOptions['order'] | undefined;
  readonly eject: boolean | undefined;
  /** Name of a preset in the settings. */
  readonly preset?: string | undefined;
}

/** The main job, as typed: it has no verb. */
export type OffloadLine = OffloadQuestion & {readonly show: ShowOptions};

export type OffloadQuestion =
  | {readonly command: 'offload'; readonly options: TypedOptions}
  /** Without cards: the terminal UI. */
  | {readonly command: 'session'; readonly options: TypedOptions}
  | {readonly command: 'watch'; readonly auto: boolean; readonly options: TypedOptions};

interface Flags extends ShowFlags {
  readonly auto?: true;
  readonly mhl?: true;
  readonly mhlHash?: string;
}

/** Adds the options of the main job. @param choose called with what was typed. */
export function addOffloadOptions(
  program: Command,
  choose: (question: OffloadQuestion, flags: Flags) => void,
): void {
  program
    .option('--card <path>', 'a card: its drive, volume or folder; may be given again', collect)
    .option('--to <path>', 'a destination: first the working drive, then the backups', collect)
    .option('--shoot <name>', "name of the shoot's folder (default: date of the first picture)")
    .option(
      '--layout <template>',
      `where files go (default: "${DEFAULT_LAYOUT}"); its words are below`,
    )
    .option('--preset <name>', 'the layout and other choices that the settings have by this name')
    .addOption(
      new Option(
        '--verify <what>',
        'copies: read every copy back (default); full: read the card a second time as well',
      ).choices(['copies', 'full']),
    )
    .addOption(
      new Option('--verify-order <when>', 'when copies are read back (default: auto)').choices([
        'auto',
        'after',
        'overlap',
      ]),
    )
    .option('--eject', 'eject each card that is safe to format')
    .option('--no-eject', 'leave the cards in, whatever the settings say')
    .option('--watch', 'wait for cards and drives, a line for each that comes or goes')
    .option('--auto', 'with --watch: offload each new card to the drives that have roles')
    .option('--salvage', 'keep the readable parts of files that cannot be read whole')
    .option(
      '--from-copy',
      'read what a drive lacks from a proved copy of an earlier run, not the card',
    )
    .option('--mhl', 'write an ASC MHL v2 history beside the copies')
    .addOption(
      new Option('--mhl-hash <format>', 'with --mhl: its hash format (default: xxh64)').choices(
        CHOSEN_FORMATS,
      ),
    )
    .option('--report', 'a page with all pictures and a table, beside the records')
    .option(
      '--only-new',
      'copy only what is not proved on two connected drives already, whatever its name',
    )
    .option('--dry-run', 'write nothing, show where every file would go')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures and the verdict')
    .option('--allow-same-drive', SAME_DRIVE_HELP)
    .option('--accept-cached', CACHED_HELP)
    .action((given) => {
      const options = {
        cards: given.card ?? [],
        destinations: given.to ?? [],
        shoot: given.shoot,
        layout: given.layout,
        verify: given.verify,
        order: given.verifyOrder,
        eject: given.eject,
        ...(given.preset === undefined ? {} : {preset: given.preset}),
        dryRun: given.dryRun === true,
        salvage: given.salvage === true,
        fromCopy: given.fromCopy === true,
        onlyNew: given.onlyNew === true,
        report: given.report === true,
        allowSameDrive: given.allowSameDrive === true,
        acceptCached: given.acceptCached === true,
        ...(given.mhl === true ? {mhl: given.mhlHash ?? CHOSEN_FORMATS[0]} : {}),
      };
      if (given.watch === true)
        return choose({command: 'watch', auto: given.auto === true, options}, given);
      choose({command: options.cards.length === 0 ? 'session' : 'offload', options}, given);
    });
}

/** @returns what the words of the main job lack or contradict. */
export function findOffloadProblem(
  {command, options: {cards, destinations, shoot, dryRun}}: OffloadQuestion,
  {auto, mhl, mhlHash}: Flags,
): Cause | undefined {
  if (mhlHash !== undefined && mhl !== true)
    return usage('--mhl-hash does nothing without --mhl', 'Write --mhl besides.');
  if (shoot?.trim() === '')
    return usage('--shoot is empty', 'Give the shoot a name, or leave the option out.');
  if (auto === true && command !== 'watch')
    return usage('--auto does nothing without --watch', 'Write --watch --auto.');
  if (command !== 'watch') return undefined;
  if (cards.length > 0 || destinations.length > 0)
    return usage(
      '--watch takes the cards that come and the drives that have roles',
      'Leave --card and --to out; give drives their roles in the terminal UI.',
    );
  if (dryRun) return usage('--watch and --dry-run contradict each other', 'Choose one of them.');
  return undefined;
}
