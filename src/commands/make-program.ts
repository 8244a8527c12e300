import {randomBytes, randomUUID} from 'node:crypto';
import {homedir, hostname, platform} from 'node:os';
import {isAbsolute, join} from 'node:path';
import type {Catalog} from '../catalog/catalog.ts';
import {openCatalog} from '../catalog/open-catalog.ts';
import type {Launch} from '../core/backup/jobs/install/launch.ts';
import {ok, type Result} from '../core/cause.ts';
import {DEFAULT_SETTINGS, type ReadSettings} from '../core/settings.ts';
import {type AppFolders, appFolders} from '../system/app-folders.ts';
import {BlockPool} from '../system/block-pool.ts';
import {exifCaptures} from '../system/capture-reader.ts';
import {realClock} from '../system/clock.ts';
import {ejectVolume, realEjectTools} from '../system/eject.ts';
import {hashText, loadHashEngine} from '../system/hasher.ts';
import {keepAwake, startTool} from '../system/keep-awake.ts';
import {makeSecret, readOwnSecret, signWith} from '../system/own-secret.ts';
import {exifFacts} from '../system/photo-facts-reader.ts';
import {runRclone} from '../system/rclone.ts';
import {realFiles} from '../system/real-files.ts';
import {readSettings} from '../system/settings-file.ts';
import {readStartMark} from '../system/this-process.ts';
import {runTool} from '../system/tools.ts';
import {
  describeVolume,
  listDrives,
  listVolumes,
  realVolumeTools,
  rememberAnswer,
  rememberAnswers,
  watchMounted,
} from '../system/volumes/index.ts';
import {CATALOG_NAME} from './catalog-name.ts';
import type {Program} from './program.ts';

/** Blocks of 4 MiB for copying: 16 kept two fast drives busy (measured); and for reading back. */
const COPY_BLOCKS = 16;
const PROOF_BLOCKS = 8;

export interface Surroundings {
  readonly version: string;
  /** Moves settings and catalog to a folder of the user's choice. */
  readonly home: string | undefined;
  readonly workingFolder: string;
  readonly pid: number;
  readonly isRunning: (pid: number) => boolean;
  /** Program and first arguments that start this program again. */
  readonly command: readonly string[];
  /** Null on Windows. */
  readonly userId: number | null;
  /** Where this user's settings and services are kept, if the user moved them (XDG_CONFIG_HOME). */
  readonly configHome: string | undefined;
  /** Where programs of this user keep their data, if the user moved it (XDG_DATA_HOME). */
  readonly dataHome: string | undefined;
}

/** @returns the real machine. */
export async function makeProgram(surroundings: Surroundings): Promise<Program> {
  const [hashEngine, folders] = await Promise.all([
    loadHashEngine(),
    appFolders({
      env: {OFFLOAD_HOME: surroundings.home},
      workingFolder: surroundings.workingFolder,
    }),
  ]);
  const settings = await findSettings(folders);
  const catalog = keepCatalog(() => findCatalog(folders));
  const monotonic = () => realClock.monotonic();
  const volumeTools = rememberAnswers(realVolumeTools(platform()), monotonic);
  const knownDrives = rememberAnswer(listDrives, monotonic);
  return {
    version: surroundings.version,
    files: realFiles,
    run: runTool,
    rclone: runRclone,
    clock: realClock,
    hashEngine,
    hashOfText: (text) => hashText(hashEngine, text),
    signText: signWith(await findSecret(folders)),
    self: {
      host: hostname(),
      pid: surroundings.pid,
      isRunning: surroundings.isRunning,
      markOf: (pid) => readStartMark(realFiles, pid),
    },
    workingFolder: surroundings.workingFolder,
    pathPlatform: platform() === 'win32' ? 'win32' : 'posix',
    describeVolume: (path) => describeVolume(path, volumeTools),
    listVolumes: () => listVolumes(volumeTools, knownDrives),
    watchVolumes: watchMounted(realVolumeTools(platform())),
    ejectVolume: (volume) => ejectVolume(volume, realEjectTools(platform())),
    keepAwake: () => (settings.settings.keepAwake ? holdAwake() : LETS_SLEEP),
    openCatalog: catalog.open,
    dataFolder: folders.ok ? ok(folders.value.data) : folders,
    configFolder: folders.ok ? ok(folders.value.config) : folders,
    launch: findLaunch(surroundings, folders),
    close: catalog.close,
    settings,
    captures: exifCaptures,
    photoFacts: exifFacts,
    newWord: () => randomBytes(4).toString('hex').slice(0, 6),
    newVolumeId: () => randomUUID(),
    // The first question about dates loads their data: 10 ms (measured), which most commands have no use for.
    get timeZone() {
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    copyBlocks: new BlockPool(COPY_BLOCKS),
    proofBlocks: new BlockPool(PROOF_BLOCKS),
  };
}

function findLaunch(
  {command, userId, configHome, dataHome, home}: Surroundings,
  folders: Result<AppFolders>,
): Launch {
  const homeFolder = homedir();
  const isMoved = (home ?? '') !== '' && folders.ok;
  // env-paths asks for them on Linux only.
  const xdg = platform() === 'linux' ? {XDG_CONFIG_HOME: configHome, XDG_DATA_HOME: dataHome} : {};
  const variables = {OFFLOAD_HOME: isMoved ? folders.value.config : undefined, ...xdg};
  return {
    platform: platform(),
    command,
    userId,
    homeFolder,
    configHome: isAbsolute(configHome ?? '') ? (configHome ?? '') : join(homeFolder, '.config'),
    environment: Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) =>
        value !== undefined && isAbsolute(value) ? [[name, value] as const] : [],
      ),
    ),
  };
}

async function findSettings(folders: Result<AppFolders>): Promise<ReadSettings> {
  if (folders.ok) return await readSettings(realFiles, folders.value.config);
  return {settings: DEFAULT_SETTINGS, problems: [folders.cause]};
}

async function findSecret(folders: Result<AppFolders>): Promise<Buffer> {
  return folders.ok ? await readOwnSecret(folders.value.data) : makeSecret();
}

async function findCatalog(folders: Result<AppFolders>): Promise<Result<Catalog>> {
  if (!folders.ok) return folders;
  return await openCatalog({files: realFiles, path: join(folders.value.data, CATALOG_NAME)});
}

const holdAwake = () => keepAwake({platform: platform(), start: startTool});

/** The user wants the computer to sleep when it would. */
const LETS_SLEEP = {
  state: Promise.resolve({type: 'released'} as const),
  release: async () => {},
};

/** Opens the catalog at the first call, gives the same one from then on, and closes it if it was opened. */
function keepCatalog(find: () => Promise<Result<Catalog>>) {
  let found: Promise<Result<Catalog>> | undefined;
  return {
    open() {
      found ??= find();
      return found;
    },
    async close() {
      const catalog = await found;
      if (catalog?.ok) await catalog.value.close();
    },
  };
}
