import test from 'ava';
import fc from 'fast-check';
import {
  endReading,
  initialKeyReading,
  type KeyRead,
  readKeys,
  waitForInput,
} from '../../../src/core/session/read-keys.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The keys of input that comes in these pieces, and then no more. */
function read(...pieces: readonly (string | Uint8Array)[]): readonly KeyRead[] {
  const keys: KeyRead[] = [];
  let reading = initialKeyReading;
  for (const piece of pieces) {
    const next = readKeys(typeof piece === 'string' ? bytesOf(piece) : piece, reading);
    keys.push(...next.keys);
    reading = next.reading;
  }
  return [...keys, ...endReading(reading)];
}

/** `up`, `"q"`: as short as it can be compared. */
const names = (keys: readonly KeyRead[]) =>
  keys.map((key) => (key.key === 'text' ? `"${key.text}"` : key.key)).join(' ');

const KEYS: ReadonlyArray<readonly [input: string, keys: string]> = [
  ['q', '"q"'],
  ['jjj', '"j" "j" "j"'],
  [' ?', '" " "?"'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\x7f\b', 'backspace backspace'],
  ['\x03', 'ctrl-c'],
  ['\x1a', 'suspend'],
  ['\x0c', 'redraw'],
  ['\x1b', 'escape'],
  ['\x1b\x1b', 'escape escape'],
  ['\x1b[A\x1b[B\x1b[C\x1b[D', 'up down right left'],
  ['\x1bOA\x1bOB\x1bOC\x1bOD', 'up down right left'],
  ['\x1b[H\x1b[F\x1bOH\x1bOF', 'home end home end'],
  ['\x1b[1~\x1b[4~\x1b[7~\x1b[8~', 'home end home end'],
  ['\x1b[3~\x1b[5~\x1b[6~', 'delete page-up page-down'],
  // With Ctrl, Shift or Alt held.
  ['\x1b[1;5C\x1b[1;2A\x1b[3;2~\x1b[5;5~', 'right up delete page-up'],
  ['\x1bOM', 'enter'],
  // Of a terminal that another program left in kitty's protocol.
  ['\x1b[99;5u\x1b[27u\x1b[13u', 'ctrl-c escape enter'],
  // UTF-8: Latin, CJK, emoji, an emoji of several characters.
  ['é', '"é"'],
  ['写真', '"写" "真"'],
  ['👍', '"👍"'],
  ['👩‍🚀', '"👩" "\u200d" "🚀"'],
  // A name that ends in keys.
  ['Marta\r', '"M" "a" "r" "t" "a" enter'],
];
for (const [input, keys] of KEYS) {
  test(`${JSON.stringify(input)} is ${keys}`, (t) => {
    t.is(names(read(input)), keys);
  });
}

const NO_KEYS: readonly string[] = [
  '',
  '\x00\x01\x05\x1c\x1f',
  // Function keys of xterm and of the Linux console; Shift-Tab; Insert.
  '\x1bOP\x1b[15~\x1b[[A\x1b[[E\x1b[Z\x1b[2~',
  // The window got and lost the focus; the mouse, in the form of SGR and of X10.
  '\x1b[I\x1b[O\x1b[<0;10;20M\x1b[<0;10;20m\x1b[M !!\x1b[Mqqq',
  // Answers of a terminal: its colours, its name, its cursor.
  '\x1b]11;rgb:0000/0000/0000\x07\x1b]10;rgb:ffff/ffff/ffff\x1b\\',
  '\x1bP>|XTerm(390)\x1b\\\x1b[?62;4c\x1b[24;80R\x1b_Gi=1;OK\x1b\\',
  // With Alt.
  '\x1bq\x1bQ\x1bé\x1b写\x1b👍\x1b\r\x1b\x7f',
  // A bracket with Alt, and nothing after it.
  '\x1b[',
  '\x1b]',
  '\x1b[1;5',
  '\x80\x9b',
];
for (const input of NO_KEYS) {
  test(`${JSON.stringify(input)} is no key and no text`, (t) => {
    t.deepEqual(read(input), []);
  });
}

test('bytes that are no UTF-8 are no text, and what comes after them is', (t) => {
  const broken: ReadonlyArray<readonly number[]> = [
    [0xff],
    [0xc3],
    [0xe2, 0x82],
    [0xf0, 0x9f, 0x91],
    // Overlong, a surrogate, beyond the last character.
    [0xc0, 0xaf],
    [0xe0, 0x80, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
  ];
  for (const bytes of broken) {
    t.is(names(read(Uint8Array.from([...bytes, 0x71]))), '"q"', String(bytes));
  }
});

const PASTES: ReadonlyArray<readonly [pasted: string, text: string]> = [
  ['Marta & Jan', 'Marta & Jan'],
  ['two\r\nlines\n', 'two lines'],
  ['a\tb', 'a b'],
  ['\n\nq\r', 'q'],
  ['a\x03b\x1ac\x07d', 'abcd'],
  ['red \x1b[31mtext\x1b[0m', 'red text'],
  ['\x1b]0;title\x07name', 'name'],
  ['写真 👍 é', '写真 👍 é'],
  ['\x1b[200~x', 'x'],
  ['a\u2028b', 'a b'],
  ['x'.repeat(10_000), 'x'.repeat(4096)],
];
for (const [pasted, text] of PASTES) {
  test(`pasted, ${JSON.stringify(pasted.slice(0, 30))} is one text`, (t) => {
    const input = `\x1b[200~${pasted}\x1b[201~`;
    t.deepEqual(read(`${input}q`), [
      {key: 'text', text},
      {key: 'text', text: 'q'},
    ]);
  });
}

test('an empty paste is no key', (t) => {
  t.deepEqual(read('\x1b[200~\x1b[201~'), []);
  t.deepEqual(read('\x1b[200~\r\n\x1b[201~'), []);
});

test('a paste that never ends is one after a while', (t) => {
  t.is(names(read('\x1b[200~abc\x1b[20')), '"abc"');
});

test('only Escape waits shortly; what is complete waits for nothing', (t) => {
  const wait = (input: string) => waitForInput(readKeys(bytesOf(input), initialKeyReading).reading);
  t.is(wait('\x1b'), 50);
  t.is(wait('a\x1b[A\x1b'), 50);
  t.is(wait('\x1b['), 500);
  t.is(wait('\x1b[200~a'), 1000);
  t.is(wait('a\x1b[Aé\r'), null);
});

// Bytes that mean something, broken and whole, among bytes that mean nothing.
const piece = fc.oneof(
  fc.uint8Array({maxLength: 4}),
  fc.string({unit: 'grapheme', maxLength: 3}).map(bytesOf),
  fc
    .constantFrom(...KEYS.map(([input]) => input), ...NO_KEYS, '\x1b[200~', '\x1b[201~', '\x1b[')
    .map(bytesOf),
);
const input = fc.array(piece, {maxLength: 8}).map((pieces) => Buffer.concat(pieces));

test('where the input is cut does not matter', (t) => {
  fc.assert(
    fc.property(input, fc.infiniteStream(fc.nat({max: 5})), (bytes, cuts) => {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        const length = cuts.next().value ?? 1;
        pieces.push(bytes.subarray(at, at + length));
        at += length;
      }
      t.deepEqual(read(...pieces), read(bytes));
    }),
    {numRuns: 2000},
  );
});

test('Ctrl-C is never swallowed, whatever came before it', (t) => {
  fc.assert(
    fc.property(input, (bytes) => {
      fc.pre(!Buffer.from(bytes).includes('\x1b[200~'));
      t.is(
        readKeys(Buffer.concat([bytes, bytesOf('\x03')]), initialKeyReading).keys.at(-1)?.key,
        'ctrl-c',
      );
    }),
    {numRuns: 2000},
  );
});

test('no key of text holds a control, and typed text is one character', (t) => {
  fc.assert(
    fc.property(input, (bytes) => {
      for (const key of read(bytes)) {
        if (key.key !== 'text') continue;
        t.notRegex(key.text, /\p{Cc}|\p{Cs}/u);
        if (!Buffer.from(bytes).includes('\x1b[200~')) t.is([...key.text].length, 1);
      }
    }),
    {numRuns: 2000},
  );
});

test('an unknown sequence is never text', (t) => {
  const parameters = fc.string({unit: fc.constantFrom(...'0123456789;?<=>: !"$'), maxLength: 6});
  const final = fc.constantFrom(...'abcdefghijklmnopqrstvwxyzGIJKLNOPQRSTUVWXYZ@`{|}');
  fc.assert(
    fc.property(parameters, final, (body, end) => {
      t.deepEqual(read(`\x1b[${body}${end}`), []);
    }),
  );
});

test('a megabyte that is pasted is read in no time', (t) => {
  const startedMs = performance.now();
  const pieces = Array.from({length: 256}, () => 'x'.repeat(4096));
  t.is(read('\x1b[200~', ...pieces, '\x1b[201~').length, 1);
  t.true(performance.now() - startedMs < 5000);
});
