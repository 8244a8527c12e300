/** Random sequences of events and keys, with a controller as simple as the real one: what must hold at every moment. */
import test from 'ava';
import fc from 'fast-check';
import {letterOf} from '../../../src/core/card-state.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import {fitsLimits} from '../../../src/core/name-length.ts';
import {PORTABLE_RULES} from '../../../src/core/safe-names.ts';
import {isBackingUp} from '../../../src/core/session/backup-run.ts';
import type {Effect} from '../../../src/core/session/effects.ts';
import {chooseDestinations, evolveSession} from '../../../src/core/session/evolve-session.ts';
import type {KeyPress} from '../../../src/core/session/key-press.ts';
import {placeOf, pressKey} from '../../../src/core/session/press-key.ts';
import type {SessionEvent} from '../../../src/core/session/session-events.ts';
import {isRunning, safeCards} from '../../../src/core/session/session-run.ts';
import {initialSessionState, type SessionState} from '../../../src/core/session/session-state.ts';
import {fileFailed, progress, verdict} from '../../helpers/run-events.ts';
import {
  awayJob,
  backupFinished,
  backupProgress,
  backupStep,
  failedStep,
  listed,
  overdueJob,
  shootStatus,
  told,
  waitingJob,
} from '../../helpers/session-jobs.ts';
import {arrived, cardSurvey, keyOf, seenDrive, sessionCard} from '../../helpers/session-states.ts';

/** What happens in the world or at the keyboard; `card` and `drive` are places where one can be mounted. */
type Step =
  | {readonly do: 'key'; readonly press: KeyPress}
  | {readonly do: 'event'; readonly event: SessionEvent}
  | {readonly do: 'judge'; readonly card: string; readonly safe: boolean}
  | {readonly do: 'begin' | 'swap'; readonly card: string}
  | {readonly do: 'end'; readonly outcome: 'complete' | 'incomplete' | 'refused' | 'crashed'}
  /** The controller looks at the queue. */
  | {readonly do: 'chain'}
  /** A backup tells what it does. */
  | {readonly do: 'back-up'; readonly event: OffloadEvent};

/** Which card (by the number of its arrival) is where, and which one the engine works on or judged. */
interface World {
  state: SessionState;
  arrivals: number;
  readonly there: Map<string, number>;
  readonly running: Map<string, number | undefined>;
  readonly judged: Map<string, number | undefined>;
}

const CARDS = ['/mnt/E', '/mnt/F', '/mnt/G'];
const DRIVES = ['/mnt/W', '/mnt/B', '/mnt/X'];
const AT_MS = 1000;

const card = fc.constantFrom(...CARDS);
const drive = fc.constantFrom(...DRIVES);
const cause = fc
  .constantFrom('a', 'b', 'c', 'd')
  .map((code) => ({code, message: `${code} happened`, next: 'Look.'}));

const named = [
  ...['enter', 'enter', 'enter', 'escape', 'up', 'down', 'left', 'right', 'tab', 'backspace'],
  ...['delete', 'home', 'end', 'page-up', 'page-down', 'ctrl-c'],
  ...'aswbe? jkqrlyntup',
];
const key = fc.oneof(
  {weight: 5, arbitrary: fc.constantFrom(...named).map(keyOf)},
  {
    weight: 1,
    arbitrary: fc
      .oneof(fc.string({unit: 'binary', maxLength: 300}), fc.string({unit: 'grapheme'}))
      .map((text): KeyPress => ({key: 'text', text})),
  },
);

const history = fc.constantFrom(
  {state: 'new'} as const,
  {state: 'safe', at: '2026-11-23T10:00:00Z', shoot: 'x'} as const,
  {state: 'not-safe', at: '2026-11-23T10:00:00Z', shoot: 'x'} as const,
);

const worldEvent = fc.oneof(
  fc.record({
    type: fc.constant('card-surveyed' as const),
    path: card,
    survey: fc.constant(cardSurvey()),
  }),
  fc.record({type: fc.constant('card-unreadable' as const), path: card, problem: cause}),
  fc.record({type: fc.constant('card-remembered' as const), path: card, history}),
  fc.record({type: fc.constant('card-ejected' as const), path: card}),
  fc.record({type: fc.constant('eject-failed' as const), path: card, cause}),
  fc.record({type: fc.constant('volume-left' as const), path: fc.oneof(card, drive)}),
  fc.constant({type: 'looked'} as const),
  fc.record({
    type: fc.constant('shoots-remembered' as const),
    names: fc.array(fc.constantFrom('2026-11-23 Jan', '写真', 'Ole', ''), {maxLength: 8}),
  }),
  fc.record({
    type: fc.constant('thumbnail-made' as const),
    card,
    thumbnail: fc.constant({path: 'A.JPG', width: 1, height: 1, pixels: [0]}),
  }),
  fc.record({type: fc.constant('thumbnails-complete' as const), card}),
  fc.record({type: fc.constant('told' as const), cause}),
  fc.constant({type: 'status-shoot' as const, shoot: shootStatus()}),
  fc.record({type: fc.constant('status-warned' as const), cause}),
  fc.record({type: fc.constant('status-complete' as const), problem: fc.option(cause)}),
  fc.constantFrom(
    listed(overdueJob, waitingJob, awayJob),
    listed(waitingJob),
    listed(awayJob, overdueJob),
    listed(),
  ),
  fc
    .record({path: drive, role: fc.constantFrom('working', 'working', 'backup', 'off-site', null)})
    .map((change) => ({type: 'drive-seen' as const, drive: seenDrive(change)})),
  fc
    .oneof(
      card.map((path) => progress({card: {path, label: path}})),
      card.map((path) => fileFailed({card: {path, label: path}})),
      cause.map((one) => ({type: 'noticed' as const, level: 'info' as const, ...one})),
      fc.constant({type: 'cancel-requested' as const, by: 'SIGTERM' as const}),
    )
    .map((event) => ({type: 'run-event' as const, event})),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {weight: 10, arbitrary: key.map((press): Step => ({do: 'key', press}))},
  {weight: 5, arbitrary: worldEvent.map((event): Step => ({do: 'event', event}))},
  {weight: 3, arbitrary: fc.record({do: fc.constantFrom('begin', 'swap'), card})},
  {weight: 3, arbitrary: fc.record({do: fc.constant('judge'), card, safe: fc.boolean()})},
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('end'),
      outcome: fc.constantFrom('complete', 'complete', 'incomplete', 'refused', 'crashed'),
    }),
  },
  {weight: 2, arbitrary: fc.constant({do: 'chain'})},
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<OffloadEvent>(
        backupProgress(),
        backupStep({state: 'planned'}),
        failedStep,
        backupFinished({result: 'waiting', held: 7}),
        {type: 'cancel-requested', by: 'key'},
        {type: 'run-ended', outcome: 'complete', exitCode: 1},
      )
      .map((event): Step => ({do: 'back-up', event})),
  },
);

/** Most of the time there are drives to copy to and cards to copy. */
const opening: readonly Step[] = [
  ...CARDS.slice(0, 2).map((path): Step => ({do: 'begin', card: path})),
  ...(['working', 'backup'] as const).map(
    (role, index): Step => ({
      do: 'event',
      event: {type: 'drive-seen', drive: seenDrive({path: DRIVES[index] ?? '', role})},
    }),
  ),
];

/** Ways that blind typing seldom finds. */
const ways: readonly (readonly string[])[] = [
  ['ctrl-c', 'ctrl-c', 'ctrl-c'],
  ['q', 'y', 'q'],
  ['q', 'y', 'enter'],
  ['s', 'x', 'enter'],
  [' ', 'right', ' '],
  ['t', 'down', 'escape'],
];
const way = fc
  .constantFrom(...ways)
  .map((names) => names.map((name): Step => ({do: 'key', press: keyOf(name)})));
/** A job with held deletions, to the question and further. */
const accept = fc
  .constantFrom<readonly (string | SessionEvent)[]>(
    ['n'],
    ['a'],
    ['ctrl-c'],
    ['y'],
    [listed(waitingJob), 'a'],
  )
  .map((rest) =>
    [
      'escape',
      'escape',
      listed(overdueJob),
      'u',
      'enter',
      told(backupFinished({result: 'waiting', held: 7})),
      told({type: 'run-ended', outcome: 'complete', exitCode: 1}),
      'y',
      ...rest,
    ].map(
      (one): Step =>
        typeof one === 'string' ? {do: 'key', press: keyOf(one)} : {do: 'event', event: one},
    ),
  );
const someSteps = fc.oneof(
  {weight: 1, arbitrary: accept},
  {weight: 12, arbitrary: step.map((one) => [one])},
  {weight: 1, arbitrary: way},
);
const steps = fc
  .tuple(fc.constantFrom(opening, []), fc.array(someSteps, {maxLength: 80, size: 'max'}))
  .map(([first, rest]) => [...first, ...rest.flat()]);

function take(world: World, one: Step): readonly Effect[] {
  const tell = (event: SessionEvent) => {
    world.state = evolveSession(world.state, event, AT_MS);
  };
  const {state} = world;
  switch (one.do) {
    case 'key': {
      const before = world.state;
      const {state: after, effects} = pressKey(before, one.press, AT_MS);
      world.state = after;
      for (const effect of effects) {
        if (effect.type === 'start') note(world, effect.cards);
        if (effect.type === 'stop' && isRunning(after.run)) {
          tell({type: 'run-event', event: {type: 'cancel-requested', by: 'key'}});
        }
      }
      return effects;
    }
    case 'event':
      if (one.event.type === 'volume-left') world.there.delete(one.event.path);
      tell(one.event);
      return [];
    case 'back-up':
      tell({type: 'backup-event', event: one.event});
      return [];
    // A card comes; with `swap` nobody saw the one before go.
    case 'begin':
    case 'swap':
      if (one.do === 'begin') tell({type: 'volume-left', path: one.card});
      world.arrivals += 1;
      world.there.set(one.card, world.arrivals);
      tell(arrived(sessionCard({path: one.card, label: `card ${world.arrivals}`})));
      return [];
    case 'judge':
      if (!isRunning(state.run) || !world.running.has(one.card)) return [];
      world.judged.set(one.card, world.running.get(one.card));
      tell({
        type: 'run-event',
        event: verdict({card: {path: one.card, label: one.card}, safe: one.safe}),
      });
      return [];
    case 'end': {
      if (!isRunning(state.run)) return [];
      const cancelled = state.run?.state.cancelRequested !== null;
      const outcome = cancelled ? 'cancelled' : one.outcome;
      tell({type: 'run-event', event: {type: 'run-ended', outcome, exitCode: 1}});
      return [];
    }
    case 'chain': {
      if (state.run === null || isRunning(state.run) || state.queue.length === 0) return [];
      note(world, state.queue);
      tell({type: 'run-started', cards: state.queue});
      return [];
    }
  }
}

function note({running, judged, there}: World, cards: readonly string[]): void {
  running.clear();
  for (const path of cards) {
    running.set(path, there.get(path));
    judged.delete(path);
  }
}

function check(t: Pick<Checks, 'must'>, before: SessionState, world: World): void {
  const {state} = world;
  const {cards, drives, run, queue, overlay, screen} = state;
  const paths = cards.map(({path}) => path);
  const {must} = t;
  must(new Set(paths).size === paths.length, 'a card stands twice');
  must(
    paths.length === 0 ? state.selectedCard === null : paths.includes(state.selectedCard ?? ''),
    'the selected card exists',
  );
  must(
    drives.length === 0
      ? state.selectedDrive === null && state.focus === 'cards'
      : drives.some(({path}) => path === state.selectedDrive),
    'the selected drive exists',
  );
  must(overlay?.type !== 'pictures' || paths.includes(overlay.card), 'pictures of a card');
  must(overlay?.type !== 'confirm-stop' || screen === 'working', 'asks to stop what runs');
  must(state.notices.length <= 3, 'three notices');
  must(!isBackingUp(state.backup) || !isRunning(run), 'cards and a backup at the same time');
  if (overlay?.type === 'status') {
    must(overlay.selected <= Math.max(0, overlay.shoots.length - 1), 'the selected shoot exists');
  }
  if (overlay?.type === 'backups') {
    const {front} = overlay;
    must(overlay.selected <= Math.max(0, (state.jobs?.length ?? 0) - 1), 'the selected job exists');
    must(
      front?.type !== 'confirm-backup-stop' || isBackingUp(state.backup),
      'asks to stop a backup that runs',
    );
    must(
      front?.type !== 'confirm-deletions' || front.targets.every(({held}) => held > 0),
      'asks about deletions that there are',
    );
  }
  must(state.scroll >= 0, 'scroll');
  must(new Set(queue).size === queue.length, 'queued once');
  for (const path of queue) {
    must(paths.includes(path), 'a queued card exists');
    must(!run?.cards.includes(path) || run.gone.has(path), 'a queued card is not in the run');
  }
  must((screen === 'ready') === (run === null), 'a run is on the screen');
  must(screen !== 'verdict' || !isRunning(run), 'verdicts at the end');
  must(screen !== 'working' || isRunning(run) || queue.length > 0, 'something works or waits');
  must(screen !== 'verdict' || queue.length === 0, 'nothing waits at the end');
  must(!isRunning(before.run) || run !== null, 'no run leaves the screen while it goes on');
  const letters = drives.map(({letter}) => letter).filter((letter) => letter !== null);
  must(
    letters.every((letter, index) => letter === letterOf(index)) &&
      letters.length === chooseDestinations(drives).length,
    'letters in the order of the lanes',
  );
  if (overlay?.type === 'shoot') {
    const {text, at, suggestions, chosen} = overlay;
    must(at >= 0 && at <= [...text].length, 'the cursor is in the text');
    must(chosen === null || suggestions[chosen] !== undefined, 'the choice exists');
    must(!/\p{Cc}|\p{Cs}/u.test(text) && fitsLimits(text, PORTABLE_RULES), 'a possible name');
  }
  if (run === null) return;
  for (const path of paths) {
    const judged = run.state.cards.find((one) => one.card.path === path)?.verdict ?? null;
    if (judged === null || run.gone.has(path)) continue;
    must(world.judged.get(path) === world.there.get(path), 'a verdict of an earlier card');
  }
}

function checkEffects(
  {must}: Pick<Checks, 'must'>,
  before: SessionState,
  {state, judged, there}: World,
  effects: readonly Effect[],
): void {
  const find = (path: string) => before.cards.find((one) => one.path === path);
  for (const effect of effects) {
    switch (effect.type) {
      case 'start':
        must(!isRunning(before.run) && isRunning(state.run), 'one run at a time');
        must(state.screen === 'working', 'shows what it started');
        must(chooseDestinations(before.drives)[0]?.role === 'working', 'a working drive');
        must(effect.cards.length > 0 && new Set(effect.cards).size === effect.cards.length, 'once');
        must(
          effect.cards.every((path) => find(path)?.ejected === 'no'),
          'starts cards that are here',
        );
        if (before.run !== null) {
          const safe = safeCards(before.run);
          must(!effect.cards.some((path) => safe.includes(path)), 'retries no safe card');
          const {gone} = before.run;
          must(!effect.cards.some((path) => gone.has(path)), 'retries no other card');
        }
        break;
      case 'eject':
        must(!isRunning(before.run) && find(effect.card)?.ejected === 'no', 'ejects what is here');
        if (before.run !== null) {
          must(safeCards(before.run).includes(effect.card), 'ejects safe cards');
          must(judged.get(effect.card) === there.get(effect.card), 'ejects the card that is safe');
        }
        break;
      case 'leave':
        must(!isRunning(before.run), 'leaves when nothing runs');
        must(!isBackingUp(before.backup) || before.backup.preview, 'no backup is left running');
        break;
      case 'leave-at-once':
        must(
          (isRunning(before.run) && before.run?.state.cancelRequested !== null) ||
            before.backup?.stopping === true,
          'leaves at once when it was asked',
        );
        break;
      case 'run-job':
      case 'preview-job':
        must(!isBackingUp(before.backup) && !isRunning(before.run), 'one backup at a time');
        must(
          before.jobs?.some(({job, source}) => job === effect.job && source.connected) === true,
          'a job whose source is there',
        );
        if (effect.type === 'run-job' && effect.deletions.length > 0) {
          must(placeOf(before) === 'confirm-deletions', 'deletions after a question');
        }
        break;
      case 'stop-job':
        must(isBackingUp(before.backup), 'stops a backup that runs');
        break;
      case 'stop':
        must(before.overlay?.type === 'confirm-stop' && isRunning(before.run), 'stops what runs');
        break;
      case 'make-thumbnails':
        must(find(effect.card)?.ejected === 'no', 'pictures of a card that is here');
        break;
      case 'give-role':
        must(
          before.drives.some(({path}) => path === effect.drive),
          'a drive that is here',
        );
        break;
      case 'stop-thumbnails':
        must(before.overlay?.type === 'pictures', 'pictures were made');
        break;
    }
  }
}

interface Checks {
  readonly must: (holds: boolean, what: string) => void;
}

test('whatever happens and is pressed, the session stays in order', (t) => {
  const seen = new Set<string>();
  const checks: Checks = {
    must(holds, what) {
      if (!holds) throw new Error(`does not hold: ${what}`);
    },
  };
  fc.assert(
    fc.property(steps, (all) => {
      const world: World = {
        state: initialSessionState,
        arrivals: 0,
        there: new Map(),
        running: new Map(),
        judged: new Map(),
      };
      for (const one of all) {
        const before = world.state;
        const effects = take(world, one);
        check(checks, before, world);
        checkEffects(checks, before, world, effects);
        seen.add(placeOf(world.state));
        for (const {type} of effects) seen.add(type);
      }
    }),
    {numRuns: 1000, includeErrorInReport: true},
  );
  // Everything was reached, or the above proves little.
  t.deepEqual([...seen].sort(), [
    'ask-jobs',
    'ask-status',
    'backup-steps',
    'backups',
    'confirm-backup-stop',
    'confirm-deletions',
    'confirm-stop',
    'eject',
    'failures',
    'give-role',
    'help',
    'leave',
    'leave-at-once',
    'make-thumbnails',
    'pictures',
    'preview-job',
    'ready',
    'run-job',
    'shoot',
    'start',
    'status',
    'stop',
    'stop-job',
    'stop-status',
    'stop-thumbnails',
    'verdict',
    'working',
  ]);
});
