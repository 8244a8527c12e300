import test from 'ava';
import type {KnownFile} from '../../../src/core/restore/known-file.ts';
import {isMeant, type Meaning, readQuestion} from '../../../src/core/restore/question.ts';
import {WantedFiles} from '../../../src/core/restore/wanted-files.ts';

const HASH = 'ab'.repeat(32);

const picture: KnownFile = {
  shoot: '2026-11-24 Marta & Jan',
  path: 'DCIM/100CANON/IMG_0412.CR3',
  target: 'EOS/DCIM/100CANON/IMG_0412.CR3',
  size: 1000,
  // 23:30 UTC: the 25th in Vienna.
  mtimeNs: BigInt(Date.UTC(2026, 10, 24, 23, 30)) * 1_000_000n,
  hash: HASH,
  cameras: ['EOS R6', 'Canon EOS R6'],
  timeZone: 'Europe/Vienna',
};

function meaningsOf(text: string, file = picture): readonly Meaning[] {
  const question = readQuestion(text, 'posix');
  return question.meanings.filter((meaning) => isMeant(file, question, meaning));
}

test('a text is taken for what it looks like, and else for what is known', (t) => {
  const cases: readonly (readonly [string, readonly Meaning[]])[] = [
    ['2026-11-24 marta & jan', ['shoot', 'path']],
    ['canon eos r6', ['camera']],
    ['EOS R6', ['camera']],
    ['img_0412', ['path']],
    ['100CANON/IMG_0412', ['path']],
    ['Jan/EOS/DCIM', ['path']],
    [HASH, ['hash']],
    [HASH.toUpperCase(), ['hash']],
    ['abababab', ['path']],
    ['2026-11-24', ['date']],
    ['2026-11-25', ['date']],
    ['2026-11-23', []],
    ['2026-13-24', []],
    ['EOS R5', []],
    ['cd'.repeat(32), []],
  ];
  for (const [text, meanings] of cases) t.deepEqual([text, meaningsOf(text)], [text, meanings]);
});

test('a day is told on the clock of the offload, UTC where the zone is unknown', (t) => {
  const other = {...picture, shoot: 'Shoot', timeZone: 'Nowhere/None'};
  t.deepEqual(meaningsOf('2026-11-24', other), ['date']);
  t.deepEqual(meaningsOf('2026-11-25', other), []);
  t.deepEqual(meaningsOf('2026-11-24', {...other, mtimeNs: 10n ** 40n}), []);
  t.deepEqual(meaningsOf('2026-11-24', {...picture, shoot: '2026-11-240', mtimeNs: 0n}), []);
});

test('on Windows a path may be written with backslashes', (t) => {
  const text = '100CANON\\IMG_0412';
  t.true(isMeant(picture, readQuestion(text, 'win32'), 'path'));
  t.false(isMeant(picture, readQuestion(text, 'posix'), 'path'));
});

test('a shoot of that name comes before a path that has it, whatever is seen first', (t) => {
  const named = {...picture, shoot: 'IMG_0412', path: 'a.jpg', target: 'a.jpg'};
  for (const files of [
    [picture, named],
    [named, picture],
  ]) {
    const wanted = new WantedFiles<string>([readQuestion('IMG_0412', 'posix')]);
    for (const file of files) wanted.add(file, [], ['/W/x']);
    const {files: chosen, answers} = wanted.choose();
    t.deepEqual(
      chosen.map(({file}) => file.shoot),
      ['IMG_0412'],
    );
    t.is(answers[0]?.meaning, 'shoot');
  }
});

test('a hash means one file, one that can be read; the newest sight of a drive counts', (t) => {
  const wanted = new WantedFiles<string>([readQuestion(HASH, 'posix')]);
  const drive = {volume: 'v', name: 'W'};
  wanted.add({...picture, shoot: 'A'}, [{...drive, seenAt: '2026-01-01T00:00:00Z'}], []);
  wanted.add({...picture, shoot: 'B'}, [{...drive, seenAt: '2026-02-01T00:00:00Z'}], ['/W/x']);
  wanted.add({...picture, shoot: 'B'}, [{...drive, seenAt: '2026-01-01T00:00:00Z'}], []);
  wanted.add({...picture, hash: 'cd'.repeat(32)}, [], ['/W/y']);
  const [file, ...others] = wanted.choose().files;
  t.deepEqual(others, []);
  t.is(file?.file.shoot, 'B');
  t.is(file?.drives.get('v')?.seenAt, '2026-02-01T00:00:00Z');
});
