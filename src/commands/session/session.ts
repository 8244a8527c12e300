/**
 * `offload` without cards: the terminal UI's session. It watches for cards and drives, does what keys ask for, and ends when the user
 * leaves. It draws nothing: everything goes through the desk as events, and comes back as effects.
 */
import PQueue from 'p-queue';
import type {Cause} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import type {Effect} from '../../core/session/effects.ts';
import {unreachable} from '../../core/unreachable.ts';
import type {OffloadOptions} from '../offload/options.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {Backups} from './backups.ts';
import {ComingBackups} from './coming-backups.ts';
import type {Desk} from './desk.ts';
import {ejectCard} from './eject-card.ts';
import {giveDriveRole} from './give-drive-role.ts';
import {Runs} from './runs.ts';
import {showPictures} from './show-pictures.ts';
import {showStatus} from './show-status.ts';
import {Surroundings} from './surroundings.ts';

export interface SessionOptions {
  /** Folders given with `--to`: they are the destinations then, the first is the working drive. Empty: the drives with roles. */
  readonly destinations: readonly string[];
  readonly offload: Omit<OffloadOptions, 'cards' | 'destinations' | 'shoot' | 'dryRun'>;
}

export interface SessionListening {
  /** Takes the events of all runs: for the plain words after leaving. */
  readonly emit: Emit;
  /** From outside: stop what runs, and leave. */
  readonly signal: AbortSignal;
  readonly desk: Desk;
}

interface Exit {
  readonly left: Promise<void>;
  readonly leave: () => void;
  readonly breakOff: (error: unknown) => void;
}

function makeExit(): Exit {
  let exit: Omit<Exit, 'left'> = {leave() {}, breakOff() {}};
  const left = new Promise<void>((resolve, reject) => {
    exit = {leave: resolve, breakOff: reject};
  });
  return {left, ...exit};
}

/** Cards that are looked at while others are copied must not slow them down. */
const LOOKS_AT_ONCE = 2;

/**
 * Runs until the user leaves.
 * @returns 0 when every card that was offloaded is safe (or none was), 1 when one is not, 130 when the last run was stopped. `run-ended` is left to the caller.
 * @throws what broke an invariant in a run, once everything else is stopped.
 */
export async function runSession(
  program: Program,
  options: SessionOptions,
  {emit, signal, desk: screen}: SessionListening,
): Promise<RunEnd> {
  const ending = new AbortController();
  const desk = closeAtEnd(screen, ending.signal);
  const looks = new PQueue({concurrency: LOOKS_AT_ONCE});
  const roles = new PQueue({concurrency: 1});
  const {left, leave, breakOff} = makeExit();
  const backups = new Backups({program, desk, emit, signal: ending.signal});
  const coming = new ComingBackups({program, desk, backups, signal: ending.signal});
  const surroundings = new Surroundings({
    program,
    desk,
    looks,
    signal: ending.signal,
    onDrives: () => {
      backups.ask().catch(breakOff);
      coming.look().catch(breakOff);
    },
  });
  const runs = new Runs({program, options, desk, emit, surroundings, breakOff});
  let pictures = new AbortController();
  let shoots = new AbortController();
  let isLeaving = false;

  const carryOut = async (effect: Effect): Promise<void> => {
    switch (effect.type) {
      case 'start':
        pictures.abort();
        return await runs.start(effect.cards, effect.shoot);
      case 'stop':
        isLeaving = effect.leaves;
        runs.stop('key');
        await runs.settled();
        return effect.leaves ? leave() : undefined;
      case 'eject':
        return await ejectCard({program, desk}, effect.card);
      case 'give-role': {
        const {drive, role} = effect;
        // Two keys one after the other: the second finds what the first has written.
        return await roles.add(() => giveDriveRole({program, desk, surroundings}, drive, role));
      }
      case 'make-thumbnails':
        pictures.abort();
        pictures = new AbortController();
        return await showPictures({program, desk, surroundings}, effect.card, pictures.signal);
      case 'stop-thumbnails':
        return pictures.abort();
      case 'ask-status':
        shoots.abort();
        shoots = new AbortController();
        return await showStatus({program, desk}, shoots.signal);
      case 'stop-status':
        return shoots.abort();
      case 'ask-jobs':
        return await backups.ask();
      case 'run-job':
        return await backups.run(effect.job, effect.deletions);
      case 'preview-job':
        return await backups.preview(effect.job);
      case 'stop-job':
        isLeaving = effect.leaves;
        backups.stop('key');
        await backups.settled();
        return effect.leaves ? leave() : undefined;
      case 'put-job-aside':
        return coming.putAside();
      case 'leave':
        isLeaving = true;
        return leave();
      case 'leave-at-once':
        // Nothing here could wait for: who gives the keys ends the process.
        return;
      default:
        return unreachable(effect);
    }
  };
  screen.onEffect((effect) => {
    // Keys that were typed behind the last one start nothing any more.
    if (!isLeaving) carryOut(effect).catch(breakOff);
  });

  const stopFromOutside = () => {
    isLeaving = true;
    runs.stop('SIGTERM');
    backups.stop('SIGTERM');
    Promise.all([runs.settled(), backups.settled()]).then(leave, breakOff);
  };
  if (signal.aborted) stopFromOutside();
  else signal.addEventListener('abort', stopFromOutside, {once: true});
  const problem = joinProblems(program.settings.problems);
  if (problem !== undefined) desk.dispatch({type: 'told', cause: problem});
  try {
    surroundings.watch(options).catch(breakOff);
    await left;
    return runs.end();
  } finally {
    isLeaving = true;
    signal.removeEventListener('abort', stopFromOutside);
    ending.abort();
    pictures.abort();
    shoots.abort();
    await Promise.all([runs.abandon(), backups.abandon()]);
  }
}

/** A look at a drive that hangs is not waited for; what it finds in the end is told to nobody. */
function closeAtEnd(desk: Desk, ended: AbortSignal): Desk {
  return {
    dispatch(event) {
      if (!ended.aborted) desk.dispatch(event);
    },
    getSnapshot: () => desk.getSnapshot(),
    onEffect: (listener) => desk.onEffect(listener),
  };
}

/** One sentence for all that is wrong in the settings: a screen has room for few. */
function joinProblems([first, ...others]: readonly Cause[]): Cause | undefined {
  if (first === undefined || others.length === 0) return first;
  const messages = [first, ...others].map(({message}) => message);
  return {...first, message: messages.join('; '), next: 'Correct the file.'};
}
