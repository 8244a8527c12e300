import {stripVTControlCharacters} from 'node:util';
import {execa} from 'execa';

export interface PtyOptions {
  /** For script's own shell; every word is quoted by the caller. */
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A pseudo-terminal of 80x24 with a program in it. */
export interface Pty {
  /** As if it was typed. */
  type(text: string): void;
  /** Forgets what was shown. */
  forget(): void;
  /** What was shown since, with escape sequences. */
  raw(): string;
  /** Waits until something is shown since; without escape sequences. @throws Error after 20 s. */
  until(sign: RegExp): Promise<string>;
  /** Waits for the program's end. @returns its exit code. */
  ended(): Promise<number | undefined>;
}

const LONGEST_MS = 20_000;

/** script(1) of util-linux gives a pseudo-terminal and passes its input on as if it were typed. */
export function openPty({command, cwd, env, signal}: PtyOptions): Pty {
  const child = execa('script', ['-qefc', `stty rows 24 cols 80; exec ${command}`, '/dev/null'], {
    reject: false,
    cwd,
    timeout: 120_000,
    cancelSignal: signal,
    // Without CI in the environment, and without the language of who runs this.
    extendEnv: false,
    env: {PATH: process.env.PATH ?? '', HOME: cwd, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env},
    stdin: 'pipe',
  });
  let raw = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
  });
  const plain = () => stripVTControlCharacters(raw);
  return {
    type: (text) => void child.stdin.write(text),
    forget() {
      raw = '';
    },
    raw: () => raw,
    async until(sign) {
      const lastMs = performance.now() + LONGEST_MS;
      while (!sign.test(plain())) {
        if (performance.now() > lastMs) throw new Error(`${sign} was not shown:\n${plain()}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return plain();
    },
    ended: async () => (await child).exitCode,
  };
}
