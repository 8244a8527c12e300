/** The built program in a terminal that keeps a screen: tmux(1), with a server of the lab's own and without anybody's settings. */
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';
import {type Lab, PROJECT} from './lab.ts';
import type {OwnMounts} from './own-mounts.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface ScreenFacts {
  /** True while the second screen is shown, which programs of the whole terminal take. */
  readonly isFullScreen: boolean;
  readonly showsCursor: boolean;
  readonly title: string;
  /** Lines that scrolled away above the screen. */
  readonly scrolled: number;
}

export interface Terminal {
  /** Keys as tmux names them: `Enter`, `C-c`, `Down`; or characters. */
  press(...keys: readonly string[]): Promise<void>;
  /** Runs a line in the shell. */
  run(line: string): Promise<void>;
  /** What stands on the screen; blanks at the ends of lines are cut off. */
  read(): Promise<string>;
  /** The same with sequences for colours and weights. */
  readStyled(): Promise<string>;
  /** With what scrolled away. */
  readAll(): Promise<string>;
  /** Resolves with the screen once something is on it. @throws Error with the screen after `timeoutMs`. */
  waitFor(what: RegExp | string, timeoutMs?: number): Promise<string>;
  /** The same for something that goes. */
  waitWithout(what: RegExp | string, timeoutMs?: number): Promise<string>;
  resize(size: Size): Promise<void>;
  facts(): Promise<ScreenFacts>;
  /** Number of the process that `offload` was started as last. */
  programPid(): Promise<number>;
}

interface Starting extends Size {
  readonly mounts: OwnMounts;
}

const PATIENCE_MS = 15_000;

/**
 * Opens a terminal with a shell that knows `offload`. It goes with the lab.
 * What is waited for is looked for in the words of the screen, wherever they are wrapped; a pattern in the lines as they are, too.
 */
export async function openTerminal(lab: Lab, {mounts, columns, rows}: Starting): Promise<Terminal> {
  lab.signal.throwIfAborted();
  const folder = await makeProgramFolder(lab);
  const socket = `rig-${process.pid}`;
  const tmux = async (args: readonly string[], prefix: readonly string[] = []) => {
    lab.signal.throwIfAborted();
    const [program = 'tmux', ...words] = [...prefix, 'tmux', '-L', socket, '-f', '/dev/null', '-u'];
    const {stdout} = await execa(program, [...words, ...args], {
      stdin: 'ignore',
      timeout: 20_000,
      stripFinalNewline: false,
      extendEnv: false,
      env: terminalEnvironment(lab, folder),
    });
    return stdout;
  };
  const shell = ['bash', '--norc', '--noprofile', '-i'];
  const size = ['-x', String(columns), '-y', String(rows)];
  await tmux(['new-session', '-d', ...size, '-c', lab.folder, ...shell], mounts.prefix);
  lab.defer(async () => {
    const env = terminalEnvironment(lab, folder);
    await execa('tmux', ['-L', socket, 'kill-server'], {reject: false, extendEnv: false, env});
  });
  return new TmuxTerminal(lab, tmux, folder);
}

/** Without CI in the environment: it would turn drawing off. */
function terminalEnvironment(lab: Lab, folder: string): Readonly<Record<string, string>> {
  return {
    PATH: `${folder}:${process.env.PATH ?? ''}`,
    HOME: process.env.HOME ?? '/',
    LANG: 'C.UTF-8',
    PS1: '$ ',
    TERM: 'xterm-256color',
    TMUX_TMPDIR: folder,
    OFFLOAD_HOME: join(lab.folder, 'offload-home'),
  };
}

/** `offload` for the shell; it leaves its number behind, which is the program's own too. */
async function makeProgramFolder(lab: Lab): Promise<string> {
  const folder = join(lab.folder, 'bin');
  await mkdir(folder, {recursive: true});
  const words = [process.execPath, join(PROJECT, 'bin/offload.cjs')].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  const script = `#!/bin/sh\necho $$ > '${folder}/pid'\nexec ${words.join(' ')} "$@"\n`;
  await writeFile(join(folder, 'offload'), script, {mode: 0o755});
  return folder;
}

type Tmux = (args: readonly string[]) => Promise<string>;

const FACTS = '#{alternate_on}\t#{cursor_flag}\t#{history_size}\t#{pane_title}';

class TmuxTerminal implements Terminal {
  readonly #lab: Lab;
  readonly #tmux: Tmux;
  readonly #folder: string;

  constructor(lab: Lab, tmux: Tmux, folder: string) {
    this.#lab = lab;
    this.#tmux = tmux;
    this.#folder = folder;
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux(['send-keys', ...keys]);
  }

  async run(line: string): Promise<void> {
    await this.#tmux(['send-keys', '-l', line]);
    await this.press('Enter');
  }

  read(): Promise<string> {
    return this.#tmux(['capture-pane', '-p']);
  }

  readStyled(): Promise<string> {
    return this.#tmux(['capture-pane', '-p', '-e']);
  }

  readAll(): Promise<string> {
    return this.#tmux(['capture-pane', '-p', '-J', '-S', '-']);
  }

  waitFor(what: RegExp | string, timeoutMs = PATIENCE_MS): Promise<string> {
    return this.#waitUntil(`${what} is shown`, (screen) => shows(screen, what), timeoutMs);
  }

  waitWithout(what: RegExp | string, timeoutMs = PATIENCE_MS): Promise<string> {
    return this.#waitUntil(`${what} is gone`, (screen) => !shows(screen, what), timeoutMs);
  }

  async #waitUntil(
    what: string,
    fits: (screen: string) => boolean,
    timeoutMs: number,
  ): Promise<string> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const screen = await this.read();
      if (fits(screen)) return screen;
      if (performance.now() > end) {
        throw new Error(`waited ${timeoutMs} ms in vain until ${what}:\n${screen.trimEnd()}`);
      }
      await sleep(20, undefined, {signal: this.#lab.signal});
    }
  }

  async resize({columns, rows}: Size): Promise<void> {
    await this.#tmux(['resize-window', '-x', String(columns), '-y', String(rows)]);
  }

  async facts(): Promise<ScreenFacts> {
    const answer = (await this.#tmux(['display-message', '-p', FACTS])).replace(/\n$/, '');
    const [alternate, cursor, scrolled, ...title] = answer.split('\t');
    return {
      isFullScreen: alternate === '1',
      showsCursor: cursor === '1',
      scrolled: Number(scrolled),
      title: title.join('\t'),
    };
  }

  async programPid(): Promise<number> {
    return Number(await readFile(join(this.#folder, 'pid'), 'utf8'));
  }
}

/** @returns the words of a screen as one line: frames are no words. */
export function wordsOf(screen: string): string {
  return screen.replace(/[\s┃╳|]+/g, ' ').trim();
}

function shows(screen: string, what: RegExp | string): boolean {
  const words = wordsOf(screen);
  return typeof what === 'string' ? words.includes(what) : what.test(screen) || what.test(words);
}
