import {readFile, realpath} from 'node:fs/promises';
import {execa} from 'execa';
import {adviseOn, causeFrom, failed, ok, type Result} from '../../core/cause.ts';
import {OWN_FOLDER} from '../own-folder.ts';

/** What is needed of the platform to learn about volumes. Nothing here writes. */
export interface VolumeTools {
  /** `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** The standard output of a program that ended well; its arguments are passed as they are, without a shell. */
  readonly run: (command: string, args: readonly string[]) => Promise<Result<string>>;
  readonly readText: (path: string) => Promise<Result<string>>;
  /** The absolute path with all links followed: a link can lead to another volume. */
  readonly resolvePath: (path: string) => Promise<Result<string>>;
}

/** ms. A dead network mount or disk must not hold up the program. */
const TIMEOUT = 5_000;
/** ms. PowerShell takes seconds to start on a cold machine. */
const POWERSHELL_TIMEOUT = 30_000;

async function run(command: string, args: readonly string[]): Promise<Result<string>> {
  const timeout = command === 'powershell' ? POWERSHELL_TIMEOUT : TIMEOUT;
  const answer = await execa(command, args, {
    reject: false,
    stdin: 'ignore',
    cwd: OWN_FOLDER,
    timeout,
    // The parsers know the words of the untranslated tools.
    env: {LC_ALL: 'C'},
  });
  if (!answer.failed) return ok(answer.stdout);
  const next = `Check that ${command} works on this computer.`;
  if (answer.timedOut) {
    const message = `${command} did not answer within ${timeout / 1000} s`;
    return failed({code: 'ETIMEDOUT', message, next});
  }
  if (answer.exitCode === undefined) {
    const code = answer.code ?? 'tool-failed';
    return failed({code, message: `${command} could not be run (${code})`, next});
  }
  const message = `${command} failed (exit code ${answer.exitCode})`;
  return failed({code: 'tool-failed', message, next});
}

async function readText(path: string): Promise<Result<string>> {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (error) {
    return failed(causeFrom(error, 'reading', path));
  }
}

/** `realpath` of a dead network mount never returns by itself. */
async function resolvePath(path: string): Promise<Result<string>> {
  const code = 'ETIMEDOUT';
  const late = {code, path, message: 'the drive does not answer', next: adviseOn(code)};
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Result<string>>((resolve) => {
    timer = setTimeout(() => resolve(failed(late)), TIMEOUT);
  });
  try {
    return await Promise.race([realpath(path).then(ok), timeout]);
  } catch (error) {
    return failed(causeFrom(error, 'following', path));
  } finally {
    clearTimeout(timer);
  }
}

export function realVolumeTools(platform: string): VolumeTools {
  return {platform, run, readText, resolvePath};
}
