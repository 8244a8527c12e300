import {randomBytes, randomUUID} from 'node:crypto';
import {hostname, platform} from 'node:os';
import {BlockPool} from '../system/block-pool.ts';
import {exifCaptures} from '../system/capture-reader.ts';
import {realClock} from '../system/clock.ts';
import {hashText, loadHashEngine} from '../system/hasher.ts';
import {realFiles} from '../system/real-files.ts';
import {readStartMark} from '../system/this-process.ts';
import {runTool} from '../system/tools.ts';
import {
  describeVolume,
  listVolumes,
  realVolumeTools,
  rememberAnswers,
} from '../system/volumes/index.ts';
import type {Program} from './program.ts';

/** Blocks of 4 MiB for copying: 16 kept two fast drives busy (measured); and for reading back. */
const COPY_BLOCKS = 16;
const PROOF_BLOCKS = 8;

interface Surroundings {
  readonly version: string;
  readonly workingFolder: string;
  readonly pid: number;
  readonly isRunning: (pid: number) => boolean;
}

/** @returns the real machine. */
export async function makeProgram(surroundings: Surroundings): Promise<Program> {
  const hashEngine = await loadHashEngine();
  const volumeTools = rememberAnswers(realVolumeTools(platform()), () => realClock.monotonic());
  return {
    version: surroundings.version,
    files: realFiles,
    run: runTool,
    clock: realClock,
    hashEngine,
    hashOfText: (text) => hashText(hashEngine, text),
    self: {
      host: hostname(),
      pid: surroundings.pid,
      isRunning: surroundings.isRunning,
      markOf: (pid) => readStartMark(realFiles, pid),
    },
    workingFolder: surroundings.workingFolder,
    pathPlatform: platform() === 'win32' ? 'win32' : 'posix',
    describeVolume: (path) => describeVolume(path, volumeTools),
    listVolumes: () => listVolumes(volumeTools),
    captures: exifCaptures,
    newWord: () => randomBytes(4).toString('hex').slice(0, 6),
    newVolumeId: () => randomUUID(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    copyBlocks: new BlockPool(COPY_BLOCKS),
    proofBlocks: new BlockPool(PROOF_BLOCKS),
  };
}
