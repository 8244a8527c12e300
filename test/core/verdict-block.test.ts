import test from 'ava';
import type {OffloadEvent} from '../../src/core/events.ts';
import {evolveSession} from '../../src/core/session/evolve-session.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {type Sentence, verdictBlocks} from '../../src/core/verdict-block.ts';
import {verdictText} from '../../src/core/verdict-text.ts';
import {
  failures,
  fullB,
  happened,
  lostB,
  mixedState,
  nikonCard,
  notSafe,
  oneCard,
  runEnded,
  working,
} from '../components/run-screens.ts';
import {
  eos,
  fileFailed,
  hostileEscaped,
  hostileName,
  nikon,
  planned,
  verdict,
} from '../helpers/run-events.ts';
import {eosCard, sessionCard} from '../helpers/session-states.ts';

function sentencesOf(state: SessionState, kind: Sentence['kind'], index = 0): readonly string[] {
  const sentences = verdictBlocks(state)[index]?.sentences ?? [];
  return sentences.filter((sentence) => sentence.kind === kind).map(({text}) => text);
}

test('cards that are not safe come first, the others in their order', (t) => {
  t.deepEqual(
    verdictBlocks(mixedState()).map(({label, safe, words}) => ({label, safe, words})),
    [
      {label: 'NIKON Z 8', safe: false, words: 'NOT SAFE – do not format'},
      {label: 'EOS_DIGITAL', safe: true, words: 'SAFE TO FORMAT'},
    ],
  );
});

test('the block and the plain text say the same, word for word', (t) => {
  const verdicts = [
    verdict(),
    verdict({waived: ['same-drive', 'cached']}),
    verdict({warnings: [{code: 'w', message: 'an empty file', path: 'A.JPG'}]}),
    notSafe({card: eos, leftOut: [{rule: 'link', count: 2}]}),
  ];
  for (const event of verdicts) {
    const [block] = verdictBlocks(oneCard(event));
    if (block === undefined) throw new Error('one block');
    const said = [
      [block.words, block.waived].filter((part) => part !== null).join(', '),
      block.count,
      ...block.sentences.map(({text}) => text),
    ];
    const plain = verdictText(event).map((line) =>
      line
        .replace(/^ +(- )?/, '')
        .replace(/^warning: /, '')
        .replace(`: ${event.card.label}`, '')
        // Here a key does what elsewhere is typed.
        .replaceAll('run the same command again', 'press r')
        .replaceAll('Run the same command again', 'Press r'),
    );
    for (const line of plain) t.true(said.includes(line), line);
  }
});

test('how long one card took, without the time that it waited for others', (t) => {
  // One event a second: begun at second 1, judged at second 52.
  t.true(sentencesOf(oneCard(verdict()), 'detail').includes('took 51 s'));
});

test('a card that was refused, stopped or lost with the program is not safe, and says why', (t) => {
  const reasonsAfter = (...events: readonly OffloadEvent[]) => {
    const state = happened({events: [planned(), ...events]});
    const [block] = verdictBlocks(state);
    t.is(block?.safe, false);
    t.is(block?.words, 'NOT SAFE – do not format');
    return sentencesOf(state, 'reason');
  };
  const refused: OffloadEvent = {
    type: 'refused',
    code: 'no-space',
    path: '/mnt/B',
    message: 'B is 180 MB short',
    next: 'Free space on it.',
  };
  t.deepEqual(reasonsAfter(refused, runEnded('refused')), [
    '/mnt/B: B is 180 MB short. Free space on it.',
  ]);
  t.deepEqual(reasonsAfter(runEnded('cancelled')), ['it was stopped before it was finished']);
  t.deepEqual(reasonsAfter(runEnded('crashed')), ['the program failed before it was finished']);
  t.deepEqual(reasonsAfter(runEnded('incomplete')), ['it was not finished']);
  t.deepEqual(reasonsAfter(), ['it is not finished yet']);
});

test('a retry that is refused shows why, and not the verdict of before', (t) => {
  const before = oneCard(notSafe({card: eos}));
  const again = evolveSession(before, {type: 'run-started', cards: [eos.path]}, 60_000);
  const refused = evolveSession(
    again,
    {
      type: 'run-event',
      event: {type: 'refused', code: 'no-space', message: 'B is full', next: 'Free space.'},
    },
    60_001,
  );
  t.deepEqual(sentencesOf(refused, 'reason'), ['B is full. Free space.']);
});

test('how to go on: the key while the card is there, the card when it is not', (t) => {
  const stopped = happened({events: [planned(), runEnded('cancelled')]});
  t.deepEqual(sentencesOf(stopped, 'next'), [
    'r runs it again: it goes on where it stopped, with what failed and what is missing',
  ]);
  const pulled = evolveSession(stopped, {type: 'volume-left', path: eos.path}, 9000);
  t.deepEqual(sentencesOf(pulled, 'next'), [
    'it is not mounted any more: put it in again and run it again, it goes on where it stopped',
  ]);
});

test('what failed is named: lost drives, the newest files, how many more', (t) => {
  const many = Array.from({length: 5}, (_, index) => fileFailed({path: `IMG_${index}.CR3`}));
  const state = happened({
    cards: [eosCard],
    events: [
      ...working.filter((event) => !('card' in event) || event.card === eos),
      ...many,
      lostB,
      notSafe({card: eos}),
    ],
  });
  t.deepEqual(sentencesOf(state, 'failure'), [
    'B LaCie Rugged was lost on the way',
    ...[2, 3, 4].map(
      (index) => `the card: IMG_${index}.CR3: reading failed (EIO). Try another reader.`,
    ),
    'and 2 more: l lists them',
  ]);
});

test('a card is ejected: asked, done, gone, or not possible', (t) => {
  const safe = oneCard(verdict());
  const at = (ejected: 'asked' | 'yes') => ({...safe, cards: [{...eosCard, ejected}]});
  t.deepEqual(sentencesOf(safe, 'eject'), []);
  t.deepEqual(sentencesOf(at('asked'), 'eject'), ['ejecting…']);
  t.deepEqual(sentencesOf(at('yes'), 'eject'), ['ejected: may be pulled out']);
  const gone = evolveSession(at('yes'), {type: 'volume-left', path: eos.path}, 99_000);
  t.deepEqual(sentencesOf(gone, 'eject'), ['it is not mounted any more']);
  const busy = evolveSession(
    at('asked'),
    {
      type: 'eject-failed',
      path: eos.path,
      cause: {code: 'EBUSY', path: eos.path, message: 'it is in use', next: 'Close it.'},
    },
    99_000,
  );
  t.deepEqual(sentencesOf(busy, 'warning'), ['/mnt/E: it is in use. Close it.']);
  t.deepEqual(sentencesOf(busy, 'eject'), []);
});

test('a card that is not safe says nothing of ejecting or formatting', (t) => {
  const state = happened({
    cards: [nikonCard],
    events: [planned({card: nikon}), fullB, notSafe(), runEnded('complete')],
  });
  t.deepEqual(sentencesOf(state, 'eject'), []);
  const [block] = verdictBlocks(state);
  t.notRegex(JSON.stringify(block?.sentences), /format/i);
});

test('hostile names are escaped wherever they stand', (t) => {
  const card = {path: '/mnt/E', label: hostileName};
  const state = happened({
    cards: [sessionCard({label: hostileName})],
    events: [
      planned({
        card,
        destinations: planned().destinations.map((one) => ({...one, name: hostileName})),
      }),
      fileFailed({card, path: hostileName, to: '/mnt/B', message: hostileName}),
      notSafe({card, reasons: [{code: 'file-failed', message: hostileName}]}),
    ],
  });
  const [block] = verdictBlocks(state);
  const text = [block?.label, ...(block?.sentences ?? []).map((one) => one.text)].join('');
  t.notRegex(text, /[\p{Cc}\p{Cf}]/u);
  // Label, reason, failure (drive, file, message), two names of drives.
  t.is(text.split(hostileEscaped).length - 1, 7);
});

test('the newest of both failures are on the card that they belong to', (t) => {
  const state = happened({
    cards: [eosCard, nikonCard],
    events: [...working, ...failures, planned({card: nikon}), fullB, notSafe(), verdict()],
  });
  t.deepEqual(sentencesOf(state, 'failure', 0).length, 1);
});
