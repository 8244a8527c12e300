import test from 'ava';
import type {BackupSelected, PictureExplained} from '../../src/core/events.ts';
import {describeExplained, describeSelected} from '../../src/output/selection-lines.ts';

const selected: BackupSelected = {
  type: 'backup-selected',
  job: 'best',
  to: '/O/Best',
  preview: false,
  rule: 'rating >= 4 or pick',
  catalog: '/W/Studio.lrcat',
  chosen: 1214,
  out: 3020,
  unknown: 0,
  others: 0,
  byCatalog: 4000,
  bySidecar: 0,
  byPicture: 234,
};

test('counts, and who decided', (t) => {
  t.deepEqual(describeSelected(selected), [
    'best on /O/Best: 1,214 pictures in, 3,020 out (rating >= 4 or pick)',
    '  decided by the catalog /W/Studio.lrcat (4,000) and the pictures themselves (234)',
  ]);
  const none = {...selected, chosen: 0, out: 0, unknown: 3, byCatalog: 0, byPicture: 0};
  t.deepEqual(describeSelected(none).slice(0, 2), [
    'best on /O/Best: 0 pictures in, 0 out, 3 unknown (rating >= 4 or pick)',
    '  unknown: copies that are there stay, others are not added; --explain PATH says why',
  ]);
});

const explained: PictureExplained = {
  type: 'picture-explained',
  job: 'best',
  path: '2026/A.CR3',
  rule: 'not reject',
  answer: 'out',
  by: 'catalog',
  tests: [{test: 'reject', truth: 'yes'}],
  said: [
    {
      source: 'catalog',
      picture: '2026/A.CR3',
      from: '/W/Studio.lrcat',
      changedAt: null,
      virtualCopy: false,
      rating: 0,
      pick: -1,
      labels: ['Rot', 'x\u001b[2J'],
      keywords: ['A|B', 'C'],
    },
  ],
  along: [],
};

test('an answer, the tests that decided, and who said what', (t) => {
  t.deepEqual(describeExplained(explained), [
    'OUT: 2026/A.CR3 (best: not reject)',
    '  reject: yes',
    '  catalog /W/Studio.lrcat: rating 0, rejected, label Rot; x\\x1b[2J, keywords A/B; C',
  ]);
  t.deepEqual(describeExplained({...explained, answer: 'other', tests: [], said: []}), [
    'OUT, it belongs to no picture: 2026/A.CR3 (best: not reject)',
  ]);
  t.deepEqual(describeExplained({...explained, answer: 'left-out', tests: [], said: []}), [
    'OUT, a filter of the job leaves it out: 2026/A.CR3 (best: not reject)',
  ]);
});
