/** Runs the user's own rclone: no shell, arguments as a list, lists of paths by its standard input. */
import {execa} from 'execa';
import {isMissing} from './missing-program.ts';
import {OWN_FOLDER} from './own-folder.ts';

export interface RcloneCall {
  readonly args: readonly string[];
  /** For its standard input; none when it is left away. */
  readonly input?: string;
  /** Hears of every line of its standard error. */
  readonly onLine?: (line: string) => void;
  /** Ends it: SIGINT first, so that it tidies up, and SIGKILL when it does not. */
  readonly signal?: AbortSignal;
}

export type RcloneEnd =
  | {readonly kind: 'ended'; readonly exitCode: number | null; readonly output: string}
  /** There is no such program, or this user may not run it: the errno. */
  | {readonly kind: 'not-started'; readonly errno: string};

/** Never rejects for what rclone does. */
export type RunRclone = (call: RcloneCall) => Promise<RcloneEnd>;

/**
 * Global options that change what is copied, what is compared, or what is said of it (rclone.org/docs, "Environment variables"). With `RCLONE_SIZE_ONLY` files of one size are called equal, and without notices nobody hears that no hash was
 * compared. Remotes, secrets, certificates and limits of the user stay.
 */
const UNSET: Readonly<Record<string, undefined>> = Object.fromEntries(
  [
    ...[
      'SIZE_ONLY',
      'CHECKSUM',
      'IGNORE_CHECKSUM',
      'IGNORE_SIZE',
      'IGNORE_TIMES',
      'IGNORE_EXISTING',
    ],
    ...[
      'UPDATE',
      'IMMUTABLE',
      'NO_CHECK_DEST',
      'COMPARE_DEST',
      'COPY_DEST',
      'BACKUP_DIR',
      'SUFFIX',
    ],
    ...['DRY_RUN', 'INTERACTIVE', 'DOWNLOAD', 'ONE_WAY', 'COMBINED', 'DELETE_EXCLUDED', 'INPLACE'],
    ...[
      'EXCLUDE',
      'EXCLUDE_FROM',
      'EXCLUDE_IF_PRESENT',
      'INCLUDE',
      'INCLUDE_FROM',
      'FILTER',
      'FILTER_FROM',
    ],
    ...['FILES_FROM', 'FILES_FROM_RAW', 'MIN_SIZE', 'MAX_SIZE', 'MIN_AGE', 'MAX_AGE', 'MAX_DEPTH'],
    ...['MAX_TRANSFER', 'MAX_DURATION', 'CUTOFF_MODE', 'ERROR_ON_NO_TRANSFER', 'HASH_TYPE'],
    ...[
      'LOG_LEVEL',
      'LOG_FILE',
      'LOG_FORMAT',
      'LOG_SYSTEMD',
      'SYSLOG',
      'QUIET',
      'VERBOSE',
      'PROGRESS',
    ],
    ...[
      'DUMP',
      'DUMP_HEADERS',
      'DUMP_BODIES',
      'STATS_ONE_LINE',
      'STATS_UNIT',
      'IGNORE_CASE',
      'LINKS',
    ],
  ].map((name) => [`RCLONE_${name}`, undefined]),
);

/** After SIGINT rclone tidies up; nothing of that takes longer. ms. */
const PATIENCE_MS = 30_000;

/** Lists of a batch are far shorter. Characters. */
const LONGEST_OUTPUT = 256 * 1024 * 1024;

/**
 * Its environment is the user's: secrets, proxies and settings are kept there. Never asks for a password, because nobody would see the question.
 * @param patienceMs ms between SIGINT and SIGKILL.
 */
export function rcloneAt(command: string, patienceMs = PATIENCE_MS): RunRclone {
  return async ({args, input, onLine, signal}) => {
    if (signal?.aborted === true) return {kind: 'ended', exitCode: null, output: ''};
    const running = execa(command, ['--ask-password=false', ...args], {
      ...(input === undefined ? {stdin: 'ignore'} : {input}),
      reject: false,
      cwd: OWN_FOLDER,
      env: {...UNSET, LC_ALL: 'C'},
      stripFinalNewline: false,
      maxBuffer: LONGEST_OUTPUT,
      // Lines are taken as they come; what a day of them says need not be kept.
      buffer: {stdout: true, stderr: false},
    });
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      running.kill('SIGINT');
      timer = setTimeout(() => running.kill('SIGKILL'), patienceMs);
    };
    signal?.addEventListener('abort', stop, {once: true});
    const listening = listen(running.iterable({from: 'stderr'}), onLine);
    try {
      const result = await running;
      await listening;
      if (isMissing(command, running.spawnfile)) return {kind: 'not-started', errno: 'ENOENT'};
      if (result.failed && result.exitCode === undefined && result.signal === undefined) {
        return {kind: 'not-started', errno: result.code ?? 'ENOENT'};
      }
      return {kind: 'ended', exitCode: result.exitCode ?? null, output: result.stdout};
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  };
}

async function listen(
  lines: AsyncIterable<string>,
  onLine: ((line: string) => void) | undefined,
): Promise<void> {
  try {
    for await (const line of lines) onLine?.(line);
  } catch {
    // How the program ended is told by its result.
  }
}

/** Found by its name, as the user's shell finds it. */
export const runRclone: RunRclone = rcloneAt('rclone');
