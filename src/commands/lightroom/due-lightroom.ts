/** What is due of the Lightroom jobs, for whoever asks every half a minute: silent and quick when nothing is. */
import type {OffloadEvent} from '../../core/events.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {runLightroom} from './run-lightroom.ts';

/** ms. Looking for drives starts a tool on some platforms; a drive that comes waits so long at the most. */
const LOOK_AGAIN_MS = 2 * 60_000;

interface Memory {
  readonly atMs: number;
  readonly end: RunEnd;
  /** What was told once is not told again by a process that runs for days. */
  readonly told: Set<string>;
}

const memories = new WeakMap<Program, Memory>();

/** @returns how the last look ended. */
export async function runDueLightroom(
  program: Program,
  {emit, signal}: Listening,
): Promise<RunEnd> {
  const atMs = program.clock.monotonic();
  const before = memories.get(program);
  if (before !== undefined && atMs - before.atMs < LOOK_AGAIN_MS) return before.end;
  const told = before?.told ?? new Set<string>();
  const tell = (event: OffloadEvent) => {
    if (!isOldNews(event, told)) emit(event);
  };
  const end = await runLightroom(program, {names: [], due: true}, {emit: tell, signal});
  memories.set(program, {atMs, end, told});
  return end;
}

/** Of what stays as it is until somebody does something. */
function isOldNews(event: OffloadEvent, told: Set<string>): boolean {
  if (event.type !== 'noticed' && event.type !== 'refused') return false;
  if (event.type === 'noticed' && !/^(?:lightroom|catalog)-/.test(event.code)) return false;
  const key = `${event.code} ${event.message}`;
  const isOld = told.has(key);
  told.add(key);
  return isOld;
}
