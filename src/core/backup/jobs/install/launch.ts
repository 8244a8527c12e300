/** How the system of this computer can start this program by itself. */
export interface Launch {
  /** `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** Program and first arguments, absolute, that start this program. */
  readonly command: readonly string[];
  /** Null where the platform has none. 0 is the administrator. */
  readonly userId: number | null;
  /** The user's home folder, absolute. */
  readonly homeFolder: string;
  /** Where programs of this user keep their settings on Linux, absolute. */
  readonly configHome: string;
  /** What is set of the variables that decide where settings and data lie, by their names: absolute folders. */
  readonly environment: Readonly<Record<string, string>>;
}

/** One file that tells the system when to start the program. */
export interface StartFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Windows reads a task only as it writes one. */
  readonly encoding: 'utf8' | 'utf16le';
}

/** Stands in every file that is made, so that no other is ever replaced or removed. */
export const MADE_BY = 'Made by offload backup install';

/** Minutes between two looks whether a job is due: a look reads two small files and the list of volumes. */
export const EVERY_MINUTES = 15;

/** What is done at every look. */
export const ARGUMENTS = ['backup', 'run', '--due', '--quiet'] as const;
