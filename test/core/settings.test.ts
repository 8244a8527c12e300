import test from 'ava';
import fc from 'fast-check';
import {causeText} from '../../src/core/cause-text.ts';
import {
  DEFAULT_SETTINGS,
  LONGEST_SETTINGS,
  parseSettings,
  type Settings,
} from '../../src/core/settings.ts';

const PATH = '/home/me/.config/offload/settings.json';
const parse = (value: unknown) => parseSettings(JSON.stringify(value), PATH);
/** What a screen shows, without the path in front. */
const say = (text: string) =>
  parseSettings(text, PATH).problems.map((problem) => causeText(problem).replace(`${PATH}: `, ''));

test('an empty object is the defaults', (t) => {
  t.deepEqual(parse({}), {settings: DEFAULT_SETTINGS, problems: []});
  t.deepEqual(DEFAULT_SETTINGS, {
    layout: '{shoot}/{card}/{path}',
    verify: 'copies',
    verifyOrder: 'auto',
    eject: false,
    thumbnails: true,
    keepAwake: true,
    presets: {},
  });
});

test('every member can be set, with a mark of Windows in front and in any order', (t) => {
  const settings: Settings = {
    keepAwake: false,
    thumbnails: false,
    eject: true,
    verifyOrder: 'after',
    verify: 'full',
    layout: '{shoot}/{card}/{name}',
    presets: {wedding: {layout: '{shoot}/{date}_{seq}.{ext}', eject: false}},
  };
  const text = `\uFEFF${JSON.stringify(settings, null, 2)}\r\n`;
  t.deepEqual(parseSettings(text, PATH), {settings, problems: []});
});

test('what is right is used, and what is not is told', (t) => {
  const {settings, problems} = parse({verify: 'full', eject: 'yes', thumbnails: false});
  t.deepEqual(settings, {...DEFAULT_SETTINGS, verify: 'full', thumbnails: false});
  t.deepEqual(problems, [
    {
      code: 'settings-value',
      path: PATH,
      message: '"eject" is "yes", but it must be true or false',
      next: 'Correct it in the file; until then it is false.',
    },
  ]);
});

const SENTENCES: ReadonlyArray<readonly [text: string, ...sentences: readonly string[]]> = [
  [
    '{"verify": "fast"}',
    '"verify" is "fast", but it must be "copies" or "full". Correct it in the file; until then it is "copies".',
  ],
  [
    '{"verifyOrder": null, "keepAwake": 1}',
    '"verifyOrder" is null, but it must be "auto" or "after" or "overlap". Correct it in the file; until then it is "auto".',
    '"keepAwake" is 1, but it must be true or false. Correct it in the file; until then it is true.',
  ],
  [
    '{"layout": ["{shoot}"]}',
    '"layout" is a list, but it must be text in quotes. Correct it in the file; until then it is "{shoot}/{card}/{path}".',
  ],
  [
    '{"layout": "{card}/{path}"}',
    '"layout" is "{card}/{path}" and cannot be used: The layout must start with {shoot}/ alone, because the record of the offload lies in that folder. Use for example {shoot}/{card}/{path} or {shoot}/{card}/{name}. Until then it is "{shoot}/{card}/{path}".',
  ],
  [
    '{"thumbnails": {}}',
    '"thumbnails" is an object, but it must be true or false. Correct it in the file; until then it is true.',
  ],
  [
    '{"colour": "red"}',
    '"colour" is no setting and has no effect. There are "layout", "verify", "verifyOrder", "eject", "thumbnails", "keepAwake" and "presets".',
  ],
  [
    '{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}',
    '"a", "b", "c", "d", "e" and 2 more are no settings and have no effect. There are "layout", "verify", "verifyOrder", "eject", "thumbnails", "keepAwake" and "presets".',
  ],
  [
    '{"__proto__": {"eject": true}}',
    '"__proto__" is no setting and has no effect. There are "layout", "verify", "verifyOrder", "eject", "thumbnails", "keepAwake" and "presets".',
  ],
  [
    '[]',
    'the settings are a list and not members in braces, so none of them is used. Write them as {"verify": "full"}.',
  ],
  [
    'null',
    'the settings are null and not members in braces, so none of them is used. Write them as {"verify": "full"}.',
  ],
  [
    '{\n  "verify": "full"\n  "eject": true\n}',
    'the settings are not JSON (line 3), so none of them is used. Look for a missing quote or comma, or one too many.',
  ],
  [
    '',
    'the settings are not JSON, so none of them is used. Look for a missing quote or comma, or one too many.',
  ],
];
for (const [text, ...sentences] of SENTENCES) {
  test(`the sentence for ${JSON.stringify(text)}`, (t) => {
    t.deepEqual(say(text), sentences);
  });
}

const WAIVERS = [
  'sameDrive',
  'cached',
  'allowSameDrive',
  'allow-same-drive',
  'acceptCached',
  'accept_cached',
  'waived',
];
for (const name of WAIVERS) {
  test(`no waiver can be set: ${name}`, (t) => {
    const {settings, problems} = parse({[name]: true, verify: 'full'});
    t.deepEqual(settings, {...DEFAULT_SETTINGS, verify: 'full'});
    t.deepEqual(problems, [
      {
        code: 'settings-waiver',
        path: PATH,
        message: `"${name}" has no effect here: a rule of the verdict is waived on the command line only, each time`,
        next: 'Remove it from the file. Where you mean it, give --allow-same-drive or --accept-cached.',
      },
    ]);
  });
}

test('what steers a terminal is shown escaped, once, and long values are cut', (t) => {
  t.deepEqual(say(JSON.stringify({verify: '\u001B[31m'})), [
    String.raw`"verify" is "\x1b[31m", but it must be "copies" or "full". Correct it in the file; until then it is "copies".`,
  ]);
  const [sentence = ''] = say(JSON.stringify({['📷'.repeat(20_000)]: 1}));
  t.true(sentence.startsWith(`"${'📷'.repeat(60)}…" is no setting`));
});

test('a file that is too long or too deep is no crash', (t) => {
  const long = parseSettings(`{"verify": "full"}${' '.repeat(LONGEST_SETTINGS)}`, PATH);
  t.deepEqual(long.settings, DEFAULT_SETTINGS);
  t.deepEqual(
    long.problems.map(({code}) => code),
    ['settings-too-long'],
  );
  const brackets = LONGEST_SETTINGS / 2 - 20;
  const deep = `{"verify":"full","layout":${'['.repeat(brackets)}${']'.repeat(brackets)}}`;
  const {settings, problems} = parseSettings(deep, PATH);
  t.deepEqual(settings, {...DEFAULT_SETTINGS, verify: 'full'});
  t.deepEqual(
    problems.map(({message}) => message),
    ['"layout" is a list, but it must be text in quotes'],
  );
});

test('whatever stands in the file, the settings are settings and every problem says what to do', (t) => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('full', 'after', '{shoot}/{name}'));
  const name = fc.oneof(fc.string(), fc.constantFrom(...Object.keys(DEFAULT_SETTINGS), ...WAIVERS));
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.dictionary(name, value).map((members) => JSON.stringify(members)),
  );
  fc.assert(
    fc.property(text, (given) => {
      const {settings, problems} = parseSettings(given, PATH);
      // Read again they are what they are: nothing wrong has come through.
      t.deepEqual(parse(settings), {settings, problems: []});
      t.true(
        problems.every(({path, message, next}) => path === PATH && message !== '' && next !== ''),
      );
    }),
  );
});

const BAD_PRESETS: ReadonlyArray<readonly [presets: unknown, sentence: string]> = [
  [[], '"presets" is a list, but it must be names with settings'],
  [{'': {}}, 'the preset "" is not used: its name cannot be typed'],
  [{'\u001B[31m': {}}, `the preset "\u001B[31m" is not used: its name cannot be typed`],
  [
    {a: {acceptCached: true}},
    'the preset "a" is not used: its "acceptCached" is none of layout, verify, verifyOrder and eject',
  ],
  [{a: {eject: 1}}, 'the preset "a" is not used: its "eject" is 1, but it must be true or false'],
  [
    {a: {layout: []}},
    'the preset "a" is not used: its "layout" is a list, but it must be text in quotes',
  ],
  [{a: 'b'}, 'the preset "a" is not used: it is "b", but it must be settings in { and }'],
  [
    {a: {__proto__x: 1}},
    'the preset "a" is not used: its "__proto__x" is none of layout, verify, verifyOrder and eject',
  ],
  [
    {a: {layout: '{shoot}/{sequence}'}},
    'the preset "a" is not used: its layout cannot be used: The layout has the unknown word {sequence}.',
  ],
];
for (const [presets, sentence] of BAD_PRESETS) {
  test(`presets that are not used: ${JSON.stringify(presets)}`, (t) => {
    const {settings, problems} = parse({presets, verify: 'full'});
    t.deepEqual(settings, {...DEFAULT_SETTINGS, verify: 'full'});
    t.deepEqual(
      problems.map(({code, message}) => [code, message]),
      [['settings-preset', sentence]],
    );
  });
}
