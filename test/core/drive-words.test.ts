import test from 'ava';
import {
  describeFit,
  describeProofs,
  shareFree,
  weighCard,
  weighWaiting,
} from '../../src/core/drive-words.ts';
import {
  card,
  drive,
  gopro,
  lacie,
  nikon,
  stick,
  survey,
  volume,
} from '../components/ready/sample-session.ts';

const GB = 1_000_000_000;
const load = (gigabytes: number, cards = 1, partly = false) => ({
  cards,
  bytes: gigabytes * GB,
  partly,
});

test('one card', (t) => {
  t.deepEqual(describeFit(load(18.4), load(18.4), 20 * GB)?.forms, ['fits']);
  t.true(describeFit(load(18.4), load(18.4), 18.4 * GB)?.fits);
  const short = describeFit(load(18.4), load(18.4), 16.3 * GB);
  t.deepEqual(short, {
    fits: false,
    tone: 'decision',
    forms: ['18.4 GB do not fit: 2.1 GB short', '2.1 GB short'],
  });
  // One byte is enough not to fit.
  t.deepEqual(describeFit(load(1), null, GB - 1)?.forms, [
    '1 GB do not fit: 1 B short',
    '1 B short',
  ]);
});

test('all that wait', (t) => {
  t.deepEqual(describeFit(load(18), load(31, 3), 31 * GB)?.forms, ['all 3 fit']);
  t.deepEqual(describeFit(load(18), load(31, 3), 20 * GB)?.forms, [
    'all 3 do not fit: 11 GB short',
    'all 3: 11 GB short',
  ]);
  t.deepEqual(describeFit(null, load(31, 3), 20 * GB)?.forms[0], 'all 3 do not fit: 11 GB short');
});

test('what is there already may be enough', (t) => {
  t.deepEqual(describeFit(load(13.1, 1, true), null, 11 * GB)?.forms, [
    '13.1 GB may not fit: 2.1 GB short',
    '13.1 GB may not fit',
  ]);
  t.true(describeFit(load(13.1, 1, true), null, 14 * GB)?.fits);
});

test('what is not known is not said', (t) => {
  t.is(describeFit(load(1), load(1), null), null);
  t.is(describeFit(null, null, GB), null);
});

test('which cards weigh, and how much', (t) => {
  t.deepEqual(weighCard(card()), load(18.4));
  t.deepEqual(weighCard(nikon), load(13.1, 1, true));
  t.is(weighCard(card({survey: null})), null);
  t.is(weighCard(card({ejected: 'yes'})), null);
  t.is(weighCard(undefined), null);
  // The one that was safe does not wait.
  t.deepEqual(weighWaiting([card(), nikon, gopro]), load(31.5, 2, true));
  t.is(weighWaiting([card(), card({survey: null, history: null})]), null);
  t.is(weighWaiting([gopro]), null);
  const problem = {code: 'EIO', message: 'listing failed', next: 'Try again.'};
  const unread = card({problem, survey: null});
  t.deepEqual(weighWaiting([card({survey: survey({bytes: 2 * GB})}), unread]), load(2));
});

test('two destinations on one volume share its room', (t) => {
  const w = drive({free: 101});
  const b = drive({path: '/mnt/W/b', letter: 'B', free: 101});
  t.is(shareFree(w, [w, b, stick]), 50);
  t.is(shareFree(w, [w, lacie]), 101);
  t.is(shareFree(drive({free: null}), [w]), null);
  t.is(shareFree(w, [w, {...b, volume: volume('/mnt/other', 'sda')}]), 101);
});

test('how proofs are read', (t) => {
  const words = 'proofs are read from the drives themselves';
  t.is(describeProofs([drive(), {...lacie, mediumRead: 'evicted'}]), words);
  // A drive that nothing is copied to says nothing.
  t.is(describeProofs([drive(), {...stick, mediumRead: 'cached'}]), words);
  t.is(describeProofs([drive(), {...lacie, mediumRead: 'cached'}]), null);
  t.is(describeProofs([drive(), {...lacie, mediumRead: null}]), null);
  t.is(describeProofs([stick]), null);
});
