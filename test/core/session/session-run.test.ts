import test from 'ava';
import type {OffloadEvent} from '../../../src/core/events.ts';
import {evolveRun, isRunning, safeCards, startRun} from '../../../src/core/session/session-run.ts';
import type {SessionRun} from '../../../src/core/session/session-state.ts';
import {eos, fileFailed, nikon, planned, verdict} from '../../helpers/run-events.ts';
import {sessionRun} from '../../helpers/session-states.ts';

type Timed = readonly [atMs: number, event: OffloadEvent];

function follow(run: SessionRun, events: readonly Timed[]): SessionRun {
  return events.reduce((state, [atMs, event]) => evolveRun(state, event, atMs), run);
}

const copying = (card = eos): OffloadEvent => ({type: 'phase-started', card, phase: 'copy'});
const ended: OffloadEvent = {type: 'run-ended', outcome: 'complete', exitCode: 0};
const both = sessionRun({cards: [eos.path, nikon.path]});
const done = follow(both, [
  [10, copying()],
  [20, copying(nikon)],
  [30, {type: 'phase-started', card: eos, phase: 'prove'}],
  [40, fileFailed({card: nikon, path: 'A.NEF'})],
  [50, verdict()],
  [60, verdict({card: nikon, safe: false})],
  [70, ended],
]);

test('a run remembers when each card was begun and judged, and when it ended', (t) => {
  t.deepEqual(
    [...done.cardStartedMs],
    [
      [eos.path, 10],
      [nikon.path, 20],
    ],
  );
  t.deepEqual(
    [...done.verdictMs],
    [
      [eos.path, 50],
      [nikon.path, 60],
    ],
  );
  t.is(done.endedMs, 70);
  t.deepEqual(safeCards(done), [eos.path]);
});

test('a run goes on until it has ended', (t) => {
  t.false(isRunning(null));
  t.true(isRunning(both));
  t.true(isRunning(follow(both, [[0, verdict()]])));
  t.false(isRunning(follow(both, [[0, ended]])));
});

test('a card is safe by its last word only', (t) => {
  t.deepEqual(safeCards(both), []);
  t.deepEqual(safeCards(follow(both, [[1, copying()]])), []);
  t.deepEqual(safeCards(follow(done, [[80, verdict({safe: false})]])), []);
  t.deepEqual(safeCards(follow(done, [[80, planned()]])), []);
  // A verdict on a card that the run was not asked for is none of its.
  t.deepEqual(safeCards(follow(sessionRun(), [[1, verdict({card: nikon})]])), []);
});

test('failures and mismatches are kept with what to do, up to the newest thousand', (t) => {
  const mismatch: OffloadEvent = {
    type: 'file-mismatched',
    card: eos,
    path: 'B.CR3',
    size: 1,
    mtimeNs: '0',
    to: '/mnt/B',
    expected: '0',
    actual: '1',
    mediumRead: 'direct',
  };
  const {to, ...ofCard} = mismatch;
  const {failures} = follow(both, [
    [1, fileFailed({path: 'A.CR3', to: '/mnt/W'})],
    [2, mismatch],
    [3, ofCard],
  ]);
  t.deepEqual(
    failures.map(({path, to: where, code}) => [path, where, code]),
    [
      ['A.CR3', '/mnt/W', 'EIO'],
      ['B.CR3', to, 'copy-mismatch'],
      ['B.CR3', null, 'source-mismatch'],
    ],
  );
  t.true(failures.every(({message, next}) => message !== '' && next !== ''));
  const many = Array.from(
    {length: 1001},
    (_, index): Timed => [index, fileFailed({path: `${index}`})],
  );
  const kept = follow(both, many).failures;
  t.deepEqual([kept.length, kept[0]?.path, kept.at(-1)?.path], [1000, '1', '1000']);
});

test('what changes nothing that is shown leaves the same object', (t) => {
  const proved: OffloadEvent = {
    type: 'manifest-written',
    card: eos,
    to: '/mnt/W',
    manifest: 'm',
    checksums: 'c',
    hash: '00',
  };
  t.is(evolveRun(done, proved, 90), done);
});

test('a queued card joins the run that is over: its verdicts, times and failures stay', (t) => {
  const gone = new Set([eos.path]);
  const next = startRun({...done, gone}, ['/mnt/G'], 100);
  t.deepEqual(next.cards, [eos.path, nikon.path, '/mnt/G']);
  t.deepEqual(safeCards(next), [eos.path]);
  t.deepEqual([...next.verdictMs.keys()], [eos.path, nikon.path]);
  t.deepEqual([...next.gone], [eos.path]);
  t.deepEqual(
    next.failures.map(({path}) => path),
    ['A.NEF'],
  );
  t.like(next, {startedMs: 0, endedMs: null});
});

test('a card that is tried again starts from nothing; the others keep their verdicts', (t) => {
  const next = startRun(done, [nikon.path], 100);
  t.deepEqual(next.cards, [eos.path, nikon.path]);
  t.deepEqual(
    next.state.cards.map(({card}) => card.path),
    [eos.path],
  );
  t.deepEqual([...next.verdictMs.keys()], [eos.path]);
  t.deepEqual([...next.cardStartedMs.keys()], [eos.path]);
  t.deepEqual(next.failures, []);
  const again = follow(next, [
    [110, copying(nikon)],
    [120, verdict({card: nikon})],
  ]);
  t.is(again.cardStartedMs.get(nikon.path), 110);
  t.deepEqual(safeCards(again), [eos.path, nikon.path]);
});

test('a safe card that is offloaded again is not safe until it is judged again', (t) => {
  const next = startRun({...done, gone: new Set([eos.path])}, [eos.path], 100);
  t.deepEqual(safeCards(next), []);
  t.deepEqual([...next.gone], []);
  t.deepEqual(safeCards(follow(next, [[110, ended]])), []);
  t.deepEqual(safeCards(follow(next, [[110, verdict()]])), [eos.path]);
});

test('what ended the run before is not said of the next', (t) => {
  const refused = follow(both, [
    [1, {type: 'refused', code: 'full', message: 'm', next: 'n'}],
    [2, {type: 'cancel-requested', by: 'key'}],
    [3, {type: 'run-ended', outcome: 'refused', exitCode: 2}],
  ]);
  t.truthy(refused.state.refused);
  t.like(startRun(refused, ['/mnt/G'], 4).state, {
    refused: null,
    cancelRequested: null,
    ended: null,
  });
});
