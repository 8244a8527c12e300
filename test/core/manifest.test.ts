import test from 'ava';
import fc from 'fast-check';
import {isWellFormedName} from '../../src/core/file-names.ts';
import {
  type Manifest,
  type ManifestBody,
  parseManifest,
  relativePath,
  sealManifest,
} from '../../src/core/manifest.ts';
import {hashText, loadHashEngine} from '../../src/system/hasher.ts';
import {sampleManifest} from './sample-manifest.ts';

const engine = await loadHashEngine();
const hashOfText = (text: string) => hashText(engine, text);
const seal = (body: ManifestBody) => sealManifest(body, hashOfText);
const parse = (text: string) => parseManifest(text, '/W/_offload/x.json', hashOfText);
const text = seal(sampleManifest);

/** Why a text is refused; undefined when it is accepted. */
function refusalOf(changed: string): string | undefined {
  const parsed = parse(changed);
  return parsed.ok ? undefined : parsed.cause.code;
}

/** The manifest as loose JSON, to be changed. */
const loose = (): Record<string, unknown> => JSON.parse(text);

test('round trip: what was sealed is read back, byte for byte in every name', (t) => {
  const parsed = parse(text);
  t.true(parsed.ok);
  if (!parsed.ok) return;
  const {seal: mark, ...body} = parsed.value;
  t.deepEqual(body, sampleManifest);
  t.regex(mark, /^[0-9a-f]{64}$/);
  t.is(body.files[1]?.path, 'DCIM/latin1_\uDCE9.JPG');
  t.is(seal(body), text);
});

test('the text is JSON of many lines that ends in a newline, pure of lone surrogates', (t) => {
  t.true(text.endsWith('\n}\n') || text.endsWith('"\n}\n'));
  t.true(text.split('\n').length > 50);
  t.true(isWellFormedName(text));
});

test('cut at any byte it is no evidence, and nothing throws', (t) => {
  const bytes = Buffer.from(text);
  // Without its last newline it is still whole.
  for (let length = 0; length < bytes.length - 1; length++) {
    const code = refusalOf(bytes.toString('utf8', 0, length));
    if (code !== 'manifest-cut') return t.fail(`accepted or ${code} at ${length}`);
  }
  t.is(refusalOf(text.trimEnd()), undefined);
});

test('a cut that was mended with brackets is no evidence either', (t) => {
  const mended = ['}', ']}', '"}', '"]}', '}]}', '"}]}', 'null}', '0}'];
  for (let length = 0; length < text.length - 3; length += 7) {
    for (const end of mended) {
      const code = refusalOf(text.slice(0, length) + end);
      if (code === undefined) return t.fail(`accepted at ${length} with ${end}`);
    }
  }
  t.pass();
});

/** Every place in a JSON value, as a path of keys. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, member]) => placesIn(member, [...path, key])),
  ];
}

function changeAt(
  value: unknown,
  path: readonly string[],
  change: (old: unknown) => unknown,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((one: unknown, at) => (`${at}` === key ? changeAt(one, rest, change) : one));
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  return Object.fromEntries(
    members.map(([name, one]) => [name, name === key ? changeAt(one, rest, change) : one]),
  );
}

const PLACES = placesIn(loose()).filter((path) => path.length > 0);

const REFUSED = new Set(['manifest-edited', 'manifest-malformed', 'manifest-newer']);

test('property: any single value that was edited makes it no evidence', (t) => {
  t.true(PLACES.length > 120);
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), fc.jsonValue({maxDepth: 2}), (path, value) => {
        const edited = changeAt(loose(), path, (old) => {
          fc.pre(JSON.stringify(old) !== JSON.stringify(value));
          return value;
        });
        const code = refusalOf(JSON.stringify(edited));
        return code !== undefined && REFUSED.has(code);
      }),
      {numRuns: 3_000},
    ),
  );
});

/** Another value of the same kind, which passes the form more often than any value does. */
function nudge(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return value.length === 0 ? ['more'] : value.slice(1);
  if (typeof value !== 'string') return value === null ? 'a' : {...Object(value), more: 1};
  if (value.includes('T19:0')) return value.replace('T19:0', 'T19:1');
  if (/^[a-f]{64}$/.test(value)) return value.replace(/^./, '0');
  return `${value}x`;
}

test('each value nudged by a little, and each member taken away, is refused', (t) => {
  const codes = new Set<string>();
  for (const path of PLACES) {
    const nudged = refusalOf(JSON.stringify(changeAt(loose(), path, nudge)));
    t.true(nudged !== undefined && REFUSED.has(nudged), `nudged ${path.join('.')}`);
    if (nudged !== undefined) codes.add(nudged);
    const without = changeAt(loose(), path, () => undefined);
    t.not(refusalOf(JSON.stringify(without)), undefined, `without ${path.join('.')}`);
  }
  t.deepEqual([...codes].sort(), ['manifest-edited', 'manifest-malformed', 'manifest-newer']);
});

test('the verdict cannot be turned, nor a copy be added', (t) => {
  const turned = {...loose(), verdict: {safe: true, reasons: [], waived: []}};
  t.is(refusalOf(JSON.stringify(turned)), 'manifest-edited');
  const [file] = sampleManifest.files;
  const files = [...sampleManifest.files, {...file, path: 'DCIM/new.JPG'}];
  t.is(refusalOf(JSON.stringify({...loose(), files})), 'manifest-edited');
});

test('members that were slipped in are seen, also under the name of the seal', (t) => {
  t.is(refusalOf(JSON.stringify({...loose(), more: 1})), 'manifest-edited');
  for (const path of [['card'], ['files', '0'], ['verdict']]) {
    const slipped = changeAt(loose(), path, (old) => ({...Object(old), seal: 'x'}));
    t.is(refusalOf(JSON.stringify(slipped)), 'manifest-edited', path.join('.'));
  }
});

test('a member that a later version of the same form has is kept under the seal', (t) => {
  const body = {...sampleManifest, later: {seal: 'a member of its own', more: [1]}};
  t.true(parse(seal(body)).ok);
  const changed = seal(body).replace('a member of its own', 'another');
  t.is(refusalOf(changed), 'manifest-edited');
});

test('another layout of the same JSON is the same manifest', (t) => {
  t.true(parse(JSON.stringify(loose())).ok);
});

test('another schema is newer, and no schema is malformed', (t) => {
  t.is(refusalOf(JSON.stringify({...loose(), schema: 'offload-manifest/2'})), 'manifest-newer');
  t.is(refusalOf('{"schema":"offload-manifest/2","all":"else"}'), 'manifest-newer');
  for (const other of ['{}', '[]', '1', 'null', '"text"', '{"schema":1}', '{"schema":null}']) {
    t.is(refusalOf(other), 'manifest-malformed', other);
  }
  for (const other of ['', ' ', '\0', 'not JSON', '{"schema":']) {
    t.is(refusalOf(other), 'manifest-cut', other);
  }
});

const HOSTILE = [
  ...[
    '../x',
    '..',
    '.',
    './x',
    'a/../b',
    'a/..',
    'a/.',
    'a/./b',
    '/abs',
    '/',
    '//',
    'a//b',
    'a/',
    '',
  ],
  ...['a\0b', '\0', 'a\n/../b', '\n/..', 'a\r\n//b', '\u2028/../x'],
  ...['\uDCE9', 'a/\uD800', '\uDFFFx/y', 'x\uDC80'],
];
const HARMLESS = [
  ...[
    'a',
    'a/b',
    '...',
    '..a',
    'a..',
    '.hidden',
    'a/.b/..c',
    '-rf',
    'a b',
    ' ',
    'new\nline',
    'a\\b',
  ],
  ...['📷/写真.JPG', 'e\u0301', 'a:b', '~', 'C:'],
];

test('a target that could leave the shoot folder makes the whole manifest malformed', (t) => {
  for (const target of HOSTILE) {
    t.false(relativePath.safeParse(target).success, JSON.stringify(target));
    const [file] = sampleManifest.files;
    const copies = file?.copies.map((copy) => ({...copy, target})) ?? [];
    const files = file === undefined ? [] : [{...file, copies}];
    t.is(refusalOf(seal({...sampleManifest, files})), 'manifest-malformed', JSON.stringify(target));
  }
  for (const target of HARMLESS) t.true(relativePath.safeParse(target).success, target);
});

test('property: a target that passes stays below its folder', (t) => {
  const part = fc.oneof(
    fc.constantFrom('.', '..', '', 'a', '\n', '...'),
    fc.string({maxLength: 3}),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(part, {maxLength: 5}), (parts) => {
        const target = parts.join('/');
        const split = target.split('/');
        const isBelow = split.every((one) => one !== '' && one !== '.' && one !== '..');
        const isName = !target.includes('\0') && isWellFormedName(target);
        return relativePath.safeParse(target).success === (isBelow && isName);
      }),
      {numRuns: 5_000},
    ),
  );
});

test('what is nested too deep, or too long, is malformed and throws nothing', (t) => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const nested = `${text.trimEnd().slice(0, -1)},"deep":${deep}}`;
  t.is(refusalOf(nested), 'manifest-malformed');
  const [file] = sampleManifest.files;
  const target = '📷'.repeat(20_000_000);
  const copies = file?.copies.slice(0, 1).map((copy) => ({...copy, target})) ?? [];
  const files = file === undefined ? [] : [{...file, copies}];
  t.is(refusalOf(JSON.stringify({...loose(), files})), 'manifest-malformed');
});

test('a name like __proto__ is a member like any other', (t) => {
  const slipped = `{"__proto__":{"schema":"x"},${text.slice(1)}`;
  t.is(refusalOf(slipped), 'manifest-edited');
});

test('the cause names the record and what to do', (t) => {
  const parsed = parse('{');
  t.deepEqual(parsed, {
    ok: false,
    cause: {
      code: 'manifest-cut',
      path: '/W/_offload/x.json',
      message: 'this record is cut off or is not JSON and is not used as evidence',
      next: 'Run the offload or the check again from the card: it writes a new record.',
    },
  });
});

test('property: any body that fits the form survives the round trip', (t) => {
  const name = fc.string({unit: 'binary', minLength: 1, maxLength: 20});
  const anyFile = fc.record({
    path: name,
    size: fc.nat(),
    mtimeNs: fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n}).map(String),
    blake3: fc.option(fc.constant('0'.repeat(64))),
    retries: fc.nat(5),
    copies: fc.constant<Manifest['files'][number]['copies']>([]),
  });
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(anyFile, {maxLength: 5}), name, (files, label) => {
        const body = {...sampleManifest, files, card: {...sampleManifest.card, label}};
        const parsed = parse(seal(body));
        return parsed.ok && JSON.stringify(parsed.value.files) === JSON.stringify(files);
      }),
      {numRuns: 500},
    ),
  );
});
