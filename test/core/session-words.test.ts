import test from 'ava';
import type {CardHistory} from '../../src/core/card-history.ts';
import type {Tone} from '../../src/core/phrase.ts';
import {
  describeCameras,
  describeCard,
  describeHistory,
  describeKinds,
  describeTaken,
  describeUnreadable,
  findDefaultShoot,
} from '../../src/core/session-words.ts';
import {card, hostile, now, survey} from '../components/ready/sample-session.ts';

const at = '2026-11-24T15:30:00Z';

test('what the catalog knows', (t) => {
  const histories: ReadonlyArray<readonly [CardHistory, tone: Tone, forms: readonly string[]]> = [
    [{state: 'new'}, 'plain', ['new']],
    [
      {state: 'safe', at, shoot: 'x'},
      'quiet',
      ['offloaded 2 h ago, safe then', 'was safe 2 h ago', 'was safe then'],
    ],
    [
      {state: 'more', count: 1204, since: '2026-11-22T12:00:00Z'},
      'plain',
      ['1,204 new since Sunday', '1,204 new'],
    ],
    [
      {state: 'interrupted', at},
      'decision',
      ['interrupted, goes on where it stopped', 'interrupted, will go on', 'interrupted'],
    ],
    [{state: 'not-safe', at, shoot: 'x'}, 'failure', ['NOT SAFE last time']],
    [
      {state: 'unknown', why: 'locked\n'},
      'quiet',
      ['the catalog cannot be read: locked\\n', 'the catalog cannot be read', 'catalog unreadable'],
    ],
  ];
  for (const [history, tone, forms] of histories) {
    t.deepEqual(describeHistory(history, now), {tone, forms});
  }
});

test('nothing that the catalog says can be taken for a verdict', (t) => {
  for (const form of describeHistory({state: 'safe', at, shoot: 'x'}, now).forms) {
    t.regex(form, /safe then|was safe/);
    t.notRegex(form, /SAFE|format/);
  }
});

test('what happens to a card now comes before what is known of it', (t) => {
  const problem = {code: 'EIO', path: '/mnt/E', message: 'listing failed', next: 'Try again.'};
  const first = (change: Parameters<typeof card>[0]) => describeCard(card(change), now).forms[0];
  t.is(first({}), 'new');
  t.is(first({survey: null, history: null}), 'being read…');
  t.is(first({history: null}), 'looking it up…');
  t.is(first({problem, survey: null}), 'cannot be read: /mnt/E: listing failed. Try again.');
  t.is(first({problem, ejected: 'asked'}), 'being ejected…');
  t.is(first({ejected: 'yes'}), 'ejected: may be pulled out');
});

test('when the pictures were taken', (t) => {
  const taken = (first: string | null, last: string | null) => describeTaken(first, last, now);
  t.is(taken('2026-11-24T14:02:11', '2026-11-24T17:55:40'), 'today 14:02 – 17:55');
  t.is(taken('2026-11-22T10:11:00', '2026-11-24T17:20:00'), 'Sun 10:11 – today 17:20');
  t.is(taken('2026-11-22T10:11:00', '2026-11-22T17:20:00'), 'Sun 10:11 – 17:20');
  t.is(taken('2026-11-18T10:11:00', '2026-11-23T17:20:00'), 'Wed 10:11 – Mon 17:20');
  t.is(taken('2026-11-17T10:11:00', '2026-11-17T17:20:00'), '2026-11-17 10:11 – 17:20');
  t.is(taken('2026-03-02T10:11:00', '2026-03-05T17:20:00'), '2026-03-02 – 2026-03-05');
  t.is(taken('2026-03-02T10:11:00', '2026-11-24T17:20:00'), '2026-03-02 – today 17:20');
  // A camera whose clock is ahead.
  t.is(taken('2026-11-24T17:00:00', '2026-11-25T01:20:00'), 'today 17:00 – 2026-11-25');
  t.is(taken('2026-11-24T14:02:11', '2026-11-24T14:02:40'), 'today 14:02');
  t.is(taken('2026-11-24T14:02:11', null), 'today 14:02');
  t.is(taken(null, '2026-11-24T14:02:11'), 'today 14:02');
  t.is(taken(null, null), '');
  t.is(taken('no time', 'no time'), '');
});

test('kinds: as many as have room', (t) => {
  const kinds = [
    {kind: 'CR3', count: 1612},
    {kind: 'JPG', count: 612},
    {kind: 'MP4', count: 3},
    {kind: 'other', count: 1},
  ];
  t.is(describeKinds(kinds, 40), '1,612 CR3  612 JPG  3 MP4  1 other');
  t.is(describeKinds(kinds, 33), '1,612 CR3  612 JPG  + 2 kinds');
  t.is(describeKinds(kinds, 20), '1,612 CR3  + 3 kinds');
  t.is(describeKinds(kinds, 5), '1,612 CR3');
  t.is(describeKinds(kinds.slice(0, 2), 19), '1,612 CR3  612 JPG');
  t.is(describeKinds(kinds.slice(0, 2), 17), '1,612 CR3');
  t.is(describeKinds(kinds.slice(1, 4), 18), '612 JPG  + 2 kinds');
  t.is(describeKinds([], 40), 'no files');
  t.is(describeKinds([{kind: 'A\nB', count: 1}], 40), '1 A\\nB');
});

test('what could not be listed', (t) => {
  t.is(describeUnreadable(survey()), null);
  t.deepEqual(describeUnreadable(survey({unreadable: 1}))?.forms, [
    '1 file or folder cannot be listed',
    '1 file or folder unreadable',
    '1 unreadable',
  ]);
  t.is(
    describeUnreadable(survey({unreadable: 1200}))?.forms[0],
    '1,200 files or folders cannot be listed',
  );
});

test('cameras', (t) => {
  t.is(describeCameras(['Canon EOS R6', 'Canon R5']), 'Canon EOS R6, Canon R5');
  t.is(describeCameras([]), 'camera unknown');
  t.notRegex(describeCameras([hostile]), /\p{Cc}|\p{Cf}/u);
});

test('the name that a shoot gets by itself', (t) => {
  t.is(findDefaultShoot(survey()), '2026-11-24');
  t.is(findDefaultShoot(survey({shootDate: null})), null);
  t.is(findDefaultShoot(null), null);
});
