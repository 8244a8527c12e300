import {isAbsolute, sep} from 'node:path';
import {type Cause, failed, ok, type Result} from '../core/cause.ts';
import {parseUserPath} from '../core/drive-paths.ts';

/** Absolute paths; neither folder needs to exist. */
export interface AppFolders {
  /** Holds `settings.json`. */
  readonly config: string;
  /** Holds the catalog. */
  readonly data: string;
}

/** The package env-paths 4. */
type EnvPaths = (name: string, options: {readonly suffix: string}) => AppFolders;

/**
 * The folders of this program: `OFFLOAD_HOME` for both when it is set and not empty, otherwise those of the platform (env-paths:
 * `~/.config/offload`, `~/Library/Preferences/offload`, `%APPDATA%\offload\Config` and their like). Nothing is looked up on a disk.
 * @param workingFolder absolute; a relative `OFFLOAD_HOME` begins there.
 * @returns the folders, or `no-home-folder` where the platform tells none, or a `path-…` code for an `OFFLOAD_HOME` that can be no path.
 */
export async function appFolders({
  env,
  workingFolder,
}: {
  readonly env: {readonly OFFLOAD_HOME?: string | undefined};
  readonly workingFolder: string;
}): Promise<Result<AppFolders>> {
  const home = env.OFFLOAD_HOME ?? '';
  if (home === '') return findPlatformFolders();
  const platform = sep === '\\' ? 'win32' : 'posix';
  const parsed = parseUserPath({text: home, cwd: workingFolder, platform});
  if (parsed.ok) return ok({config: parsed.value, data: parsed.value});
  const message = `OFFLOAD_HOME cannot be used: ${parsed.cause.message}`;
  return failed({...parsed.cause, message});
}

async function findPlatformFolders(): Promise<Result<AppFolders>> {
  let envPaths: EnvPaths;
  try {
    // It asks for the home folder while it is loaded, which fails for a user that has none.
    envPaths = (await import('env-paths')).default;
  } catch {
    return failed(NO_HOME);
  }
  const {config, data} = envPaths('offload', {suffix: ''});
  return isAbsolute(config) && isAbsolute(data) ? ok({config, data}) : failed(NO_HOME);
}

const NO_HOME: Cause = {
  code: 'no-home-folder',
  message: 'this user has no home folder, so settings and catalog have no place',
  next: 'Set the environment variable OFFLOAD_HOME to a folder for them.',
};
