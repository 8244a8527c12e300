/** The terminal UI's session without its screen: real keys, real states, and temporary folders that are plugged in and pulled out by the test. */
import {getEventListeners} from 'node:events';
import {basename, join} from 'node:path';
import {setTimeout as sleepFor} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {type OpenCatalogOptions, openCatalog} from '../../../src/catalog/open-catalog.ts';
import type {RunEnd} from '../../../src/commands/offload.ts';
import type {Program} from '../../../src/commands/program.ts';
import type {Desk} from '../../../src/commands/session/desk.ts';
import {runSession, type SessionOptions} from '../../../src/commands/session/session.ts';
import {ok} from '../../../src/core/cause.ts';
import type {Volume} from '../../../src/core/drive.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import type {Effect} from '../../../src/core/session/effects.ts';
import {evolveSession} from '../../../src/core/session/evolve-session.ts';
import {pressKey} from '../../../src/core/session/press-key.ts';
import type {SessionEvent} from '../../../src/core/session/session-events.ts';
import {initialSessionState, type SessionState} from '../../../src/core/session/session-state.ts';
import {createSessionStore} from '../../../src/output/session-store.ts';
import type {Files} from '../../../src/system/files.ts';
import {
  type Call,
  type Closable,
  interceptCalls,
  tracksHandles,
} from '../../helpers/faulty-files.ts';
import {pluggedVolumes} from '../../helpers/plugged-volumes.ts';
import {
  DEFAULT_OPTIONS,
  makeTrial,
  runningPids,
  SMALL_CARD,
  type Tree,
  type Trial,
  testFiles,
  testProgram,
} from '../../helpers/run-offload.ts';
import {keyOf} from '../../helpers/session-states.ts';
import {markDrive} from '../watch/watch-run.ts';

export interface SessionSetting {
  readonly files?: Files;
  readonly program?: Partial<Program>;
  readonly offload?: Partial<SessionOptions['offload']>;
  /** As with `--to`. */
  readonly to?: readonly string[];
  readonly stop?: AbortController;
  readonly onEvent?: (event: OffloadEvent) => void;
  /** Files that a run which breaks leaves to the end of the process. */
  readonly mayStayOpen?: (path: string) => boolean;
}

export interface SessionTrial {
  readonly plug: (folder: string, change?: Partial<Volume>) => void;
  readonly pull: (folder: string) => void;
  /** Keys by their names, or typed characters. */
  readonly press: (...keys: readonly string[]) => void;
  /** What a key would ask for, without the key. */
  readonly carryOut: (effect: Effect) => void;
  readonly state: () => SessionState;
  /** Everything that the screen was told. */
  readonly told: readonly SessionEvent[];
  /** What the runs emitted. */
  readonly emitted: readonly OffloadEvent[];
  /** Mount points of cards that were asked to go. */
  readonly ejected: readonly string[];
  readonly waitFor: (what: (state: SessionState) => boolean) => Promise<void>;
  readonly stop: AbortController;
  readonly done: Promise<RunEnd>;
  /** Rejects when the watch for volumes did. */
  readonly watching: () => Promise<void>;
}

/** Starts a session; at the end of the test it must have left nothing behind. */
export function startSession(t: ExecutionContext, setting: SessionSetting = {}): SessionTrial {
  const stop = setting.stop ?? new AbortController();
  const {describeVolume, listVolumes, watchVolumes, plug, pull} = pluggedVolumes();
  const open = new Map<Closable, string>();
  const told: SessionEvent[] = [];
  const emitted: OffloadEvent[] = [];
  const ejected: string[] = [];
  const late: string[] = [];
  let holds = 0;
  let isOver = false;
  let watching = Promise.resolve();
  const program = testProgram(
    {
      cards: [],
      to: [],
      program: {
        describeVolume,
        listVolumes,
        watchVolumes(listening) {
          watching = watchVolumes(listening);
          return watching;
        },
        async ejectVolume({mountPoint}) {
          ejected.push(mountPoint);
          return ok('safe-to-pull');
        },
        keepAwake() {
          holds += 1;
          return {
            state: Promise.resolve({type: 'held'}),
            release: async () => {
              holds -= 1;
            },
          };
        },
        ...setting.program,
      },
    },
    tracksHandles(setting.files ?? testFiles, open),
  );
  const store = createSessionStore({
    now: () => performance.now(),
    evolve: evolveSession,
    press: pressKey,
    initial: {...initialSessionState, shoot: 'Shoot'},
  });
  let tellEffect: (effect: Effect) => void = () => {};
  const desk: Desk = {
    dispatch(event) {
      if (isOver) late.push(event.type);
      told.push(event);
      store.dispatch(event);
    },
    getSnapshot: store.getSnapshot,
    onEffect(listener) {
      tellEffect = listener;
    },
  };
  const done = runSession(
    program,
    {destinations: setting.to ?? [], offload: {...DEFAULT_OPTIONS, ...setting.offload}},
    {
      signal: stop.signal,
      desk,
      emit(event) {
        if (isOver) late.push(event.type);
        emitted.push(event);
        setting.onEvent?.(event);
      },
    },
  ).finally(() => {
    isOver = true;
    runningPids.delete(program.self.pid);
  });
  done.catch(() => {});
  t.teardown(async () => {
    stop.abort();
    // Who waits for the end hears of its fault.
    await done.catch(() => {});
    await watching.catch(() => {});
    // A look that was going on ends by itself.
    const endMs = performance.now() + 5000;
    const leaks = () => [...open.values()].filter((path) => setting.mayStayOpen?.(path) !== true);
    while (leaks().length > 0 && performance.now() < endMs) await sleepFor(3);
    const listeners = getEventListeners(stop.signal, 'abort').length;
    if (holds > 0) throw new Error('the computer is kept awake');
    if (leaks().length > 0) throw new Error(`left open: ${leaks().join(', ')}`);
    if (listeners > 0) throw new Error(`${listeners} listeners are left on the signal`);
    if (late.length > 0) throw new Error(`told after the end: ${late.join(', ')}`);
  });
  return {
    told,
    emitted,
    ejected,
    stop,
    done,
    state: store.getSnapshot,
    watching: () => watching,
    plug,
    pull,
    press(...keys) {
      for (const key of keys) for (const effect of store.press(keyOf(key))) tellEffect(effect);
    },
    carryOut: (effect) => tellEffect(effect),
    async waitFor(what) {
      const endMs = performance.now() + 20_000;
      let ends = false;
      const end = done.finally(() => {
        ends = true;
      });
      while (!what(store.getSnapshot())) {
        if (performance.now() > endMs || ends) {
          const {screen, notices, cards, drives} = store.getSnapshot();
          const seen = JSON.stringify({screen, notices, cards, drives}, writeBig, 1);
          throw new Error(`waited in vain: ${seen}`);
        }
        await Promise.race([sleepFor(3), end]);
      }
    },
  };
}

const writeBig = (_name: string, value: unknown) =>
  typeof value === 'bigint' ? String(value) : value;

/** A card, a working drive and a backup. */
export async function makeReadyTrial(t: ExecutionContext, tree?: Tree): Promise<Trial> {
  const trial = await makeTrial(t, tree);
  await markDrive(trial.w, 'working');
  await markDrive(trial.b, 'backup');
  return trial;
}

/** What a card has of its own, so that it is known again wherever it is mounted. */
export const cardIds = {label: 'EOS', uuid: '7BE3-BF62', removable: true} as const;

export const labelled = (label: string) => ({...cardIds, label, uuid: `id of ${label}`});

/** Plugs everything in, one card after the other, and waits until the ready screen says all of it. */
export async function plugAll(
  run: SessionTrial,
  {w, b}: Trial,
  ...cards: readonly string[]
): Promise<void> {
  run.plug(w);
  run.plug(b);
  await run.waitFor(isReady(0, 2));
  for (const [index, card] of cards.entries()) {
    run.plug(card, labelled(basename(card)));
    await run.waitFor(isReady(index + 1, 2));
  }
}

export const isReady =
  (cards: number, drives: number) =>
  (state: SessionState): boolean =>
    state.looked &&
    state.cards.length === cards &&
    state.drives.length === drives &&
    state.cards.every(
      ({history, survey, problem}) => problem !== null || (survey !== null && history !== null),
    );

export const onScreen = (screen: SessionState['screen']) => (state: SessionState) =>
  state.screen === screen;

/** @returns for the cards of the run on the screen whether they are safe, in the order of the run. */
export function verdictsOf({run}: SessionState): readonly (boolean | null)[] {
  return (run?.cards ?? []).map(
    (path) => run?.state.cards.find(({card}) => card.path === path)?.verdict?.safe ?? null,
  );
}

export const noticesOf = ({notices}: SessionState): readonly string[] =>
  notices.map(({code}) => code);

export const historiesOf = ({cards}: SessionState): readonly (string | undefined)[] =>
  cards.map(({history}) => history?.state);

/** A call that is held up until the test lets it go. */
export class Gate {
  readonly files: Files;
  readonly reached: Promise<void>;
  open: () => void = () => {};
  #reach: () => void = () => {};

  /** @param holds the first call that it names is held, and those that come meanwhile. */
  constructor(holds: (call: Call) => boolean, files: Files = testFiles) {
    const opened = new Promise<void>((resolve) => {
      this.open = resolve;
    });
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
    this.files = interceptCalls(files, async (call, proceed) => {
      if (holds(call)) {
        this.#reach();
        await opened;
      }
      return await proceed();
    });
  }
}

/** Reading the second block of a file: a look at a volume reads the first of any file. */
export const reads =
  (end: string) =>
  ({method, path, position = 0}: Call): boolean =>
    method === 'read' && path.endsWith(end) && position > 0;

/** A card with a file that a look at the volume does not come across. */
export const DEEP_CARD: Tree = {...SMALL_CARD, 'DCIM/100CANON/SUB/DEEP.MOV': 100};

/** Looking at that file, as a survey does. */
export const surveys = ({method, path}: Call): boolean =>
  method === 'look' && path.endsWith('DEEP.MOV');

/** A real catalog in the trial's folder, closed after the test. */
export function catalogIn(
  t: ExecutionContext,
  {folder}: Trial,
  options: Partial<OpenCatalogOptions> = {},
): Program['openCatalog'] {
  let opened: ReturnType<Program['openCatalog']> | undefined;
  t.teardown(async () => {
    const catalog = await opened;
    if (catalog?.ok) await catalog.value.close();
  });
  return () => {
    opened ??= openCatalog({path: join(folder, 'data', 'catalog.sqlite'), waitMs: 50, ...options});
    return opened;
  };
}
