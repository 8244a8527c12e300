/** Who runs, and with which commands: two proved copies of one card, each in the way that tool does it. */
import path from 'node:path';

export const CONTENDER_NAMES = ['floor', 'offload', 'rsync', 'cp', 'rclone'] as const;
export type ContenderName = (typeof CONTENDER_NAMES)[number];

/** The tools that the program is measured against. */
export const COMPETITORS: readonly ContenderName[] = ['rsync', 'cp', 'rclone'];

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Where everything lies. All paths are absolute. */
export interface Places {
  readonly card: string;
  /** The card's files, paths below its root. */
  readonly files: readonly string[];
  /** Two destination folders, empty before each run. */
  readonly to: readonly string[];
  /** When the program under test reads back: beside the copying if not given. */
  readonly order?: 'overlap' | 'after' | undefined;
  /** Settings and catalog of the program under test, gone before each run. */
  readonly home: string;
  /** JavaScript of the floor and of the program under test. */
  readonly floor: string;
  readonly program: string;
  /** True where the file system can share blocks between files, which would be no copy at all. */
  readonly sharesBlocks: boolean;
}

export interface Contender {
  readonly name: ContenderName;
  /** What it does, for the table. */
  readonly does: string;
  /** Tools that must be installed. */
  readonly tools: readonly string[];
  /** Commands that run side by side. Without a `check` they copy and prove. */
  copy(places: Places): readonly Command[];
  /** Commands that run side by side once the copies are flushed and the caches are empty. */
  check?(places: Places): readonly Command[];
  /** Looks at what the check commands printed. True when it says that all copies are good. */
  agrees?(outputs: readonly string[]): boolean;
}

/** Each destination gets a folder with the card's name. */
const copyOf = (places: Places, to: string): string => path.join(to, path.basename(places.card));

/** rclone warns of a missing configuration file otherwise. */
const RCLONE_CONFIG = ['--config', '/dev/null'];

const floor: Contender = {
  name: 'floor',
  does: 'a plain loop that reads, writes and reads back with direct I/O',
  tools: [],
  copy: (places) => [{program: process.execPath, args: [places.floor, places.card, ...places.to]}],
};

const offload: Contender = {
  name: 'offload',
  does: 'this program',
  tools: [],
  copy: ({program, card, to, home, order = 'overlap'}) => [
    {
      program: process.execPath,
      args: [
        ...[program, '--card', card],
        ...to.flatMap((folder) => ['--to', folder]),
        ...['--shoot', BENCH_SHOOT, '--allow-same-drive', '--verify-order', order, '--quiet'],
      ],
      env: {OFFLOAD_HOME: home},
    },
  ],
};

/** Name of the shoot that the program under test makes on each destination. */
export const BENCH_SHOOT = 'bench';

const rsync: Contender = {
  name: 'rsync',
  does: 'rsync to each folder, then `rsync -c` against each',
  tools: ['rsync'],
  copy: ({card, to}) => to.map((folder) => ({program: 'rsync', args: ['-a', card, folder]})),
  // With --dry-run a difference is listed instead of mended.
  check: ({card, to}) =>
    to.map((folder) => ({
      program: 'rsync',
      args: ['-a', '-c', '--dry-run', '--out-format=%n', card, folder],
    })),
  agrees: (outputs) => outputs.every((output) => output.trim() === ''),
};

const cp: Contender = {
  name: 'cp',
  does: 'cp to each folder, then b3sum of the card and both copies',
  tools: ['cp', 'b3sum'],
  copy: ({card, to, sharesBlocks}) => {
    const options = sharesBlocks ? ['-a', '--reflink=never'] : ['-a'];
    return to.map((folder) => ({program: 'cp', args: [...options, card, folder]}));
  },
  check: (places) =>
    [places.card, ...places.to.map((folder) => copyOf(places, folder))].map((cwd) => ({
      program: 'b3sum',
      args: [...places.files],
      cwd,
    })),
  agrees: (outputs) => outputs[0] !== '' && outputs.every((output) => output === outputs[0]),
};

const rclone: Contender = {
  name: 'rclone',
  does: 'rclone copy to each folder, then `rclone check --download` against each',
  tools: ['rclone'],
  copy: (places) =>
    places.to.map((folder) => ({
      program: 'rclone',
      args: ['copy', ...RCLONE_CONFIG, places.card, copyOf(places, folder)],
    })),
  check: (places) =>
    places.to.map((folder) => ({
      program: 'rclone',
      args: ['check', '--download', ...RCLONE_CONFIG, places.card, copyOf(places, folder)],
    })),
};

export const CONTENDERS: readonly Contender[] = [floor, offload, rsync, cp, rclone];
