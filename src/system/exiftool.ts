/**
 * exiftool as one process for all who ask: started at the first question, ended when nobody holds it any more, because a process that waits would keep the program from
 * ending. exiftool never opens the card: it gets the head of a file, read by this program, which asks for no access time. What it reads may be made to harm it, so it
 * is held to time and, on Linux, to memory (docs/security.md has what was measured).
 */
import {access, constants, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {availableParallelism, platform, tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import type {ExifTool, ExifToolOptions} from 'exiftool-vendored';
import {errnoOf} from '../core/cause.ts';

/** Perl starts in a quarter of a second; a computer that is busy takes longer. */
const START_LIMIT_MS = 15_000;
/** A question takes 20 ms. A head of 1 MiB can be made to take minutes. */
const QUESTION_LIMIT_MS = 5000;

/** The others start when the first is busy. Each keeps a core busy with maker notes; more than four wait for the card. */
export const MOST_PROCESSES = Math.min(4, Math.max(2, availableParallelism()));

/** Bytes of address space: 40 MB are used for the largest heads of cameras; 1 MiB of compressed metadata can ask for 3 GB. */
const MEMORY_LIMIT = 512 * 1024 * 1024;
/** Part of util-linux; starts a program under limits (prlimit(1)). */
const LIMITER = '/usr/bin/prlimit';
/** Part of util-linux too; starts a program that ends when the one that started it does (setpriv(1), PR_SET_PDEATHSIG of prctl(2)). */
const TETHER = '/usr/bin/setpriv';
/** Where every Linux and macOS that has Perl has it. */
const PERL = '/usr/bin/perl';

const onWindows = platform() === 'win32';

/** Values by the names of their tags. */
export type Tags = Readonly<Record<string, unknown>>;

let holders = 0;
let started: Promise<ExifTool> | undefined;

/** Keeps exiftool for the questions that `work` asks: starting it takes a quarter of a second, a question 20 ms. */
export async function holdExiftool<T>(work: () => Promise<T>): Promise<T> {
  holders += 1;
  try {
    return await work();
  } finally {
    holders -= 1;
    if (holders === 0) await endExiftool();
  }
}

async function endExiftool(): Promise<void> {
  const ending = started;
  started = undefined;
  try {
    await (await ending)?.end();
  } catch {
    // It did not start: whoever asked was told.
  }
}

async function startExiftool(): Promise<ExifTool> {
  // Loaded when it is needed: it is a large package, and most commands read no metadata.
  const {ExifTool, exiftoolPath} = await import('exiftool-vendored');
  return new ExifTool({
    maxProcs: MOST_PROCESSES,
    taskTimeoutMillis: QUESTION_LIMIT_MS,
    spawnTimeoutMillis: START_LIMIT_MS,
    // A picture that was too much once is too much again.
    taskRetries: 0,
    exiftoolEnv: onWindows ? {} : NO_WORKING_FOLDER,
    ...(await limitStart(() => exiftoolPath())),
  });
}

/**
 * Perls before 5.26 look for parts of a program in the working folder too, which may be a card: `no lib '.'` (perlrun, PERL5OPT; perl5260delta). On Windows exiftool
 * brings a Perl of its own, which is newer.
 */
const NO_WORKING_FOLDER = {PERL5OPT: '-M-lib=.'};

/**
 * exiftool runs a file `.ExifTool_config` as a program, and where it knows no home folder it takes that of the working folder: a card's own. An empty name says that there
 * is none, and must stand first (exiftool's documentation, -config).
 */
const ARGUMENTS = ['-config', '', '-stay_open', 'True', '-@', '-'];

/**
 * How exiftool is started. On Linux with limits to memory and without the right to write a file, and so that it ends with this program, however that ends: at the end of its input it
 * would look for more of it 100 times a second, for ever. Elsewhere no tool sets these.
 */
async function limitStart(
  findExiftool: () => Promise<string>,
): Promise<Pick<ExifToolOptions, 'exiftoolArgs'> & Partial<Pick<ExifToolOptions, 'exiftoolPath'>>> {
  const needed = [LIMITER, TETHER, PERL];
  const areThere = await Promise.all(needed.map((program) => isProgram(program)));
  const canLimit = platform() === 'linux' && !areThere.includes(false);
  if (!canLimit) return {exiftoolArgs: ARGUMENTS};
  const tether = ['--pdeathsig', 'KILL'];
  const limits = [`--as=${MEMORY_LIMIT}`, '--fsize=0', '--core=0'];
  return {
    exiftoolPath: TETHER,
    exiftoolArgs: [...tether, LIMITER, ...limits, PERL, await findExiftool(), ...ARGUMENTS],
  };
}

/** @returns program and first arguments that start exiftool once, without a configuration of anybody. */
export async function findExiftool(): Promise<readonly string[]> {
  const {exiftoolPath} = await import('exiftool-vendored');
  const path = await exiftoolPath();
  const usesPerl = !onWindows && (await isProgram(PERL));
  return [...(usesPerl ? [PERL] : []), path, '-config', ''];
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

/**
 * @param head the beginning of a file.
 * @param path the file it is from: exiftool looks at the extension.
 * @param options for exiftool, the tags among them.
 * @returns what exiftool says. Rejects when it says nothing in time, or is not there.
 */
export async function askExiftool(
  head: Uint8Array,
  path: string,
  options: readonly string[],
): Promise<Tags> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-'));
  try {
    const place = join(folder, `head${extensionOf(path)}`);
    await writeFile(place, head, {mode: 0o600});
    return await holdExiftool(async () => {
      started ??= startExiftool();
      const tool = await started;
      return {...(await waitFor(tool.readRaw(place, {readArgs: ['-fast', ...options]})))};
    });
  } finally {
    await removeFolder(folder);
  }
}

export interface Head {
  /** The beginning of a file. */
  readonly bytes: Uint8Array;
  /** The file it is from: exiftool looks at the extension. */
  readonly path: string;
}

/**
 * Asks the same of many heads in one question, which costs a tenth of as many questions.
 * @param options for exiftool, the tags among them.
 * @returns what exiftool says of each, with its groups (`EXIF:Model`); undefined where it says nothing. Rejects when it does not answer in time, or is not there: one of the
 * heads may be too much for it.
 */
export async function askExiftoolAll(
  heads: readonly Head[],
  options: readonly string[],
): Promise<readonly (Tags | undefined)[]> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-'));
  try {
    const places = heads.map(({path}, index) => join(folder, `${index}${extensionOf(path)}`));
    for (const [index, {bytes}] of heads.entries()) {
      await writeFile(places[index] ?? '', bytes, {mode: 0o600});
    }
    return await holdExiftool(async () => {
      started ??= startExiftool();
      const {ExifToolTask} = await import('exiftool-vendored');
      class BatchTask extends ExifToolTask<readonly unknown[]> {
        protected override parse(text: string, error?: Error): readonly unknown[] {
          if (text.trim() !== '') return parseList(text);
          throw error ?? new Error('exiftool said nothing');
        }
      }
      const tool = await started;
      const task = () => new BatchTask(['-json', '-a', '-G0', ...options, ...places]);
      const answers = new Map<string, Tags>();
      for (const answer of await waitFor(tool.enqueueTask(task, false))) {
        const tags = isTags(answer) ? answer : {};
        answers.set(basename(String(tags.SourceFile)), tags);
      }
      return places.map((place) => answers.get(basename(place)));
    });
  } finally {
    await removeFolder(folder);
  }
}

/** exiftool's package waits with timers that do not keep the program: when its process dies, nothing would, and the program would end in the middle. This one does, and rejects at last. */
async function waitFor<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const refuse = () => reject(new Error('exiftool does not answer'));
    timer = setTimeout(refuse, START_LIMIT_MS + 2 * QUESTION_LIMIT_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function parseList(text: string): readonly unknown[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list : [];
}

const isTags = (value: unknown): value is Tags => typeof value === 'object' && value !== null;

/** Plain letters and digits only: the name goes to another program. */
function extensionOf(path: string): string {
  return /\.[a-z0-9]{1,5}$/i.exec(path)?.[0] ?? '';
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, {recursive: true, force: true});
  } catch (error) {
    // The system empties its folder for temporary files by itself.
    if (errnoOf(error) === undefined) throw error;
  }
}
