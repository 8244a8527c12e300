import test from 'ava';
import {groupFailures} from '../../src/core/failure-groups.ts';
import {chooseAgain, describeFailures, sayAgain} from '../../src/core/failure-words.ts';
import type {SessionFailure} from '../../src/core/session/session-state.ts';
import {eos, nikon} from '../helpers/run-events.ts';
import {eosCard} from '../helpers/session-states.ts';

function failure(change: Partial<SessionFailure> = {}): SessionFailure {
  return {
    card: eos,
    path: '100CANON/IMG_0001.CR3',
    to: '/mnt/B',
    code: 'ENOSPC',
    message: 'writing it to LaCie failed (ENOSPC)',
    next: 'Free space on that drive or choose a larger one, then run the same command again.',
    ...change,
  };
}

const lanes = [{to: '/mnt/B', letter: 'B', name: 'LaCie'}];

test('by card, place and code, with the files in the order of the camera', (t) => {
  const groups = groupFailures([
    failure({path: '101CANON/IMG_0001.CR3'}),
    failure({path: '100CANON/IMG_0010.CR3'}),
    failure({to: null, code: 'EIO'}),
    failure({path: '100CANON/IMG_0009.CR3'}),
    failure({card: nikon}),
  ]);
  t.deepEqual(
    groups.map(({card, to, paths}) => [card.label, to, paths]),
    [
      [
        'EOS_DIGITAL',
        '/mnt/B',
        ['100CANON/IMG_0009.CR3', '100CANON/IMG_0010.CR3', '101CANON/IMG_0001.CR3'],
      ],
      ['EOS_DIGITAL', null, ['100CANON/IMG_0001.CR3']],
      ['NIKON Z 8', '/mnt/B', ['100CANON/IMG_0001.CR3']],
    ],
  );
});

test('a file that does not match and then fails is one failure, in the later words', (t) => {
  const groups = groupFailures([failure({code: 'copy-mismatch'}), failure({code: 'EIO'})]);
  t.deepEqual(
    groups.map(({code}) => code),
    ['EIO'],
  );
});

test('one sentence for a group: how many, why, which, what to do', (t) => {
  const tell = (...failures: readonly SessionFailure[]) =>
    groupFailures(failures).map((group) => describeFailures(group, lanes, 'now'));
  const second = '100CANON/IMG_0002.CR3';
  t.deepEqual(tell(failure()), [
    'B LaCie: 100CANON/IMG_0001.CR3: writing it to LaCie failed (ENOSPC). Free space on B, then press r.',
  ]);
  t.deepEqual(tell(failure(), failure({path: second})), [
    'B LaCie: 2 files were not written: no space left (ENOSPC): IMG_0001.CR3, IMG_0002.CR3. Free space on B, then press r.',
  ]);
  const gone = {to: null, code: 'card-lost', message: 'the card is gone', next: 'Put it in again.'};
  t.deepEqual(tell(failure(gone), failure({...gone, path: second})), [
    'the card: 2 files: the card is gone: IMG_0001.CR3, IMG_0002.CR3. Put it in again.',
  ]);
});

test('a command is said as the key that does it: now, at the end, or on the ready screen', (t) => {
  const say = (again: Parameters<typeof sayAgain>[1]) =>
    sayAgain('Mend it, then run the same command again. Run the same command again.', again);
  t.is(say(chooseAgain(eosCard, {screen: 'verdict'})), 'Mend it, then press r. Press r.');
  t.is(
    say(chooseAgain(eosCard, {screen: 'working'})),
    'Mend it, then press r at the end. Press r at the end.',
  );
  t.is(
    say(chooseAgain(null, {screen: 'verdict'})),
    'Mend it, then offload it again. Offload it again.',
  );
});
