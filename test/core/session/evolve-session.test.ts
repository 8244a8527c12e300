import test from 'ava';
import type {Outcome} from '../../../src/core/events.ts';
import {chooseDestinations, evolveSession} from '../../../src/core/session/evolve-session.ts';
import type {SessionEvent} from '../../../src/core/session/session-events.ts';
import {safeCards} from '../../../src/core/session/session-run.ts';
import {initialSessionState, type SessionState} from '../../../src/core/session/session-state.ts';
import {eos, nikon, planned} from '../../helpers/run-events.ts';
import {
  arrived,
  backupDrive,
  cardSurvey,
  codesOf,
  ended,
  eosCard,
  judged,
  left,
  nikonCard,
  play,
  run,
  seenDrive,
  sessionCard,
  sessionDrive,
  sessionState,
  third,
  workingDrive,
} from '../../helpers/session-states.ts';

const {path} = eos;
const endedAs = (outcome: Outcome): SessionEvent => run({type: 'run-ended', outcome, exitCode: 1});
const trouble = (code: string) => ({code, message: `${code} happened`, next: 'Look.'});
const pathsOf = (all: readonly {readonly path: string}[]) => all.map((one) => one.path);
/** Another card of the same label, in the same reader: mounted at the same place. */
const another = sessionCard({survey: null, history: null});

test('a card comes unknown, and is learned about step by step', (t) => {
  const {label, volume} = eosCard;
  const history = {state: 'more', count: 4, since: '2026-11-22T10:00:00Z'} as const;
  const seen = (...events: readonly SessionEvent[]) =>
    play(initialSessionState, [arrived(eosCard), ...events]).state.cards[0];
  const fresh = {survey: null, problem: null, history: null, ejected: 'no' as const};
  t.deepEqual(seen(), {path, label, volume, ...fresh});
  const problem = trouble('EIO');
  t.deepEqual(seen({type: 'card-unreadable', path, problem})?.problem, problem);
  const known = seen(
    {type: 'card-unreadable', path, problem},
    {type: 'card-surveyed', path, survey: cardSurvey()},
    {type: 'card-remembered', path, history},
  );
  t.deepEqual(known, {path, label, volume, ...fresh, survey: cardSurvey(), history});
});

test('what is said of a card or of pictures that are not there changes nothing', (t) => {
  const state = sessionState({cards: [nikonCard]});
  const thumbnail = {path: 'A.JPG', width: 1, height: 1, pixels: null};
  const events: readonly SessionEvent[] = [
    {type: 'card-surveyed', path, survey: cardSurvey()},
    {type: 'card-unreadable', path, problem: trouble('EIO')},
    {type: 'card-remembered', path, history: {state: 'new'}},
    {type: 'card-ejected', path},
    {type: 'volume-left', path},
    {type: 'thumbnail-made', card: nikon.path, thumbnail},
    {type: 'thumbnails-complete', card: nikon.path},
    {type: 'looked'},
    judged(),
    ended,
  ];
  for (const event of events) t.is(evolveSession(state, event, 0), state, event.type);
});

test('the selection stays where it was, and goes to the neighbour of what left', (t) => {
  const cards = [eosCard, nikonCard, third];
  const after = (selectedCard: string, ...gone: readonly string[]) =>
    play(sessionState({cards, selectedCard}), gone.map(left)).state.selectedCard;
  t.is(after(nikon.path, eos.path), nikon.path);
  t.is(after(nikon.path, nikon.path), third.path);
  t.is(after(third.path, third.path), nikon.path);
  t.is(after(eos.path, eos.path, nikon.path), third.path);
  t.is(after(eos.path, ...pathsOf(cards)), null);
  t.is(play(initialSessionState, [eosCard, nikonCard].map(arrived)).state.selectedCard, eos.path);
});

test('without drives the arrow keys move among the cards again', (t) => {
  const state = sessionState({focus: 'drives', selectedDrive: '/mnt/B'});
  const one = evolveSession(state, left('/mnt/B'), 0);
  t.like(one, {focus: 'drives', selectedDrive: '/mnt/W'});
  t.like(evolveSession(one, left('/mnt/W'), 0), {focus: 'cards', selectedDrive: null});
});

test('drives stand in the order of an offload, with the letters of its lanes', (t) => {
  const seen = ([at, role]: readonly [string, 'working' | 'backup' | 'off-site' | null]) =>
    ({type: 'drive-seen', drive: seenDrive({path: at, role})}) as const;
  const state = play(
    initialSessionState,
    (
      [
        ['/none', null],
        ['/away', 'off-site'],
        ['/b1', 'backup'],
        ['/w', 'working'],
        ['/b2', 'backup'],
      ] as const
    ).map(seen),
  ).state;
  const rows = ({drives}: SessionState) => drives.map((one) => [one.letter, one.path]);
  t.deepEqual(rows(state), [
    ['W', '/w'],
    ['B', '/b1'],
    ['B2', '/b2'],
    [null, '/away'],
    [null, '/none'],
  ]);
  t.deepEqual(pathsOf(chooseDestinations(state.drives)), ['/w', '/b1', '/b2']);
  t.is(state.selectedDrive, '/none');

  // The lanes of a run get the same letters.
  const destinations = chooseDestinations(state.drives).map(({path: to, name}) => {
    return {to, shoot: `${to}/x`, volume: to, name, mediumRead: 'direct' as const};
  });
  const lanes = play(sessionState({drives: state.drives}), ['enter', run(planned({destinations}))])
    .state.run?.state.cards[0]?.lanes;
  t.deepEqual(
    lanes?.map(({letter, to}) => [letter, to]),
    rows(state).slice(0, 3),
  );

  const without = evolveSession(state, left('/w'), 0);
  t.deepEqual(rows(without), [
    [null, '/b1'],
    [null, '/b2'],
    [null, '/away'],
    [null, '/none'],
  ]);
  t.deepEqual(chooseDestinations(without.drives), []);
  t.deepEqual(rows(evolveSession(without, seen(['/b2', 'working']), 0)).slice(0, 2), [
    ['W', '/b2'],
    ['B', '/b1'],
  ]);
});

test('a drive that is looked at again keeps its place', (t) => {
  const twin = sessionDrive({path: '/mnt/B2', role: 'backup', letter: 'B2'});
  const state = sessionState({drives: [workingDrive, backupDrive, twin]});
  const drive = seenDrive({path: '/mnt/B', name: 'LaCie Rugged', role: 'backup', free: 5});
  const {drives} = evolveSession(state, {type: 'drive-seen', drive}, 0);
  t.deepEqual(drives, [workingDrive, {...backupDrive, free: 5}, twin]);
});

test('a drive that leaves while its role is set takes the selection with it, and trouble is told', (t) => {
  const {state, effects} = play(sessionState({selectedDrive: '/mnt/B'}), [
    'b',
    left('/mnt/B'),
    {type: 'told', cause: trouble('ENOENT')},
  ]);
  t.deepEqual(effects, [{type: 'give-role', drive: '/mnt/B', role: null}]);
  t.deepEqual(state.drives, [workingDrive]);
  t.like(state, {selectedDrive: '/mnt/W', focus: 'drives'});
  t.deepEqual(codesOf(state), ['ENOENT']);
});

test('a card that becomes a drive or comes where a drive was is one thing only', (t) => {
  const state = evolveSession(sessionState(), arrived(sessionCard({path: '/mnt/B'})), 0);
  t.deepEqual(pathsOf(state.drives), ['/mnt/W']);
  t.deepEqual(pathsOf(state.cards), [eos.path, nikon.path, '/mnt/B']);
});

test('the same sentence is told once, and the newest three stay', (t) => {
  const tell = (...causes: readonly ReturnType<typeof trouble>[]) =>
    play(
      sessionState(),
      causes.map((cause) => ({type: 'told', cause})),
    ).state;
  t.deepEqual(codesOf(tell(...['a', 'b', 'c', 'd'].map(trouble))), ['b', 'c', 'd']);
  t.deepEqual(codesOf(tell(...['a', 'b', 'a'].map(trouble))), ['b', 'a']);
  const elsewhere = {...trouble('a'), path: '/mnt/F'};
  t.is(tell(trouble('a'), elsewhere, {...trouble('a'), message: 'other'}).notices.length, 3);
});

test('what a run notices is told with the card or drive that it is about', (t) => {
  const {state} = play(sessionState(), [
    'enter',
    run({type: 'noticed', level: 'info', ...trouble('a')}),
    run({type: 'noticed', level: 'warning', ...trouble('b'), path: '/mnt/B'}),
    run({type: 'noticed', level: 'info', ...trouble('a')}),
  ]);
  t.deepEqual(state.notices, [{...trouble('b'), path: '/mnt/B'}, trouble('a')]);
});

test('pictures come to the strip of their own card, and go with the card', (t) => {
  const picture = (card: string, name: string): SessionEvent => ({
    type: 'thumbnail-made',
    card,
    thumbnail: {path: name, width: 1, height: 1, pixels: [0xffffff]},
  });
  const open = play(sessionState(), [
    ' ',
    picture(eos.path, 'A.JPG'),
    picture(nikon.path, 'B.JPG'),
    picture(eos.path, 'C.JPG'),
    {type: 'thumbnails-complete', card: nikon.path},
  ]).state;
  t.is(open.overlay?.type, 'pictures');
  if (open.overlay?.type !== 'pictures') return;
  t.deepEqual(pathsOf(open.overlay.thumbnails), ['A.JPG', 'C.JPG']);
  t.false(open.overlay.complete);
  t.like(evolveSession(open, {type: 'thumbnails-complete', card: eos.path}, 0).overlay, {
    complete: true,
  });
  t.is(evolveSession(open, left(eos.path), 0).overlay, null);
  t.is(evolveSession(open, left(nikon.path), 0).overlay, open.overlay);
  t.is(evolveSession(open, arrived(another), 0).overlay, null);
});

test('a card that is asked to go says how it went', (t) => {
  const asked = play(sessionState({cards: [eosCard]}), ['e']);
  t.deepEqual(asked.effects, [{type: 'eject', card: path}]);
  t.is(asked.state.cards[0]?.ejected, 'asked');
  const answer: SessionEvent = {type: 'card-ejected', path};
  const failure: SessionEvent = {type: 'eject-failed', path, cause: trouble('EBUSY')};
  t.is(evolveSession(asked.state, answer, 0).cards[0]?.ejected, 'yes');
  const failed = evolveSession(asked.state, failure, 0);
  t.is(failed.cards[0]?.ejected, 'no');
  t.deepEqual(codesOf(failed), ['EBUSY']);
  // With --eject nobody asked.
  t.is(evolveSession(sessionState(), answer, 0).cards[0]?.ejected, 'yes');
  t.is(play(asked.state, [arrived(another)]).state.cards[0]?.ejected, 'no');
  t.deepEqual(codesOf(play(asked.state, [left(path), failure]).state), ['EBUSY']);
});

test('a card pulled out on the ready screen is gone, whatever was open', (t) => {
  for (const keys of [[], ['?'], ['s'], [' ']]) {
    const {state} = play(sessionState({cards: [eosCard]}), [...keys, left(path)]);
    t.deepEqual(state.cards, []);
    t.is(state.selectedCard, null);
    t.is(state.overlay?.type, {'?': 'help', s: 'shoot'}[keys[0] ?? ''] as undefined);
    t.deepEqual(play({...state, overlay: null}, ['enter', 'a', 'e', ' ']).effects, []);
  }
});

test('a card pulled out while it is copied is marked, and the run goes on', (t) => {
  const {state} = play(sessionState(), ['enter', left(path)]);
  t.is(state.screen, 'working');
  t.deepEqual([...(state.run?.gone ?? [])], [path]);
  t.deepEqual(state.run?.cards, [path]);
});

test('a card pulled out of the queue is not started', (t) => {
  const {state} = play(sessionState(), ['enter', 'enter', left(nikon.path)]);
  t.deepEqual(state.queue, []);
  t.deepEqual([...(state.run?.gone ?? [])], []);
});

test('another card where a queued one was is not started unasked', (t) => {
  const swapped = arrived(sessionCard({...nikon, label: 'OTHER'}));
  t.deepEqual(play(sessionState(), ['enter', 'enter', swapped]).state.queue, []);
});

test('on the verdict screen nothing can be done with another card in the place of a safe one', (t) => {
  for (const events of [[left(path), arrived(another)], [arrived(another)]]) {
    const {state, effects} = play(sessionState({cards: [eosCard]}), [
      'enter',
      judged(),
      ended,
      ...events,
      'e',
      'r',
    ]);
    t.deepEqual(
      effects.map(({type}) => type),
      ['start'],
    );
    t.deepEqual(codesOf(state), ['card-came', 'nothing-to-eject', 'nothing-to-retry']);
    t.true(state.run?.gone.has(path));
    t.is(state.selectedCard, path);
  }
});

test('the new card in the place of a safe one begins with no verdict, and ends without one when it is refused', (t) => {
  const {state} = play(sessionState(), [
    'a',
    judged(),
    left(path),
    arrived(another),
    'enter',
    judged(nikon),
    ended,
  ]);
  t.deepEqual(state.queue, [path]);
  t.deepEqual(codesOf(state), ['card-came']);
  const begun = evolveSession(state, {type: 'run-started', cards: [path]}, 2000);
  t.deepEqual(begun.queue, []);
  if (begun.run === null) return t.fail();
  t.deepEqual(safeCards(begun.run), [nikon.path]);
  t.deepEqual([...begun.run.verdictMs.keys()], [nikon.path]);
  t.deepEqual([...begun.run.gone], []);
  const refused = play(begun, [run({type: 'refused', ...trouble('full')}), endedAs('refused')]);
  t.is(refused.state.screen, 'verdict');
  t.deepEqual(refused.state.run && safeCards(refused.state.run), [nikon.path]);
});

test('a card that was pulled out and not safe is named when another takes its place on the screen', (t) => {
  const before = [left(path), arrived(another), 'enter', judged(nikon), ended] as const;
  const begin: SessionEvent = {type: 'run-started', cards: [path]};
  const notSafe = play(sessionState(), ['a', judged(eos, false), ...before, begin]).state;
  t.deepEqual(notSafe.notices.at(-1), {
    code: 'replaced-not-safe',
    message: 'EOS_DIGITAL, which was pulled out, is NOT SAFE',
    next: 'Do not format it: insert it again and offload it.',
  });
  t.deepEqual(codesOf(play(sessionState(), ['a', judged(), ...before, begin]).state), [
    'card-came',
  ]);
});

test('a queue goes on after a run, and keeps what was said of it', (t) => {
  const between = play(sessionState(), [
    'enter',
    'enter',
    judged(eos, false),
    run({type: 'noticed', level: 'warning', ...trouble('w')}),
    ended,
  ]).state;
  t.is(between.screen, 'working');
  t.deepEqual(between.queue, [nikon.path]);
  const {state} = play(between, [
    {type: 'run-started', cards: [nikon.path]},
    judged(nikon),
    endedAs('complete'),
  ]);
  t.is(state.screen, 'verdict');
  t.deepEqual(state.run?.cards, [eos.path, nikon.path]);
  t.deepEqual(
    state.run?.state.cards.map(({card, verdict: last}) => [card.path, last?.safe]),
    [
      [eos.path, false],
      [nikon.path, true],
    ],
  );
  t.deepEqual(codesOf(state), ['w']);
});

test('a run that was stopped, refused or crashed is not followed by the queue', (t) => {
  const end = (outcome: Outcome, ...before: readonly SessionEvent[]) =>
    play(sessionState(), ['enter', 'enter', ...before, endedAs(outcome)]).state;
  for (const outcome of ['refused', 'crashed'] as const) {
    const state = end(outcome);
    t.like(state, {screen: 'verdict', queue: []});
    t.deepEqual(codesOf(state), ['queue-dropped']);
  }
  t.like(end('cancelled'), {screen: 'verdict', queue: [], notices: []});
  // A signal that came after the last proof: the cards are judged, and still nothing more is wanted.
  const signal = run({type: 'cancel-requested', by: 'SIGTERM'});
  t.like(end('complete', signal), {screen: 'verdict', queue: [], notices: []});
  t.like(end('incomplete'), {screen: 'working', queue: [nikon.path]});
  const noDrive = end('incomplete', left('/mnt/W'));
  t.like(noDrive, {screen: 'verdict', queue: []});
  t.deepEqual(codesOf(noDrive), ['queue-dropped']);
});

test('the question whether to stop goes when the run ends by itself, other overlays stay', (t) => {
  for (const [key, type] of [
    ['q', undefined],
    ['?', 'help'],
    ['l', 'failures'],
  ] as const) {
    const {state} = play(sessionState(), ['enter', key, ended]);
    t.is(state.screen, 'verdict');
    t.is(state.overlay?.type, type);
  }
});

test('what stands in front stays there when the queue goes on', (t) => {
  for (const key of ['q', '?', 'l']) {
    const before = play(sessionState(), ['enter', 'enter', key, ended]).state;
    const after = evolveSession(before, {type: 'run-started', cards: [nikon.path]}, 2000);
    t.not(before.overlay, null);
    t.is(after.overlay, before.overlay);
  }
});

test('when the last queued card is pulled out between two runs, the verdicts are shown', (t) => {
  const between = play(sessionState(), ['enter', 'enter', judged(), ended]).state;
  t.is(between.screen, 'working');
  t.like(evolveSession(between, left(nikon.path), 0), {screen: 'verdict', queue: []});
});

test('a card that comes is announced where verdicts stand, and only there', (t) => {
  const after = (...steps: Parameters<typeof play>[1]) =>
    play(sessionState({cards: [eosCard]}), [...steps, arrived(nikonCard)]).state;
  t.deepEqual(codesOf(after()), []);
  t.deepEqual(codesOf(after('enter')), []);
  const onVerdict = after('enter', judged(), ended);
  t.is(
    onVerdict.notices[0]?.message,
    'NIKON Z 8 was inserted meanwhile; what stands here is not about it',
  );
  t.deepEqual(codesOf(play(onVerdict, ['enter']).state), []);
});

test('a queued card that is replaced between two runs is announced on the verdict screen', (t) => {
  const between = play(sessionState(), ['enter', 'enter', judged(), ended]).state;
  const {state} = play(between, [arrived(sessionCard({...nikon, label: 'OTHER'}))]);
  t.like(state, {screen: 'verdict', queue: []});
  t.deepEqual(codesOf(state), ['card-came']);
});

test('events of a run that left the screen change nothing', (t) => {
  const back = play(sessionState(), ['enter', judged(), ended, 'enter']).state;
  t.is(back.run, null);
  t.is(evolveSession(back, judged(), 0), back);
  t.is(evolveSession(back, ended, 0), back);
});

test('looking once is remembered, and so are the newest shoots', (t) => {
  const {state} = play(initialSessionState, [
    {type: 'looked'},
    {type: 'shoots-remembered', names: ['b', 'a']},
  ]);
  t.like(state, {looked: true, recentShoots: ['b', 'a']});
});
