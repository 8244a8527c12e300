/** Names for the calls of a run that are the same in every run of the same card: `write B:Shoot/EOS/DCIM/*.part #2`. */
import type {Call} from './faulty-files.ts';

/** What differs from run to run in the names that the program makes: the offload's id, words, numbers. */
const MADE_NAMES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\.offload-volume-[^/]*\.part/g, '*.volume'],
  [/\.offload-probe-[^/]*\.part/g, '*.probe'],
  [/\.offload-[^/]*-(b3|json)\.part/g, '*.$1.part'],
  [/\.offload-[^/]*\.(part|mismatch)/g, '*.$1'],
  [/lock\.stale-[^/]*/g, 'lock.stale'],
  [/[0-9]{8}T[0-9]{6}Z-[a-z0-9]+\.(json|b3|journal)/g, '*.$1'],
];

/** A tool of the platform that is run: `tool sync -f W:`. */
export interface ToolCall {
  readonly method: 'tool';
  readonly path: string;
}

export class CallNames {
  readonly #roots: readonly (readonly [label: string, root: string])[];
  readonly #seen = new Map<string, number>();

  /** @param roots folders by what they are called: `{card: '/tmp/x/EOS'}`. */
  constructor(roots: Readonly<Record<string, string>>) {
    this.#roots = Object.entries(roots);
  }

  /** @returns the call's name with its number among those of that name; to be asked once for each call. */
  next({method, path}: Call | ToolCall): string {
    const name = `${method} ${this.#place(path)}`;
    const number = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, number);
    return `${name} #${number}`;
  }

  #place(path: string): string {
    let place = path;
    for (const [label, root] of this.#roots) place = place.replaceAll(root, `${label}:`);
    for (const [pattern, name] of MADE_NAMES) place = place.replaceAll(pattern, name);
    return place.replaceAll(':/', ':');
  }
}
