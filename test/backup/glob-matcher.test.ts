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

test('a pattern that would take for ever is refused, the worst that is not takes no time', (t) => {
  t.false(matchGlobs([`${'*a'.repeat(4)}b`]).ok);
  t.false(matchGlobs(['**/a/**/b/**/c']).ok);
  const names = matchGlobs([`${'*a'.repeat(3)}b`]);
  const paths = matchGlobs([`**/a/**/${'*a'.repeat(3)}b`]);
  if (!names.ok || !paths.ok) return t.fail();
  const begun = performance.now();
  t.false(names.value('a'.repeat(255), false));
  t.false(paths.value(`${'a/'.repeat(60)}${'a'.repeat(255)}`, false));
  t.log(`${Math.round(performance.now() - begun)} ms`);
});
