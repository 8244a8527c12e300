import {parseArgs} from 'node:util';
import {CONTENDER_NAMES, type ContenderName} from './contenders.ts';

export interface Options {
  readonly runs: number;
  /** RAW and JPEG pairs on the card. */
  readonly pairs: number;
  readonly only: readonly ContenderName[];
  /** Folder for card and copies; the project's `.bench` when undefined. */
  readonly dir: string | undefined;
  /** Program under test; `bin/offload.cjs` of the project, built first, when undefined. */
  readonly program: string | undefined;
  readonly clean: boolean;
  readonly write: boolean;
}

const USAGE = `usage: tsx bench/run.ts [--runs N] [--files PAIRS] [--only ${CONTENDER_NAMES.join(',')}]
                        [--dir FOLDER] [--program PATH] [--clean] [--no-write]`;

/** @throws Error with a message for the user, the usage included, when an option is wrong. */
export function readOptions(args: readonly string[]): Options {
  try {
    return parseOptions(args);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${why}\n${USAGE}`, {cause});
  }
}

function parseOptions(args: readonly string[]): Options {
  const {values} = parseArgs({
    args: [...args],
    options: {
      runs: {type: 'string', default: '5'},
      files: {type: 'string', default: '60'},
      only: {type: 'string', default: CONTENDER_NAMES.join(',')},
      dir: {type: 'string'},
      program: {type: 'string'},
      clean: {type: 'boolean', default: false},
      'no-write': {type: 'boolean', default: false},
    },
  });
  return {
    runs: readCount('--runs', values.runs),
    pairs: readCount('--files', values.files),
    only: values.only.split(',').map(readName),
    dir: values.dir,
    program: values.program,
    clean: values.clean,
    write: !values['no-write'],
  };
}

function readCount(option: string, value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new Error(`${option} ${value} is not a number from 1`);
  return Number(value);
}

function readName(name: string): ContenderName {
  const known = CONTENDER_NAMES.find((each) => each === name);
  if (known === undefined) throw new Error(`--only ${name} is none of ${CONTENDER_NAMES}`);
  return known;
}
