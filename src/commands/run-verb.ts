import type {Emit} from '../core/events.ts';
import {unreachable} from '../core/unreachable.ts';
import {ALSO_DUE} from './also-due.ts';
import {applySettings, choosePreset} from './apply-settings.ts';
import {
  addJob,
  editJob,
  explainPictures,
  installJobs,
  listJobs,
  removeJob,
  uninstallJobs,
  watchJobs,
} from './backup/index.ts';
import {runTarget} from './backup/run-target.ts';
import {cards, find, rebuildCatalog, shoots} from './catalog/index.ts';
import {check} from './check.ts';
import type {CommandLine} from './command-line.ts';
import {runDoctor} from './doctor/index.ts';
import {drives} from './drives.ts';
import {
  addLightroom,
  listLightroom,
  removeLightroom,
  restoreLightroom,
  runLightroom,
} from './lightroom/index.ts';
import type {OffloadOptions} from './offload/options.ts';
import {offload, type RunEnd} from './offload.ts';
import type {TypedOptions} from './offload-command-line.ts';
import {
  addOffsite,
  editOffsite,
  removeOffsite,
  runOffsite,
  tellOffsite,
  verifyOffsite,
} from './offsite/index.ts';
import type {Program} from './program.ts';
import {report} from './report/report.ts';
import {restore} from './restore/restore.ts';
import type {Desk} from './session/desk.ts';
import {runSession} from './session/session.ts';
import {status} from './status/status.ts';
import {verify} from './verify.ts';
import {changeVolume, forgetVolume, listVolumes} from './volumes/index.ts';
import {watch} from './watch/watch.ts';

export interface VerbListening {
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Where a session meets its screen; null for every other command. */
  readonly desk: Desk | null;
}

/** Every command but `backup run`, which is apart in `run-backups.ts`. */
export type Verb = Exclude<CommandLine, {command: 'text' | 'backup-run'}>;

export async function runVerb(
  program: Program,
  line: Verb,
  listening: VerbListening,
): Promise<RunEnd> {
  const {emit, desk} = listening;
  switch (line.command) {
    case 'offload':
      tellSettings(program, emit);
      return await withPreset(program, line.options, emit, async (options) =>
        offload(program, options, listening),
      );
    case 'session': {
      if (desk === null) throw new Error('a session has no screen');
      return await withPreset(program, line.options, emit, async (options) => {
        const {destinations} = options;
        return await runSession(program, {destinations, offload: options}, {...listening, desk});
      });
    }
    case 'watch': {
      tellSettings(program, emit);
      return await withPreset(program, line.options, emit, async (options) =>
        watch(program, {auto: line.auto, offload: options}, listening),
      );
    }
    case 'check':
      return await check(program, line, listening);
    case 'verify':
      return await verify(program, {...line, part: line.part ?? undefined}, listening);
    case 'report':
      return await report(program, line, listening);
    case 'restore':
      return await restore(program, line, listening);
    case 'drives':
      return await drives(program, emit);
    case 'cards':
      return await cards(program, emit);
    case 'shoots':
      return await shoots(program, emit);
    case 'find':
      return await find(program, line.text, emit);
    case 'catalog-rebuild':
      return await rebuildCatalog(program, line.paths, listening);
    case 'volumes':
      return await listVolumes(program, emit);
    case 'volume-change':
      return await changeVolume(program, line, emit);
    case 'volume-forget':
      return await forgetVolume(program, line.volume, emit);
    case 'status':
      return await status(program, listening);
    case 'backup-add':
      return await addJob(program, line, emit);
    case 'backup-edit':
      return await editJob(program, line, emit);
    case 'backup-list':
      return await listJobs(program, emit);
    case 'backup-remove':
      return await removeJob(program, line.name, emit);
    case 'backup-explain':
      return await explainPictures(program, line, emit);
    case 'backup-watch':
      tellSettings(program, emit);
      return await watchJobs(program, {...listening, runTarget, alsoDue: ALSO_DUE});
    case 'lightroom-add':
      return await addLightroom(program, line.typed, emit);
    case 'lightroom-list':
      return await listLightroom(program, emit);
    case 'lightroom-remove':
      return await removeLightroom(program, line.name, emit);
    case 'lightroom-run':
      return await runLightroom(program, line, listening);
    case 'lightroom-restore':
      return await restoreLightroom(program, line, listening);
    case 'backup-install':
      return await installJobs(program, {emit, asRoot: line.asRoot});
    case 'backup-uninstall':
      return await uninstallJobs(program, {emit});
    case 'offsite-add':
      return await addOffsite(program, line, emit);
    case 'offsite-edit':
      return await editOffsite(program, line, emit);
    case 'offsite-remove':
      return await removeOffsite(program, line.name, emit);
    case 'offsite-status':
      return await tellOffsite(program, line.names, emit);
    case 'offsite-run':
      return await runOffsite(program, line, {...listening, runTarget});
    case 'offsite-verify':
      return await verifyOffsite(program, {...line, part: line.part ?? undefined}, listening);
    case 'doctor':
      return await runDoctor(program, emit);
    default:
      return unreachable(line);
  }
}

/** Runs with what was typed, the preset that it names and the settings. */
async function withPreset(
  {settings}: Program,
  typed: TypedOptions,
  emit: Emit,
  run: (options: OffloadOptions) => Promise<RunEnd>,
): Promise<RunEnd> {
  const chosen = choosePreset(typed, settings);
  if (chosen.ok) return await run(applySettings(typed, chosen.value));
  emit({type: 'refused', ...chosen.cause});
  return {outcome: 'refused', exitCode: 2};
}

/** What is wrong in the settings file is left out and said; it never stops an offload. */
function tellSettings({settings}: Program, emit: Emit): void {
  for (const problem of settings.problems) emit({type: 'noticed', level: 'warning', ...problem});
}
