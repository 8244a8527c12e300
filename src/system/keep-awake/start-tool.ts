import {platform} from 'node:os';
import {execa} from 'execa';
import {failed, ok, type Result} from '../../core/cause.ts';
import {OWN_FOLDER} from '../own-folder.ts';

/** A tool that runs until its input ends. */
export interface StartedTool {
  /** Ok at the first byte that it writes; why not, when it could not be started or ended before. Never rejects. */
  readonly answered: Promise<Result<void>>;
  /** Ends its input. Resolves when the tool is gone; one that does not go is killed after 2 s. Never rejects. */
  readonly end: () => Promise<void>;
}

/** Starts a tool without a shell. Its input gets one line, which `cat` gives back: the sign that it has come so far. */
export type StartTool = (command: string, args: readonly string[]) => StartedTool;

/** ms. */
const TIME_TO_END = 2000;

export const startTool: StartTool = (command, args) => {
  const child = execa(command, [...args], {
    stdin: 'pipe',
    reject: false,
    cwd: OWN_FOLDER,
    // Only that it speaks is of use.
    buffer: {stdout: false, stderr: true},
    env: {LC_ALL: 'C'},
    // A session of its own: Ctrl-C in the terminal is for this program, which needs the computer awake until it has stopped in order; and
    // no tool can ask that terminal for a password. Windows would open a window for it.
    detached: platform() !== 'win32',
  });
  // A tool that is gone breaks the pipe; how it ended is told by `ended`.
  child.stdin.on('error', () => {});
  child.stdin.write('awake\n');
  const ended = child.then((result): Result<void> => {
    const {code, exitCode, stderr} = result;
    const why = typeof stderr === 'string' ? (stderr.split('\n')[0] ?? '') : '';
    return failed({
      code: code ?? `exit-${exitCode ?? 'unknown'}`,
      message: why === '' ? `${command} ended by itself` : `${command}: ${why}`,
      next: `Check that ${command} works on this computer.`,
    });
  });
  const spoke = new Promise<Result<void>>((resolve) => {
    child.stdout.once('data', () => resolve(ok(undefined)));
  });
  let isAwaited = false;
  const answered = Promise.race([spoke, ended]).then((answer) => {
    // From now on the program may end without a word to the tool, which ends then too.
    if (!isAwaited)
      for (const each of [child, child.stdin, child.stdout, child.stderr]) unref(each);
    return answer;
  });
  return {
    answered,
    async end() {
      isAwaited = true;
      child.ref();
      child.stdin.end();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          child.kill('SIGKILL');
          resolve();
        }, TIME_TO_END);
      });
      await Promise.race([ended, late]);
      clearTimeout(timer);
    },
  };
};

/** Pipes of child processes are sockets, which their type does not say. */
function unref(each: object): void {
  if ('unref' in each && typeof each.unref === 'function') each.unref();
}
