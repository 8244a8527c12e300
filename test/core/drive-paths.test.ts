import test from 'ava';
import fc from 'fast-check';
import {isInside, parseUserPath, toLongPath} from '../../src/core/drive-paths.ts';

function parse(text: string, platform: 'win32' | 'posix', cwd: string): string {
  const parsed = parseUserPath({text, cwd, platform});
  return parsed.ok ? parsed.value : parsed.cause.code;
}

const windows: ReadonlyArray<readonly [text: string, path: string]> = [
  ['E:', 'E:\\'],
  ['e:', 'E:\\'],
  ['E:\\', 'E:\\'],
  ['e:/', 'E:\\'],
  ['e:\\x', 'E:\\x'],
  ['E:/x/y/', 'E:\\x\\y'],
  ['E:\\x\\\\y\\.\\z\\..', 'E:\\x\\y'],
  ['E:\\..\\..\\x', 'E:\\x'],
  ['\\\\server\\share', '\\\\server\\share\\'],
  ['\\\\server\\share\\', '\\\\server\\share\\'],
  ['\\\\server\\share\\x', '\\\\server\\share\\x'],
  ['//server/share/x/', '\\\\server\\share\\x'],
  ['\\\\server\\\\share\\x\\..\\..\\y', '\\\\server\\share\\y'],
  ['\\\\?\\E:\\x', 'E:\\x'],
  ['\\\\?\\e:', 'E:\\'],
  ['//?/E:/x', 'E:\\x'],
  ['\\\\?\\UNC\\server\\share\\x', '\\\\server\\share\\x'],
  ['\\\\?\\unc\\server\\share', '\\\\server\\share\\'],
  [
    '\\\\?\\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\\x\\..\\..\\..',
    '\\\\?\\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\\',
  ],
  ['\\foo', 'C:\\foo'],
  ['/foo/', 'C:\\foo'],
  ['.', 'C:\\Users\\me'],
  ['foo', 'C:\\Users\\me\\foo'],
  ['foo bar\\写真', 'C:\\Users\\me\\foo bar\\写真'],
  ['..\\..\\..\\..\\x', 'C:\\x'],
  ['~', 'C:\\Users\\me\\~'],
  ['', 'path-empty'],
  ['E:\\a\0b', 'path-nul'],
  ['C:foo', 'path-drive-relative'],
  ['c:..', 'path-drive-relative'],
  ['\\\\?\\C:foo', 'path-drive-relative'],
  ['E:"', 'path-quote'],
  ['\\\\server', 'path-share'],
  ['\\\\server\\', 'path-share'],
  ['\\\\server\\..\\x', 'path-share'],
  ['\\\\..\\server\\x', 'path-share'],
  ['\\\\.\\PhysicalDrive0', 'path-device'],
  ['\\\\.\\E:', 'path-device'],
  ['\\\\?\\GLOBALROOT\\Device\\Harddisk0', 'path-device'],
  ['NUL', 'path-device'],
  ['E:\\aux\\x', 'path-device'],
  ['con.txt', 'path-device'],
  ['E:\\x:stream', 'path-character'],
  ['EE:\\x', 'path-character'],
  ['what?', 'path-character'],
  ['\\\\server\\sha*re\\x', 'path-character'],
  ['a\nb', 'path-character'],
];

for (const [text, path] of windows) {
  test(`Windows: ${JSON.stringify(text)}`, (t) => {
    t.is(parse(text, 'win32', 'C:\\Users\\me'), path);
  });
}

test('Windows: from a current folder on a share, or with the long prefix', (t) => {
  t.is(parse('\\foo', 'win32', '\\\\nas\\photos\\2026'), '\\\\nas\\photos\\foo');
  t.is(parse('..\\..\\foo', 'win32', '\\\\nas\\photos\\2026'), '\\\\nas\\photos\\foo');
  t.is(parse('foo', 'win32', '\\\\?\\d:\\x'), 'D:\\x\\foo');
  t.is(parse('E:', 'win32', 'E:\\DCIM'), 'E:\\');
});

const posix: ReadonlyArray<readonly [text: string, path: string]> = [
  ['/media/W/', '/media/W'],
  ['/', '/'],
  ['//', '/'],
  ['/../..', '/'],
  ['x/../y//z/.', '/home/me/y/z'],
  ['.', '/home/me'],
  ['..', '/home'],
  ['~', '/home/me/~'],
  ['E:', '/home/me/E:'],
  ['back\\slash', '/home/me/back\\slash'],
  [' ', '/home/me/ '],
  ['new\nline', '/home/me/new\nline'],
  ['', 'path-empty'],
  ['/a\0b', 'path-nul'],
];

for (const [text, path] of posix) {
  test(`POSIX: ${JSON.stringify(text)}`, (t) => {
    t.is(parse(text, 'posix', '/home/me'), path);
  });
}

test('a refused path tells the path, what is wrong and what to do', (t) => {
  const parsed = parseUserPath({text: 'C:foo', cwd: 'C:\\', platform: 'win32'});
  t.deepEqual(parsed, {
    ok: false,
    cause: {
      code: 'path-drive-relative',
      path: 'C:foo',
      message:
        'The path means a place below the current folder of that drive, which may be anywhere.',
      next: 'Write it from the root of the drive: C:\\foo',
    },
  });
});

const windowsText = fc
  .array(
    fc.constantFrom(
      ...[
        '\\',
        '/',
        '..',
        '.',
        'C:',
        'e:',
        '\\\\',
        '\\\\?\\',
        '\\\\.\\',
        'UNC\\',
        'srv\\share',
        'x',
        ' ',
        'CON',
      ],
    ),
    {minLength: 1, maxLength: 7},
  )
  .map((pieces) => pieces.join(''));

test('a Windows path that is taken is absolute, has no dots left and is taken again unchanged', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(windowsText, (text) => {
        const parsed = parseUserPath({text, cwd: 'C:\\Users\\me', platform: 'win32'});
        if (!parsed.ok) return t.regex(parsed.cause.code, /^path-/);
        t.regex(parsed.value, /^[A-Z]:\\|^\\\\[^\\?.]/);
        t.notRegex(parsed.value, /(?:^|\\)\.\.?(?:\\|$)/);
        t.is(parse(parsed.value, 'win32', 'D:\\'), parsed.value);
      }),
      {numRuns: 3000},
    );
  });
});

test('long paths get the prefix from 248 characters on', (t) => {
  const rest = (length: number) => 'x'.repeat(length);
  t.is(toLongPath(`E:\\${rest(244)}`), `E:\\${rest(244)}`);
  t.is(toLongPath(`E:\\${rest(245)}`), `\\\\?\\E:\\${rest(245)}`);
  t.is(toLongPath(`\\\\nas\\p\\${rest(300)}`), `\\\\?\\UNC\\nas\\p\\${rest(300)}`);
  t.is(toLongPath(`\\\\?\\E:\\${rest(300)}`), `\\\\?\\E:\\${rest(300)}`);
  t.is(toLongPath(rest(300)), rest(300));
  t.is(parse(toLongPath(`E:\\${rest(245)}`), 'win32', 'C:\\'), `E:\\${rest(245)}`);
});

const relations: ReadonlyArray<
  readonly ['win32' | 'posix', parent: string, child: string, 'same' | 'inside' | 'outside']
> = [
  ['posix', '/a', '/a', 'same'],
  ['posix', '/a/', '/a', 'same'],
  ['posix', '/a', '/a/b/c', 'inside'],
  ['posix', '/a/b', '/a', 'outside'],
  ['posix', '/a', '/ab', 'outside'],
  ['posix', '/a', '/A', 'outside'],
  ['posix', '/', '/a', 'inside'],
  ['posix', '/', '/', 'same'],
  ['posix', '/a', '/a/../b', 'outside'],
  ['posix', '/a', '/a/..b', 'inside'],
  ['win32', 'E:\\', 'e:\\', 'same'],
  ['win32', 'E:\\', 'E:\\x', 'inside'],
  ['win32', 'E:', 'E:\\x', 'inside'],
  ['win32', 'E:\\DCIM', 'e:\\dcim\\X', 'inside'],
  ['win32', 'E:\\DCIM', 'E:/dcim/', 'same'],
  ['win32', 'E:\\DCIM', 'E:\\DCIM2', 'outside'],
  ['win32', 'E:\\DCIM', 'E:\\dcim. \\x', 'inside'],
  ['win32', 'E:\\', 'F:\\', 'outside'],
  ['win32', '\\\\nas\\p', '\\\\NAS\\P\\x', 'inside'],
  ['win32', '\\\\nas\\p', '\\\\nas\\p2', 'outside'],
  ['win32', 'E:\\x', '\\\\?\\E:\\X\\y', 'inside'],
];

for (const [platform, parent, child, relation] of relations) {
  test(`${platform}: ${child} is ${relation} ${parent}`, (t) => {
    t.is(isInside({parent, child, platform}), relation);
  });
}
