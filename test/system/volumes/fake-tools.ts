import {failed, ok} from '../../../src/core/cause.ts';
import type {VolumeTools} from '../../../src/system/volumes/index.ts';

const missing = (path: string) =>
  failed({code: 'ENOENT', path, message: `${path} is not there`, next: ''});

/** A platform as data: files by path, answers by command line. lsblk is asked by its device alone. */
export function fakeTools(given: {
  readonly platform: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly answers?: Readonly<Record<string, string>>;
}): VolumeTools {
  const find = (from: Readonly<Record<string, string>> = {}, key: string) => {
    const value = from[key];
    return value === undefined ? missing(key) : ok(value);
  };
  return {
    platform: given.platform,
    run: async (command, args) => {
      const shown = command === 'lsblk' || command === 'powershell' ? args.slice(-1) : args;
      const line = command === 'powershell' ? command : [command, ...shown].join(' ');
      return find(given.answers, line);
    },
    readText: async (path) => find(given.files, path),
    resolvePath: async (path) => ok(path),
  };
}
