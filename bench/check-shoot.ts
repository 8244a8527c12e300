/** Asks another program whether the copies are what their list says. */
import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {BENCH_SHOOT, type Places} from './contenders.ts';
import {isInstalled} from './machine.ts';

/**
 * Runs `b3sum --check` over the lists in both shoot folders.
 * @returns a line that says what was checked. @throws Error when a list is missing or a file does not match.
 */
export async function checkShoot({to}: Places): Promise<string> {
  if (!(await isInstalled('b3sum'))) return 'b3sum is not installed: the lists were not checked';
  for (const folder of to) {
    const shoot = path.join(folder, BENCH_SHOOT);
    const names = await readdir(path.join(shoot, '_offload'));
    const lists = names.filter((name) => name.endsWith('.b3'));
    if (lists.length === 0) throw new Error(`no list of checksums in ${shoot}`);
    for (const list of lists) {
      const args = ['--check', '--quiet', path.join('_offload', list)];
      await execa('b3sum', args, {cwd: shoot, stdin: 'ignore'});
    }
  }
  return 'b3sum --check passes on both destinations';
}
