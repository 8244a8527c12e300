/** Those who write, of the engine, and those who read back, of the judge, in the hands of a mirror. */
import {join} from 'node:path';
import {readMedium} from '../../../../verify/read-medium.ts';
import type {CopyOrder, CopyOutcome, MirrorHands} from '../../../backup/mirror-hands.ts';
import {nameMirrorPart} from '../../../core/backup/mirror-temporaries.ts';
import {describeSuspect} from '../../../core/describe-suspect.ts';
import type {Emit} from '../../../core/events.ts';
import {FolderFlushes} from '../../../engine/folder-flushes.ts';
import type {Lane} from '../../../engine/lane.ts';
import {type MirrorRequest, mirrorFile} from '../../../engine/mirror-file.ts';
import {type PatchSetting, patchFile} from '../../../engine/patch-file.ts';
import {readSource, type SourceSetting} from '../../../engine/read-source.ts';
import {cloneWith} from '../../../system/clone-file.ts';
import type {Program} from '../../program.ts';
import {sweepParts} from './open-target.ts';

interface Making {
  readonly program: Program;
  readonly lane: Lane;
  /** Source folder, absolute. */
  readonly from: string;
  /** Id of the run. */
  readonly run: string;
  readonly readsDirect: boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly onRead: (bytes: number) => void;
}

/** Smaller files are copied as fast as they are compared. Bytes. */
const PATCH_FROM = 64 * 1024 * 1024;

export function makeHands(making: Making): MirrorHands {
  const {program, lane, from, run, emit, signal} = making;
  const {files, clock, run: runTool, hashEngine, proofBlocks} = program;
  const source = sourceSetting(making);
  const flushes = new FolderFlushes(files, clock);
  const reader = {files, run: runTool, hashEngine, blocks: proofBlocks};
  const setting: PatchSetting = {
    ...source,
    lane,
    flushes,
    readBack: (request) => readMedium(reader, request),
    onMismatch() {
      const {tally, destination} = lane;
      tally.add(destination);
      const suspect = tally.suspect(destination);
      if (suspect === undefined || !tally.isNews(destination)) return;
      const cause = describeSuspect(suspect.names, suspect.count);
      emit({type: 'noticed', level: 'warning', ...cause, path: destination.to});
    },
    cloneFile: cloneWith(runTool),
    oldBlocks: proofBlocks,
  };
  const swept = new Map<string, Promise<void>>();
  const sweep = (folder: string) => {
    const known = swept.get(folder);
    if (known !== undefined) return known;
    const sweeping = sweepParts(files, lane.absolute(folder), run);
    swept.set(folder, sweeping);
    return sweeping;
  };
  let parts = 0;
  const requestOf = ({file, target, expected, makeRoom, onWritten}: CopyOrder): MirrorRequest => ({
    path: join(from, file.path),
    file,
    target,
    expected,
    makeRoom,
    onWritten,
    nameTemporary: () => nameMirrorPart(run, ++parts),
  });
  return {
    async copy(order): Promise<CopyOutcome> {
      const {file, target, old} = order;
      const request = requestOf(order);
      try {
        await sweep(target.slice(0, Math.max(target.lastIndexOf('/'), 0)));
      } catch {
        // What is left over takes room and no name that is needed: whether the drive is still there is found by writing.
      }
      if (old !== undefined && file.size >= PATCH_FROM) {
        const patched = await patchFile(setting, {...request, old});
        if (patched.kind === 'made') return {...patched, patched: true};
        if (patched.kind !== 'unclonable' && patched.kind !== 'mismatched') return patched;
      }
      const copied = await mirrorFile(setting, request);
      return copied.kind === 'made' ? {...copied, patched: false} : copied;
    },
    hashSource: (file) => readSource(source, {path: join(from, file.path), file}),
    readBack(target) {
      const request = {path: lane.absolute(target), method: lane.access.method, signal};
      return lane.proofs.add(() => setting.readBack(request));
    },
    makeFolder: (target) => lane.makeFolder(target),
    flushFolder: (target) => flushes.flush(lane.absolute(target)),
    sweep,
    findLoss: (error) => lane.findLoss(error),
    hurry: () => lane.batch.hurry(),
    flush: () => lane.batch.flushNow(),
    bytesWritten: () => lane.written,
  };
}

export function sourceSetting({
  program: {files, copyBlocks: blocks, hashEngine},
  readsDirect,
  signal,
  onRead,
}: Pick<Making, 'program' | 'readsDirect' | 'signal' | 'onRead'>): SourceSetting {
  return {files, blocks, hashEngine, readsDirect, signal, onRead};
}
