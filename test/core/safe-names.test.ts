import test from 'ava';
import fc from 'fast-check';
import {encodeName, isWellFormedName} from '../../src/core/file-names.ts';
import {fitsLimits, hashName} from '../../src/core/name-length.ts';
import {
  foldName,
  isDeviceName,
  type NamingRules,
  numberedName,
  PORTABLE_RULES,
  safeName,
} from '../../src/core/safe-names.ts';
import {splitName} from '../../src/core/split-name.ts';
import {
  ALL_NAMES,
  ALL_RULES,
  APFS,
  EXFAT,
  EXFAT_NAMES,
  LINUX,
  LONG_ACCENTS,
  LONG_ASCII,
  POSIX_NAMES,
} from './odd-names.ts';

const TIGHT: NamingRules = {...PORTABLE_RULES, maxBytes: 64, maxUnits: 64};
const everyRules = fc.constantFrom(LINUX, EXFAT, APFS, PORTABLE_RULES, TIGHT);

/** Names made of what breaks names. */
const nastyName = fc.oneof(
  fc.constantFrom(...ALL_NAMES),
  fc
    .array(
      fc.constantFrom(
        ...[
          '.',
          ' ',
          '/',
          '\\',
          ':',
          '\0',
          '\n',
          '%',
          '~',
          '-',
          '2',
          'a',
          'A',
          'é',
          'e\u0301',
          '📷',
          'ß',
        ],
        ...[
          '\uDCE9',
          '\uD800',
          'CON',
          'nul',
          'COM1',
          'lpt\u00B2',
          'CONIN$',
          '.JPG',
          'x'.repeat(120),
        ],
      ),
      {maxLength: 8},
    )
    .map((pieces) => pieces.join('')),
  fc.string({unit: 'binary', maxLength: 300}),
);

test('a name that the drive can hold stays', (t) => {
  for (const name of EXFAT_NAMES) {
    t.is(safeName(name, EXFAT), name);
    t.is(safeName(name, LINUX), name);
    t.is(safeName(name, APFS), name);
  }
});

for (const [name, onWindows] of POSIX_NAMES) {
  test(`sample card: ${JSON.stringify(name)}`, (t) => {
    t.is(safeName(name, EXFAT), onWindows);
    const onLinux = isWellFormedName(name) ? name : 'latin1_%E9.JPG';
    t.is(safeName(name, LINUX), onLinux);
    t.is(safeName(name, APFS), onLinux);
  });
}

const changed: ReadonlyArray<readonly [name: string, posix: string, windows: string]> = [
  ['', '_', '_'],
  ['.', '%2E', '%2E'],
  ['..', '%2E%2E', '%2E%2E'],
  ['...', '...', '%2E%2E%2E'],
  ['a/b', 'a%2Fb', 'a%2Fb'],
  ['../etc', '..%2Fetc', '..%2Fetc'],
  ['nul\0byte', 'nul%00byte', 'nul%00byte'],
  ['\x1b[31mred', '\x1b[31mred', '%1B[31mred'],
  ['del\x7f', 'del\x7f', 'del%7F'],
  ['name. .', 'name. .', 'name%2E%20%2E'],
  ['half\uD83D', 'half%ED%A0%BD', 'half%ED%A0%BD'],
  ['con', 'con', 'con_'],
  ['Con.tar.gz', 'Con.tar.gz', 'Con_.tar.gz'],
  ['LPT9  .txt', 'LPT9  .txt', 'LPT9_  .txt'],
  ['COM\u00B9.JPG', 'COM\u00B9.JPG', 'COM\u00B9_.JPG'],
  ['lpt0', 'lpt0', 'lpt0_'],
  ['CONIN$', 'CONIN$', 'CONIN$_'],
  ['conout$.log', 'conout$.log', 'conout$_.log'],
  ['PRN.', 'PRN.', 'PRN%2E'],
  ['NUL ', 'NUL ', 'NUL%20'],
  ['CONTROL.JPG', 'CONTROL.JPG', 'CONTROL.JPG'],
  ['COM10.JPG', 'COM10.JPG', 'COM10.JPG'],
  ['CON_.JPG', 'CON_.JPG', 'CON_.JPG'],
];

for (const [name, onPosix, onWindows] of changed) {
  test(`safe name of ${JSON.stringify(name)}`, (t) => {
    t.is(safeName(name, LINUX), onPosix);
    t.is(safeName(name, EXFAT), onWindows);
  });
}

test('device names in every case, with and without extension', (t) => {
  for (const word of ['con', 'Prn', 'AUX', 'nul', 'com0', 'COM9', 'lpt1', 'LPT\u00B3', 'CONOUT$']) {
    t.true(isDeviceName(word));
    t.true(isDeviceName(`${word}.JPG`));
    t.true(isDeviceName(`${word} .JPG`));
    t.false(isDeviceName(`${word}x.JPG`));
    t.false(isDeviceName(`x${word}.JPG`));
  }
});

test('a safe name is safe again unchanged, fits, and holds nothing that is refused', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(nastyName, everyRules, (name, rules) => {
        const safe = safeName(name, rules);
        t.is(safeName(safe, rules), safe);
        t.true(fitsLimits(safe, rules));
        t.true(isWellFormedName(safe));
        t.notRegex(safe, rules.family === 'windows' ? /[\0-\x1F\x7F<>:"/\\|?*]|[. ]$/ : /[\0/]/);
        t.false(['', '.', '..'].includes(safe));
        t.false(rules.family === 'windows' && isDeviceName(safe));
      }),
      {numRuns: 2000},
    );
  });
});

test('the names on the sample cards are as long as the drives allow, one more is cut', (t) => {
  t.is(encodeName(LONG_ASCII).length, 255);
  t.is(encodeName(LONG_ACCENTS).length, 244);
  const tooLong = `a${LONG_ASCII}`;
  const cut = safeName(tooLong, LINUX);
  t.is(encodeName(cut).length, 255);
  t.regex(cut, /^a{242}~[0-9a-f]{8}\.JPG$/);
  t.not(cut, safeName(`b${LONG_ASCII}`, LINUX));
  t.is(cut, safeName(tooLong, EXFAT));
});

test('bytes and UTF-16 units are counted apart', (t) => {
  const name = `${'é'.repeat(200)}.JPG`;
  t.is(safeName(name, EXFAT), name);
  t.regex(safeName(name, LINUX), /^é{121}~[0-9a-f]{8}\.JPG$/);
});

test('a cut goes through no character and no escape', (t) => {
  for (let before = 0; before < 6; before += 1) {
    const camera = safeName(`${'x'.repeat(before)}${'📷'.repeat(200)}.JPG`, LINUX);
    t.true(isWellFormedName(camera));
    t.regex(camera, /^x*(?:📷)+~[0-9a-f]{8}\.JPG$/u);
    const colons = safeName(`${'x'.repeat(before)}${':'.repeat(200)}.JPG`, EXFAT);
    t.regex(colons, /^x*(?:%3A)+~[0-9a-f]{8}\.JPG$/);
  }
});

test('what follows the last dot of a long sentence is cut too', (t) => {
  const cut = safeName(`Mr. ${'x'.repeat(300)}`, LINUX);
  t.regex(cut, /^Mr\. x+~[0-9a-f]{8}$/);
});

test('limits that leave no room are a broken invariant', (t) => {
  t.throws(() => safeName('a long name.JPG', {...LINUX, maxBytes: 8}), {instanceOf: RangeError});
});

test('the hash is FNV-1a: vectors of its authors', (t) => {
  t.is(hashName(''), '811c9dc5');
  t.is(hashName('a'), 'e40c292c');
  t.is(hashName('foobar'), 'bf9cf968');
});

const numbered: ReadonlyArray<readonly [string, string]> = [
  ['IMG_0001.JPG', 'IMG_0001-2.JPG'],
  ['DSC_0001.JPG.JPG', 'DSC_0001.JPG-2.JPG'],
  ['no_extension', 'no_extension-2'],
  ['.hidden', '.hidden-2'],
  ['.hidden.JPG', '.hidden-2.JPG'],
  ['CON.JPG', 'CON_-2.JPG'],
  ['trailing dot.', 'trailing dot%2E-2'],
];

for (const [name, expected] of numbered) {
  test(`numbered: ${name}`, (t) => {
    t.is(numberedName({name, n: 2, rules: EXFAT}), expected);
  });
}

test('a dot at the end begins no extension', (t) => {
  t.is(numberedName({name: 'trailing dot.', n: 2, rules: LINUX}), 'trailing dot.-2');
  t.deepEqual(splitName('a.'), {stem: 'a.', ext: ''});
  t.deepEqual(splitName('.a'), {stem: '.a', ext: ''});
});

test('a numbered name is safe, differs from the plain one and from other numbers', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(nastyName, fc.integer({min: 2, max: 1_000_000}), everyRules, (name, n, rules) => {
        const first = numberedName({name, n, rules});
        t.is(safeName(first, rules), first);
        t.not(foldName(first, rules), foldName(safeName(name, rules), rules));
        t.not(foldName(first, rules), foldName(numberedName({name, n: n + 1, rules}), rules));
      }),
      {numRuns: 2000},
    );
  });
});

test('a numbered long name keeps number and extension', (t) => {
  const name = numberedName({name: LONG_ASCII, n: 12, rules: LINUX});
  t.regex(name, /^a+~[0-9a-f]{8}-12\.JPG$/);
  t.is(name.length, 255);
});

test('names meet where the drive says so', (t) => {
  const meet = (a: string, b: string, rules: NamingRules) =>
    foldName(a, rules) === foldName(b, rules);
  t.false(meet('case.jpg', 'CASE.JPG', LINUX));
  t.true(meet('case.jpg', 'CASE.JPG', EXFAT));
  t.true(meet('case.jpg', 'CASE.JPG', APFS));
  t.false(meet('Zo\u00EB.JPG', 'Zoe\u0308.JPG', LINUX));
  t.false(meet('Zo\u00EB.JPG', 'Zoe\u0308.JPG', EXFAT));
  t.true(meet('Zo\u00EB.JPG', 'ZOE\u0308.jpg', APFS));
  t.true(meet('Straße', 'STRASSE', APFS));
  t.true(meet('ς', 'σ', EXFAT));
  t.true(meet('a\u200Db', 'ab', APFS));
  t.false(meet('a', 'b', PORTABLE_RULES));
});

test('every character meets its upper and lower case, as an upcase table has it', (t) => {
  for (let code = 0; code <= 0x10ffff; code += 1) {
    if (code === 0xd800) code = 0xe000;
    const character = String.fromCodePoint(code);
    const key = foldName(character, EXFAT);
    if (foldName(character.toUpperCase(), EXFAT) !== key)
      t.fail(`upper case of U+${code.toString(16)}`);
    if (foldName(character.toLowerCase(), EXFAT) !== key)
      t.fail(`lower case of U+${code.toString(16)}`);
  }
  t.pass();
});

test('the rules differ where they should', (t) => {
  t.deepEqual(
    ALL_RULES.map(([name, rules]) => [name, safeName('a:b', rules)]),
    [
      ['Linux', 'a:b'],
      ['exFAT', 'a%3Ab'],
      ['APFS', 'a:b'],
    ],
  );
});
