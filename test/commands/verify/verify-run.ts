/** Runs of `offload verify` on drives that an offload has written. */
import {readFile, stat, utimes, writeFile} from 'node:fs/promises';
import type {Catalog} from '../../../src/catalog/catalog.ts';
import type {RunEnd} from '../../../src/commands/offload.ts';
import type {Program} from '../../../src/commands/program.ts';
import {type VerifyOptions, verify} from '../../../src/commands/verify.ts';
import {ok} from '../../../src/core/cause.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import type {Files} from '../../../src/system/files.ts';
import {type Closable, tracksHandles} from '../../helpers/faulty-files.ts';
import {printedEvents} from '../../helpers/printed-events.ts';
import {
  diskVolume,
  expectNothingLeft,
  runningPids,
  type Tree,
  type Trial,
  testFiles,
  testProgram,
} from '../../helpers/run-offload.ts';

export interface VerifySetting extends Partial<VerifyOptions> {
  readonly files?: Files;
  /** Folders of the drives that are plugged in; W and B when it is not given. */
  readonly connected?: readonly string[];
  /** Folders that are volumes of their own, when there are more than W and B. */
  readonly to?: readonly string[];
  readonly data?: string;
  readonly catalog?: Catalog;
  readonly program?: Partial<Program>;
  readonly stop?: AbortController;
  readonly pid?: number;
}

export interface VerifyReport {
  readonly end: RunEnd;
  readonly events: readonly OffloadEvent[];
  /** What is printed with `--quiet`. */
  readonly lines: readonly string[];
  /** Code of every warning and refusal. */
  readonly codes: readonly string[];
}

export function verifyProgram({card, w, b}: Trial, setting: VerifySetting, files: Files): Program {
  const {connected = [w, b], data, catalog, pid} = setting;
  const volumes = connected.map((folder) => diskVolume(folder, folder === w ? 'w' : 'b'));
  return testProgram(
    {
      cards: [card],
      to: setting.to ?? [w, b],
      ...(pid === undefined ? {} : {pid}),
      program: {
        listVolumes: async () => volumes,
        ...(data === undefined ? {} : {dataFolder: ok(data)}),
        ...(catalog === undefined ? {} : {openCatalog: async () => ok(catalog)}),
        ...setting.program,
      },
    },
    files,
  );
}

/** @throws when a file is left open, or a listener. */
export async function runVerify(trial: Trial, setting: VerifySetting = {}): Promise<VerifyReport> {
  const open = new Map<Closable, string>();
  const program = verifyProgram(trial, setting, tracksHandles(setting.files ?? testFiles, open));
  const {signal} = setting.stop ?? new AbortController();
  const {events, lines, emit} = printedEvents();
  const {paths = [trial.w], part, heal = false} = setting;
  const end = await verify(program, {paths, part, heal}, {emit, signal}).finally(() =>
    runningPids.delete(program.self.pid),
  );
  expectNothingLeft(open, signal);
  const codes = events.flatMap((event) =>
    (event.type === 'noticed' && event.level === 'warning') || event.type === 'refused'
      ? [event.code]
      : [],
  );
  return {end, events, lines, codes};
}

/** A raw file of one block and one of two, a picture and a film. */
export const MIXED_CARD: Tree = {
  'DCIM/100CANON/IMG_0001.CR3': 10_000,
  'DCIM/100CANON/IMG_0002.CR3': 70_000,
  'DCIM/100CANON/IMG_0002.JPG': 8192,
  'DCIM/101CANON/MVI_0003.MP4': 150_001,
};

/** A bit flips on the drive: neither size nor time tell of it. */
export async function flipBit(path: string, at = 5000): Promise<void> {
  const {atime, mtime} = await stat(path);
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(path, bytes);
  await utimes(path, atime, mtime);
}

export const checkedOf = ({events}: VerifyReport) =>
  events.flatMap((event) => (event.type === 'copy-checked' ? [event] : []));

export const badOf = (report: VerifyReport) =>
  checkedOf(report).filter(({state}) => state !== 'good');

export const healedOf = ({events}: VerifyReport) =>
  events.flatMap((event) => (event.type === 'copy-healed' ? [event] : []));

export const finishOf = ({events}: VerifyReport) =>
  events.find((event) => event.type === 'verify-finished');
