/** A file that no connected drive has is brought back from a cloud: downloaded beside its place, and restored from there as from any copy, so that its bytes are proved before it has its name. */
import {dirname, join} from 'node:path';
import {causeFrom, errnoOf} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {
  type RestoreOutcome,
  type RestoreRequest,
  type RestoreSetting,
  restoreFile,
} from '../../engine/restore-file.ts';
import type {CloudShelf} from '../offsite/cloud/index.ts';
import type {Program} from '../program.ts';

interface FromCloud {
  readonly program: Program;
  readonly shelf: CloudShelf;
  readonly emit: Emit;
}

/** @returns null when no cloud is known to have it, or none gave it: that is told. */
export async function restoreFromCloud(
  {program, shelf, emit}: FromCloud,
  setting: RestoreSetting,
  request: RestoreRequest,
): Promise<RestoreOutcome | null> {
  const {hash, lane, target, nameTemporary} = request;
  if (hash === undefined) return null;
  for (const copy of await shelf.find(hash)) {
    if (setting.signal.aborted) return {kind: 'stopped'};
    const place = lane.absolute(target);
    const temporary = join(dirname(place), nameTemporary(0));
    try {
      await lane.makeFolder(target.slice(0, Math.max(target.lastIndexOf('/'), 0)));
    } catch (error) {
      const cause = causeFrom(error, 'making its folder', dirname(place));
      return {kind: 'failed', cause, lost: undefined};
    }
    const fetched = await shelf.fetch(copy, temporary, setting.signal);
    if (!fetched.ok) {
      if (setting.signal.aborted) return {kind: 'stopped'};
      emit({type: 'noticed', level: 'warning', ...fetched.cause});
      continue;
    }
    try {
      // It was written just now: whether it may come from the cache matters for what is named, not for this.
      const copies = [{path: temporary, method: {kind: 'cached', why: 'downloaded'}}] as const;
      const outcome = await restoreFile(setting, {...request, copies});
      if (outcome.kind === 'no-copy') continue;
      return outcome.kind === 'restored' ? {...outcome, from: fetched.value} : outcome;
    } finally {
      await removeDownload(program, temporary, emit);
    }
  }
  return null;
}

async function removeDownload({files}: Program, path: string, emit: Emit): Promise<void> {
  try {
    await files.removeFile(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    emit({
      type: 'noticed',
      level: 'warning',
      ...causeFrom(error, 'removing what was downloaded', path),
    });
  }
}
