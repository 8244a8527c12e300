/** Plays a walk-through as a person types it, and keeps what was seen. */
import assert from 'node:assert/strict';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import {type Lab, PROJECT} from './lab.ts';

/** A computer: what its program remembers. */
export interface Computer {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Where a drive is mounted, and what it is called in what is shown. */
export type Places = ReadonlyMap<string, string>;

const TIMEOUT_MS = 120_000;
const PROGRAM = join(PROJECT, 'bin/offload.cjs');
const WIDTH = '100';

/** One walk-through. Every command that it plays must stand in docs/workflow.md, in this order. */
export class Play {
  readonly #lab: Lab;
  readonly #places = new Map<string, string>();
  readonly #typed: string[] = [];
  readonly #seen: string[] = [];

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  async makeComputer(name: string, env: Readonly<Record<string, string>> = {}): Promise<Computer> {
    const home = join(this.#lab.folder, name);
    await mkdir(home, {recursive: true});
    return {home, env};
  }

  /** @param shown what stands for the path in commands: `/mnt/W`. */
  call(path: string, shown: string): void {
    this.#places.set(path, shown);
  }

  /**
   * Runs the program with words as they are shown.
   * @param expected its exit code.
   * @returns what a person sees. @throws AssertionError when the program ended otherwise.
   */
  async type({home, env}: Computer, words: readonly string[], expected = 0): Promise<string> {
    this.#lab.signal.throwIfAborted();
    const args = words.map((word) => this.#replace(word, 'real'));
    const run = await execa(process.execPath, [PROGRAM, ...args], {
      stdin: 'ignore',
      reject: false,
      all: true,
      cwd: this.#lab.folder,
      env: {OFFLOAD_HOME: home, COLUMNS: WIDTH, NO_COLOR: '1', ...env},
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      cancelSignal: this.#lab.signal,
    });
    const command = ['offload', ...words.map(quote)].join(' ');
    const seen = this.#replace(run.all, 'shown');
    this.#typed.push(command);
    this.#seen.push(`$ ${command}\n${seen}`);
    assert.equal(run.exitCode, expected, `${command}\n${seen}`);
    return seen;
  }

  /** Holds the document to what was played. With OFFLOAD_TRANSCRIPTS the screens are kept in that folder, for the document. @param heading where they stand there. */
  async finish(name: string, heading: string): Promise<void> {
    const folder = process.env.OFFLOAD_TRANSCRIPTS;
    if (folder !== undefined) {
      await mkdir(folder, {recursive: true});
      await writeFile(join(folder, `${name}.txt`), `${this.#seen.join('\n\n')}\n`);
    }
    const text = await readFile(join(PROJECT, 'docs/workflow.md'), 'utf8');
    let from = text.indexOf(`\n## ${heading}\n`);
    assert.notEqual(from, -1, `docs/workflow.md has no ${heading}`);
    for (const command of this.#typed) {
      const at = text.indexOf(`$ ${command}\n`, from);
      assert.notEqual(at, -1, `docs/workflow.md does not say, in its place: ${command}`);
      from = at + 1;
    }
  }

  #replace(text: string, to: 'real' | 'shown'): string {
    let replaced = text;
    for (const [path, shown] of this.#places) {
      replaced =
        to === 'real' ? replaced.replaceAll(shown, path) : replaced.replaceAll(path, shown);
    }
    return replaced;
  }
}

const quote = (word: string): string => (/^[\w./:@=-]+$/.test(word) ? word : `"${word}"`);
