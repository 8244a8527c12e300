import test from 'ava';
import fc from 'fast-check';
import {printable} from '../../src/core/printable.ts';
import {ALL_NAMES} from './odd-names.ts';

const printed: ReadonlyArray<readonly [text: string, shown: string]> = [
  ['IMG_0001.JPG', 'IMG_0001.JPG'],
  ['写真_001.JPG', '写真_001.JPG'],
  ['emoji_📷🎬.JPG', 'emoji_📷🎬.JPG'],
  ['Zoe\u0308.JPG', 'Zoe\u0308.JPG'],
  [' leading space.JPG', ' leading space.JPG'],
  ['', ''],
  ['new\nline.JPG', 'new\\nline.JPG'],
  ['tab\there.JPG', 'tab\\there.JPG'],
  ['bell\x07.JPG', 'bell\\x07.JPG'],
  ['latin1_\uDCE9.JPG', 'latin1_\\xE9.JPG'],
  ['trailing space ', 'trailing space\\x20'],
  ['\r\x1b[2J\x1b]8;;x\x07\x7f\0', '\\r\\x1b[2J\\x1b]8;;x\\x07\\x7f\\x00'],
  ['\u0085\u009B31m', '\\u{85}\\u{9b}31m'],
  ['a\u202Egpj.exe', 'a\\u{202e}gpj.exe'],
  ['\u202A\u2066\u2069', '\\u{202a}\\u{2066}\\u{2069}'],
  ['\u200B\u200F\u2060\uFEFF\u061C', '\\u{200b}\\u{200f}\\u{2060}\\u{feff}\\u{61c}'],
  ['\u2028\u2029', '\\u{2028}\\u{2029}'],
  ['\uD83D\u{E0041}', '\\u{d83d}\\u{e0041}'],
  ['back\\slash.JPG', 'back\\slash.JPG'],
  ['end\\', 'end\\'],
  ['new\\nline.JPG', 'new\\\\nline.JPG'],
  ['\\xE9', '\\\\xE9'],
  ['\\xyz \\u202e', '\\xyz \\u202e'],
  ['\\\n', '\\\\\\n'],
  ['C:\\new\\test\\x41', 'C:\\new\\test\\x41'],
  ['\\\\nas\\raw', '\\\\nas\\raw'],
  ['C:\\new\n', 'C:\\\\new\\n'],
];

for (const [text, shown] of printed) {
  test(`prints ${JSON.stringify(text)}`, (t) => {
    t.is(printable(text), shown);
  });
}

test('every name of the sample cards prints on one line, and no two alike', (t) => {
  const shown = ALL_NAMES.map(printable);
  for (const line of shown) t.notRegex(line, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  t.is(new Set(shown).size, new Set(ALL_NAMES).size);
});

/** Reads what `printable` prints; the test holds it to be without doubt. */
function readPrinted(shown: string): string {
  const escapes = /\\(?:([ntr\\])|x([0-9a-fA-F]{2})|u\{([0-9a-f]+)\})/g;
  const short: Record<string, string> = {n: '\n', t: '\t', r: '\r', '\\': '\\'};
  return shown.replace(escapes, (_, letter?: string, byte?: string, code?: string) => {
    if (letter !== undefined) return short[letter] ?? '';
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    const value = Number.parseInt(byte ?? '', 16);
    return String.fromCharCode(value < 0x80 ? value : 0xdc00 + value);
  });
}

const escapeLike = fc
  .array(
    fc.constantFrom(
      ...[
        '\\',
        '\\',
        'n',
        'x',
        'E',
        '9',
        'u',
        '{',
        '}',
        ' ',
        '\n',
        '\uDCE9',
        '\uD800',
        '\u202E',
        '\x1b',
        '\u0085',
      ],
    ),
    {maxLength: 9},
  )
  .map((pieces) => pieces.join(''));

test('two different texts never print alike', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.oneof(escapeLike, fc.string({unit: 'binary'})), (text) => {
        fc.pre(!/^(?:[A-Za-z]:\\|\\\\)/.test(text));
        t.is(readPrinted(printable(text)), text);
      }),
      {numRuns: 5000},
    );
  });
});
