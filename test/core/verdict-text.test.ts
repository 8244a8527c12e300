import test from 'ava';
import {verdictHeadline, verdictText} from '../../src/core/verdict-text.ts';
import {eos, hostileEscaped, hostileName, verdict} from '../helpers/run-events.ts';

test('a safe card', (t) => {
  t.deepEqual(verdictText(verdict(), {tookMs: 372_000}), [
    'SAFE TO FORMAT: EOS_DIGITAL',
    '  1,224 files, 18.4 GB, each proved on W and B',
    '  8 files were left out: ._* 5, .Trashes 3',
    '  took 6 min 12 s',
    '  record on W: /mnt/W/Marta & Jan/_offload/20261124-184207-eos.json',
    '  record on B: /mnt/B/Marta & Jan/_offload/20261124-184207-eos.json',
    "  check it without this program: cd '/mnt/W/Marta & Jan' && b3sum -c _offload/20261124-184207-eos.b3",
    '  format it in the camera, not here',
  ]);
});

test('a card that is not safe: reasons, what is proved, no word of formatting', (t) => {
  const {copies, account} = verdict();
  const [w, b] = copies;
  if (w === undefined || b === undefined) throw new Error('two copies');
  const lines = verdictText(
    verdict({
      safe: false,
      reasons: [
        {code: 'copies-missing', message: '1 file is on W only: DSC_0142.NEF.'},
        {code: 'manifest-missing', message: 'The record is not on B. Run the command again.'},
      ],
      warnings: [{code: 'empty-file', message: 'an empty file', path: 'DCIM/IMG_0001.JPG'}],
      account: {...account, found: 288, copied: 287, leftOut: 0, failed: 1},
      copies: [
        {...w, proved: 288},
        {...b, proved: 287, manifest: null, checksums: null, mediumRead: 'cached'},
      ],
    }),
  );
  t.deepEqual(lines, [
    'warning: DCIM/IMG_0001.JPG: an empty file',
    'NOT SAFE – do not format: EOS_DIGITAL',
    '  - 1 file is on W only: DSC_0142.NEF.',
    '  - The record is not on B. Run the command again.',
    '  files proved: 288 of 288 on W, 287 of 288 on B (read back through a cache)',
    '  record on W: /mnt/W/Marta & Jan/_offload/20261124-184207-eos.json',
    '  no record on B: /mnt/B',
    "  check it without this program: cd '/mnt/W/Marta & Jan' && b3sum -c _offload/20261124-184207-eos.b3",
  ]);
});

test('waivers are named in the first words', (t) => {
  const say = (...waived: ('same-drive' | 'cached')[]) => verdictHeadline({safe: true, waived});
  t.is(say(), 'SAFE TO FORMAT');
  t.is(say('same-drive'), 'SAFE TO FORMAT, one-drive rule waived by you');
  t.is(say('cached'), 'SAFE TO FORMAT, medium-read rule waived by you');
  t.is(
    say('same-drive', 'cached'),
    'SAFE TO FORMAT, one-drive rule and medium-read rule waived by you',
  );
  t.is(verdictHeadline({safe: false, waived: ['cached']}), 'NOT SAFE – do not format');
});

test('files that two drives had before are told where a destination got none of them', (t) => {
  const {copies} = verdict();
  const lines = verdictText(verdict({copies: copies.map((copy) => ({...copy, proved: 4}))}));
  t.is(
    lines[1],
    '  1,224 files, 18.4 GB, proved: 4 on W, 4 on B; the others where they lay already',
  );
});

test('a third destination that was lost is not said to have all files', (t) => {
  const {copies} = verdict();
  const [w] = copies;
  if (w === undefined) throw new Error('one copy');
  const lines = verdictText(verdict({copies: [...copies, {...w, to: '/mnt/C', proved: 12}]}));
  t.is(lines[1], '  1,224 files, 18.4 GB, proved: all on W, all on B, 12 on B2');
});

test('nothing was reached', (t) => {
  const lines = verdictText(
    verdict({
      safe: false,
      reasons: [{code: 'interrupted', message: 'Stopped.'}],
      account: {found: 2, copied: 0, present: 0, leftOut: 0, failed: 0, bytes: 2},
      copies: [],
    }),
  );
  t.deepEqual(lines, [
    'NOT SAFE – do not format: EOS_DIGITAL',
    '  - Stopped.',
    '  none of 2 files is proved',
  ]);
});

test('hostile names are escaped wherever they stand', (t) => {
  const {copies} = verdict();
  const [w] = copies;
  if (w === undefined) throw new Error('one copy');
  const lines = verdictText(
    verdict({
      safe: false,
      card: {...eos, label: hostileName},
      reasons: [{code: 'file-failed', message: hostileName}],
      warnings: [{code: 'w', message: hostileName, path: hostileName}],
      copies: [{...w, shoot: hostileName, manifest: hostileName, checksums: `${hostileName}/x`}],
    }),
  );
  t.notRegex(lines.join(''), /[\p{Cc}\p{Cf}]/u);
  t.is(lines.join('\n').split(hostileEscaped).length - 1, 6);
});

test('the list is named with slashes on Windows', (t) => {
  const {copies} = verdict();
  const [w] = copies;
  if (w === undefined) throw new Error('one copy');
  const lines = verdictText(
    verdict({copies: [{...w, shoot: 'W:\\new', checksums: 'W:\\new\\_offload\\1.b3'}]}),
  );
  t.is(
    lines.find((line) => line.includes('b3sum')),
    '  check it without this program: in W:\\new run b3sum -c _offload/1.b3',
  );
});

test('the command of the check is one word for each path, whatever a shoot is called', (t) => {
  const {copies} = verdict();
  const [w] = copies;
  if (w === undefined) throw new Error('one copy');
  const commandFor = (shoot: string) => {
    const lines = verdictText(
      verdict({copies: [{...w, shoot, checksums: `${shoot}/_offload/1.b3`}]}),
    );
    return lines.find((line) => line.includes('b3sum'))?.replace(/^.*program: /, '');
  };
  t.is(commandFor('/mnt/W/2026-11-24'), 'cd /mnt/W/2026-11-24 && b3sum -c _offload/1.b3');
  t.is(
    commandFor("/mnt/W/O'Neil $(rm -rf ~)"),
    "cd '/mnt/W/O'\\''Neil $(rm -rf ~)' && b3sum -c _offload/1.b3",
  );
  // What is printed is not the name: words, and nothing to paste.
  t.is(commandFor('/mnt/W/a\nb'), 'in /mnt/W/a\\nb run b3sum -c _offload/1.b3');
});
