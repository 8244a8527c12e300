import type {Command} from 'commander';

/** How results and progress are shown. */
export interface ShowOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Only where the catalog answers. */
  readonly csv: boolean;
}

/** As typed. */
export interface ShowFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly csv?: true;
}

export const JSON_HELP = 'one JSON object a line on stdout, nothing else';
export const QUIET_HELP = 'only what failed, and the result';

/** For a verb that works for a while. */
export const withShow = (command: Command): Command =>
  command.option('--json', JSON_HELP).option('--quiet', QUIET_HELP);

/** `--json` and `--quiet` may stand before a command or behind it. */
export function showFrom(given: ShowFlags, program: Command): ShowOptions {
  const {json, quiet} = program.opts<ShowFlags>();
  return {
    json: (given.json ?? json) === true,
    quiet: (given.quiet ?? quiet) === true,
    csv: given.csv === true,
  };
}
