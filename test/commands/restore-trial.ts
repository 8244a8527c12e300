/** Runs of `offload restore` on drives that an offload has written. */
import {mkdir, utimes, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Catalog} from '../../src/catalog/catalog.ts';
import {type RestoreOptions, restore} from '../../src/commands/restore/restore.ts';
import {ok} from '../../src/core/cause.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import type {Files} from '../../src/system/files.ts';
import {type Closable, tracksHandles} from '../helpers/faulty-files.ts';
import {printedEvents} from '../helpers/printed-events.ts';
import {
  diskVolume,
  expectNothingLeft,
  makeShoot,
  readTree,
  type Tree,
  type Trial,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

export interface RestoreScene extends Trial {
  /** Where files are restored to. */
  readonly back: string;
}

/** A card that was offloaded to W and B as `Shoot`, and an empty folder on a third drive. */
export async function makeRestoreScene(t: ExecutionContext, card?: Tree): Promise<RestoreScene> {
  const trial = await makeShoot(t, card);
  const back = join(trial.folder, 'Back');
  await mkdir(back);
  return {...trial, back};
}

export interface RestoreSetting extends Partial<RestoreOptions> {
  readonly files?: Files;
  /** Folders of the drives that are plugged in; W and B when it is not given. */
  readonly connected?: readonly string[];
  readonly catalog?: Catalog;
  readonly stop?: AbortController;
  readonly onEvent?: (event: OffloadEvent) => void;
  readonly fileSystem?: string;
}

/** Restores `Shoot` when nothing else is asked for. @throws when a file is left open, or a listener. */
export async function runRestore(
  {card, w, b, back}: RestoreScene,
  {
    files = testFiles,
    connected = [w, b],
    catalog,
    stop = new AbortController(),
    onEvent,
    fileSystem,
    ...options
  }: RestoreSetting = {},
) {
  const open = new Map<Closable, string>();
  const volumes = connected.map((folder) => diskVolume(folder, folder === w ? 'w' : 'b'));
  const program = testProgram(
    {
      cards: [card],
      to: [w, b, back],
      ...(fileSystem === undefined ? {} : {volumes: {[back]: {fileSystem}}}),
      program: {
        listVolumes: async () => volumes,
        ...(catalog === undefined ? {} : {openCatalog: async () => ok(catalog)}),
      },
    },
    tracksHandles(files, open),
  );
  const {signal} = stop;
  const {events, lines, emit, print} = printedEvents(onEvent);
  const asked: RestoreOptions = {
    what: ['Shoot'],
    to: back,
    from: [],
    test: undefined,
    at: undefined,
    dryRun: false,
    ...options,
  };
  const end = await restore(program, asked, {emit, signal});
  print({type: 'run-ended', ...end});
  expectNothingLeft(open, signal);
  const results = events.filter((event) => event.type === 'file-restored');
  return {
    code: end.exitCode,
    events,
    lines,
    codes: events.flatMap((event) => ('code' in event ? [event.code] : [])),
    results,
    /** By the path on the card. */
    states: Object.fromEntries(results.map(({path, state}) => [path, state])),
    /** Of every copy that was not taken: what was wrong with it, and its path. */
    bad: events.flatMap((event) =>
      event.type === 'copy-checked' ? [[event.state, event.path]] : [],
    ),
    refusal: events.find((event) => event.type === 'refused'),
    sum: events.find((event) => event.type === 'restore-finished'),
  };
}

/** ms: noon of a day of November 2026, in UTC. */
export const noonOf = (day: number): number => Date.UTC(2026, 10, day, 12);

/** The archive of a mirror's run at noon of that day. */
export const archiveOf = (day: number): string =>
  `_archive/202611${String(day).padStart(2, '0')}T120000Z-x3k9ab`;

export async function putFile(path: string, text: string, atMs: number): Promise<void> {
  await mkdir(dirname(path), {recursive: true});
  await writeFile(path, text);
  await utimes(path, atMs / 1000, atMs / 1000);
}

/** The hashes of the files in a folder, by path. */
export async function hashesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const rows = Object.entries(await readTree(folder));
  return Object.fromEntries(rows.filter(([, what]) => what !== 'folder'));
}
