import test from 'ava';
import type {OffloadEvent} from '../../src/core/events.ts';
import {evolveSession} from '../../src/core/session/evolve-session.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {type Sentence, verdictBlocks} from '../../src/core/verdict-block.ts';
import {type Detail, verdictDetails} from '../../src/core/verdict-details.ts';
import {verdictText} from '../../src/core/verdict-text.ts';
import {
  failures,
  fullB,
  happened,
  manyFull,
  mixedState,
  nikonCard,
  notSafe,
  oneCard,
  runEnded,
  twoSafe,
  working,
} from '../components/run-screens.ts';
import {
  eos,
  fileFailed,
  hostileEscaped,
  hostileName,
  lostB,
  nikon,
  planned,
  verdict,
} from '../helpers/run-events.ts';
import {eosCard, sessionCard} from '../helpers/session-states.ts';

function sentencesOf(state: SessionState, kind: Sentence['kind'], index = 0): readonly string[] {
  const sentences = verdictBlocks(state)[index]?.sentences ?? [];
  return sentences.filter((sentence) => sentence.kind === kind).map(({text}) => text);
}

const spellDetail = (detail: Detail): string => {
  if (detail.kind === 'path') return `${detail.lead} ${detail.path}`;
  return detail.kind === 'command' ? detail.parts.join(' ') : detail.text;
};

const detailsOf = (state: SessionState) => verdictDetails(state).map(spellDetail);

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
      ...detailsOf(oneCard(event)).flatMap((text) => text.split('; ')),
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
    // Paths are told in another form: see below.
    const words = plain.filter((line) => !/^(?:no )?record |^check /.test(line));
    for (const line of words) t.true(said.includes(line), line);
  }
});

test('how long one card took, without the time that it waited for others', (t) => {
  // One event a second: begun at second 1, judged at second 52.
  const [, , , facts] = detailsOf(oneCard(verdict()));
  t.is(facts, 'took 51 s; 8 files were left out: ._* 5, .Trashes 3');
});

test('what is the same for several cards is told once', (t) => {
  t.deepEqual(detailsOf(twoSafe()), [
    'format them in the camera, not here',
    'W is T7 Shield: /mnt/W/Marta & Jan',
    'B is LaCie Rugged: /mnt/B/Marta & Jan',
    'EOS_DIGITAL: took 53 s; 8 files were left out: ._* 5, .Trashes 3',
    'record on W and B: _offload/20261124-184207-eos.json',
    'NIKON Z 8: took 53 s',
    'record on W and B: _offload/20261124-185010-nik.json',
    'check them without this program:',
    "cd '/mnt/W/Marta & Jan' && b3sum -c _offload/20261124-184207-eos.b3 _offload/20261124-185010-nik.b3",
  ]);
  t.is(detailsOf(mixedState())[0], 'format only EOS_DIGITAL in the camera, not here');
  t.false(detailsOf(oneCard(notSafe({card: eos}))).some((text) => /format/.test(text)));
});

test('files of one kind are told once, and no reason tells them again', (t) => {
  const state = manyFull();
  const [block] = verdictBlocks(state);
  t.deepEqual(
    block?.sentences.map(({kind, text}) => [kind, text]),
    [
      [
        'failure',
        'B LaCie Rugged: 16 files were not written: no space left (ENOSPC): IMG_0004.CR3, IMG_0005.CR3, IMG_0006.CR3 and 13 more. Free space on B, then press r.',
      ],
      ['reason', 'the record of this offload is not on B. Free some space there, then press r.'],
      ['next', 'r runs it again: it goes on where it stopped, with what failed'],
    ],
  );
});

test('a reason that is about other files than those that failed stays', (t) => {
  const reasonsWith = (message: string) =>
    sentencesOf(
      happened({
        events: [
          planned(),
          ...failures,
          notSafe({
            card: eos,
            reasons: [
              {code: 'file-failed', message: '2 files (100CANON/IMG_0117.CR3 and x) are lost.'},
              {code: 'file-unproved', message},
            ],
          }),
        ],
      }),
      'reason',
    );
  t.deepEqual(reasonsWith('1 file (A.CR3) is not proved.'), ['1 file (A.CR3) is not proved.']);
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
    'r runs it again: it goes on where it stopped, with what failed',
  ]);
  const pulled = evolveSession(stopped, {type: 'volume-left', path: eos.path}, 9000);
  t.deepEqual(verdictBlocks(pulled)[0]?.sentences[0], {
    kind: 'first',
    text: 'Put it in again, press Enter and offload it: it goes on from there',
  });
  t.deepEqual(sentencesOf(pulled, 'next'), []);
});

test('what failed is named: lost drives, then the files', (t) => {
  const many = [3, 1, 4, 0, 2].map((index) => fileFailed({path: `100CANON/IMG_000${index}.CR3`}));
  const state = happened({
    cards: [eosCard],
    events: [
      ...working.filter((event) => !('card' in event) || event.card === eos),
      ...many,
      lostB,
      notSafe({card: eos}),
      runEnded('complete'),
    ],
  });
  t.deepEqual(sentencesOf(state, 'failure'), [
    'B LaCie Rugged was lost on the way: the drive is gone. Plug it in again.',
    'the card: 5 files could not be read: the device reports an error (EIO): IMG_0000.CR3, IMG_0001.CR3, IMG_0002.CR3 and 2 more. Try another reader.',
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
  const sentences = (block?.sentences ?? []).map((one) => one.text);
  const text = [block?.label, ...sentences, ...detailsOf(state)].join('');
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
