/** The quick way for small files without its threads: the same calls, made by the thread of the test. */
import {isWellFormedName} from '../../src/core/file-names.ts';
import type {Files, QuickFiles} from '../../src/system/files.ts';
import {modifiedSeconds} from '../../src/system/modified-seconds.ts';
import {saysNoLinks} from '../../src/system/no-links.ts';
import {copySmallFile} from '../../src/system/small-files/copy-small-file.ts';
import {nameSmallFile} from '../../src/system/small-files/name-small-file.ts';
import {readSmallFile} from '../../src/system/small-files/read-small-file.ts';
import {realCalls, type SmallFileCalls} from '../../src/system/small-files/small-file-calls.ts';
import {makeSmallFileTools} from '../../src/system/small-files/small-file-tools.ts';
import {interceptCalls} from './faulty-files.ts';

const systemFault = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), {code});

/** @returns files that know the quick way too, which goes by these calls; all others go by `files`. */
export async function quickFiles(
  files: Files,
  calls: SmallFileCalls = realCalls,
): Promise<QuickFiles> {
  const tools = await makeSmallFileTools(calls);
  return {
    ...interceptCalls(files, (_call, proceed) => proceed()),
    async copySmall({places, ...file}) {
      const paths = [file.path, ...places.map(({temporary}) => temporary)];
      if (!paths.every(isWellFormedName)) return undefined;
      return copySmallFile(tools, {
        ...file,
        mtimeNs: `${file.mtimeNs}`,
        device: `${file.device}`,
        modified: modifiedSeconds(file.mtimeNs),
        places: places.map((place) => ({...place, device: `${place.device}`})),
      });
    },
    async readSmall(path, device) {
      if (!isWellFormedName(path)) return undefined;
      const read = readSmallFile(tools, {path, device: `${device}`});
      if (read.kind === 'failed') throw systemFault(read.errno, path);
      return read.kind === 'read' ? read : undefined;
    },
    async publish(from, to) {
      if (!isWellFormedName(from) || !isWellFormedName(to)) {
        await files.publish(from, to);
        return;
      }
      const fault = nameSmallFile(tools, {from, to});
      if (fault === null) return;
      const error = systemFault(fault.errno, to);
      if (fault.linked || !saysNoLinks(error)) throw error;
      await files.publish(from, to);
    },
  };
}
