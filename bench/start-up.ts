/** How long somebody waits for the first sign of the program. */
import path from 'node:path';
import {execa} from 'execa';

export interface StartUp {
  readonly what: string;
  readonly milliseconds: readonly number[];
  readonly wanted: string;
}

interface Setting {
  readonly dir: string;
  readonly program: string;
  readonly runs: number;
}

/** A frame begins with what moves the cursor; this word stands on every ready screen. */
const ON_SCREEN = 'offload';
const MOST_MS = 20_000;

/** @throws Error when the screen does not come. */
export async function measureStart({dir, program, runs}: Setting): Promise<readonly StartUp[]> {
  const version: number[] = [];
  const frame: number[] = [];
  const env = {OFFLOAD_HOME: path.join(dir, 'home')};
  for (let run = 0; run < runs * 3; run++) {
    const start = performance.now();
    await execa(process.execPath, [program, '--version'], {stdin: 'ignore', env});
    version.push(performance.now() - start);
    frame.push(await measureFrame(program, env));
  }
  return [
    {what: 'offload --version', milliseconds: version, wanted: 'under 150 ms'},
    {
      what: 'first frame of the terminal UI, in a pseudo-terminal',
      milliseconds: frame,
      wanted: 'under 300 ms',
    },
  ];
}

/** `script` gives a program a terminal (script(1), util-linux). @returns ms until the screen has its first word. */
async function measureFrame(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const start = performance.now();
  const child = execa('script', ['-qefc', `${process.execPath} ${program}`, '/dev/null'], {
    stdin: 'pipe',
    reject: false,
    timeout: MOST_MS,
    env: {...env, TERM: 'xterm-256color', COLUMNS: '120', LINES: '40'},
  });
  let seen = '';
  let took: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
    if (took !== undefined || !seen.includes(ON_SCREEN)) return;
    took = performance.now() - start;
    child.kill('SIGTERM');
  });
  await child;
  if (took === undefined) throw new Error(`no frame came: ${seen.slice(0, 200)}`);
  return took;
}
