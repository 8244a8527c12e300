import type {Volume} from '../core/drive.ts';
import type {PathPlatform} from '../core/drive-paths.ts';
import type {HashOfText} from '../core/manifest.ts';
import type {BlockPool} from '../system/block-pool.ts';
import type {CaptureReader} from '../system/capture-reader.ts';
import type {Clock} from '../system/clock.ts';
import type {Files} from '../system/files.ts';
import type {HashEngine} from '../system/hasher.ts';
import type {ThisProcess} from '../system/this-process.ts';
import type {RunTool} from '../system/tools.ts';

/** What commands need of the machine. `cli.tsx` gives the real one, tests give theirs. */
export interface Program {
  readonly version: string;
  readonly files: Files;
  readonly run: RunTool;
  readonly clock: Clock;
  readonly hashEngine: HashEngine;
  readonly hashOfText: HashOfText;
  readonly self: ThisProcess;
  /** The working folder, absolute. */
  readonly workingFolder: string;
  readonly pathPlatform: PathPlatform;
  readonly describeVolume: (path: string) => Promise<Volume>;
  readonly listVolumes: () => Promise<readonly Volume[]>;
  readonly captures: CaptureReader;
  /** Six letters and digits that nobody used before. */
  readonly newWord: () => string;
  /** A new volume id (UUID, version 4). */
  readonly newVolumeId: () => string;
  /** IANA name of the time zone. */
  readonly timeZone: string;
  /** Buffers for copying, shared by all cards of a run: memory stays flat. */
  readonly copyBlocks: BlockPool;
  /** Buffers for reading back: apart from the others, so that proofs never wait for copies. */
  readonly proofBlocks: BlockPool;
}
