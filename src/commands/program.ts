import type {Catalog} from '../catalog/catalog.ts';
import type {Launch} from '../core/backup/jobs/install/launch.ts';
import type {Result} from '../core/cause.ts';
import type {Volume} from '../core/drive.ts';
import type {PathPlatform} from '../core/drive-paths.ts';
import type {HashOfText, SignText} from '../core/manifest.ts';
import type {ReadSettings} from '../core/settings.ts';
import type {BlockPool} from '../system/block-pool.ts';
import type {CaptureReader} from '../system/capture-reader.ts';
import type {Clock} from '../system/clock.ts';
import type {Ejected} from '../system/eject.ts';
import type {Files} from '../system/files.ts';
import type {HashEngine} from '../system/hasher.ts';
import type {AwakeHold} from '../system/keep-awake.ts';
import type {PhotoFactsReader} from '../system/photo-facts-reader.ts';
import type {RunRclone} from '../system/rclone.ts';
import type {ThisProcess} from '../system/this-process.ts';
import type {RunTool} from '../system/tools.ts';
import type {WatchVolumes} from '../system/volumes/index.ts';

/** What commands need of the machine. `cli.tsx` gives the real one, tests give theirs. */
export interface Program {
  readonly version: string;
  readonly files: Files;
  readonly run: RunTool;
  /** The user's own rclone. */
  readonly rclone: RunRclone;
  readonly clock: Clock;
  readonly hashEngine: HashEngine;
  readonly hashOfText: HashOfText;
  /** Signs with this computer's secret what a later run of it may build on. */
  readonly signText: SignText;
  readonly self: ThisProcess;
  /** The working folder, absolute. */
  readonly workingFolder: string;
  readonly pathPlatform: PathPlatform;
  readonly describeVolume: (path: string) => Promise<Volume>;
  readonly listVolumes: () => Promise<readonly Volume[]>;
  /** Tells what is mounted, and what comes and goes. */
  readonly watchVolumes: WatchVolumes;
  readonly ejectVolume: (volume: Volume) => Promise<Result<Ejected>>;
  /** Keeps the computer from falling asleep until the hold is released. */
  readonly keepAwake: () => AwakeHold;
  /** Opened at the first call, and kept. A catalog that cannot be had stops nothing. */
  readonly openCatalog: () => Promise<Result<Catalog>>;
  /** Absolute: where this program keeps what it remembers; it need not be there. */
  readonly dataFolder: Result<string>;
  /** Absolute: where the settings and the backup jobs are; it need not be there. */
  readonly configFolder: Result<string>;
  /** How the system can start this program by itself. */
  readonly launch: Launch;
  /** Lets go of what was opened for the whole run. Called once, last. */
  readonly close: () => Promise<void>;
  /** What the user wrote into the settings file, on top of the defaults. */
  readonly settings: ReadSettings;
  readonly captures: CaptureReader;
  /** Reads what pictures and films say of their taking; starts exiftool only when it is asked. */
  readonly photoFacts: PhotoFactsReader;
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
