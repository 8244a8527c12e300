import test from 'ava';
import {matchGlobs} from '../../src/backup/glob-matcher.ts';

const matches: ReadonlyArray<
  readonly [glob: string, path: string, isFolder: boolean, out: boolean]
> = [
  ['*.tmp', 'a.tmp', false, true],
  ['*.tmp', 'a/b/.c.tmp', false, true],
  ['*.tmp', 'a.TMP', false, false],
  ['*.{tmp,bak}', 'a/x.bak', false, true],
  ['Cache/', 'a/Cache', true, true],
  ['Cache/', 'a/Cache', false, false],
  ['Cache', 'a/Cache', false, true],
  ['2019/*.jpg', '2019/a.jpg', false, true],
  ['2019/*.jpg', '2019/b/a.jpg', false, false],
  ['2019/**', '2019/b/.a.jpg', false, true],
  ['**/Previews.lrdata/', 'a/b/Previews.lrdata', true, true],
  ['IMG_[0-4]*', 'IMG_3.CR3', false, true],
  ['IMG_[0-4]*', 'IMG_5.CR3', false, false],
  ['IMG (1).*', 'IMG (1).jpg', false, true],
  ['IMG_????.JPG', 'd/IMG_0412.JPG', false, true],
  ['.*', 'a/.hidden', false, true],
  ['.*', 'a/b', false, false],
  ['+x', '+x', false, true],
];
for (const [glob, path, isFolder, out] of matches) {
  test(`${glob} ${out ? 'leaves out' : 'keeps'} ${path}${isFolder ? '/' : ''}`, (t) => {
    const made = matchGlobs([glob]);
    if (!made.ok) throw new Error(made.cause.message);
    t.is(made.value(path, isFolder), out);
  });
}

test('no globs leave nothing out', (t) => {
  const made = matchGlobs([]);
  t.is(made.ok && made.value('a', false), false);
});

const nonsense: ReadonlyArray<readonly [glob: string, what: RegExp]> = [
  ['', /is empty/],
  ['  ', /is empty/],
  ['/a', /not below/],
  ['C:/a', /not below/],
  ['~/a', /not below/],
  ['a\\b', /backslash/],
  ['../a', /holds \. or \.\./],
  ['a/./b', /holds \. or \.\./],
  ['a//b', /empty part/],
  ['a[b', /bracket/],
  ['a]b', /bracket/],
  ['{a,b', /bracket/],
  ['a}', /bracket/],
  ['!*.raf', /kept/],
  ['!(*.raf)', /kept/],
  ['*', /everything/],
  ['**', /everything/],
  ['**/*', /everything/],
  ['*/', /everything/],
  ['{*,a}', /everything/],
  ['?*', /everything/],
  ['a\nb', /control/],
  ['x'.repeat(501), /too long/],
];
for (const [glob, what] of nonsense) {
  test(`refuses ${JSON.stringify(glob.slice(0, 20))}`, (t) => {
    const made = matchGlobs(['*.tmp', glob]);
    t.is(!made.ok && made.cause.code, 'bad-filter');
    t.regex(made.ok ? '' : made.cause.message, what);
    t.true(!made.ok && made.cause.next.length > 0);
  });
}

test('refuses filters that leave everything out together', (t) => {
  t.false(matchGlobs(['[!a]*', '?']).ok && matchGlobs(['[!a]*']).ok);
  t.false(matchGlobs(Array.from({length: 101}, (_, at) => `${at}`)).ok);
});

test('a pattern that could take for ever takes no time', (t) => {
  const made = matchGlobs([`${'*a'.repeat(60)}b`]);
  const begun = performance.now();
  if (made.ok) made.value('a'.repeat(200), false);
  t.true(performance.now() - begun < 1000);
});
