import test from 'ava';
import fc from 'fast-check';
import {
  DEFAULT_LAYOUT,
  detailsOf,
  keepsFolders,
  type Layout,
  needsOf,
  needsTimes,
  parseLayout,
  renderLayout,
} from '../../src/core/layout.ts';
import {placeTree} from '../../src/core/place-files.ts';
import {safeFolderName} from '../../src/core/safe-folder-name.ts';
import {PORTABLE_RULES, safeName} from '../../src/core/safe-names.ts';
import {ALL_NAMES, LINUX} from './odd-names.ts';

function parse(template: string): Layout {
  const parsed = parseLayout(template);
  if (!parsed.ok) throw new Error(parsed.cause.message);
  return parsed.value;
}

const VALUES = {shoot: '2026-11-22', card: 'EOS_DIGITAL', path: 'DCIM/100CANON/IMG_0001.CR3'};

const rendered: ReadonlyArray<readonly [template: string, path: string]> = [
  [DEFAULT_LAYOUT, 'EOS_DIGITAL/DCIM/100CANON/IMG_0001.CR3'],
  ['{shoot}/{path}', 'DCIM/100CANON/IMG_0001.CR3'],
  ['{shoot}/{name}', 'IMG_0001.CR3'],
  ['{shoot}/{ext}/{shoot}_{card}_{stem}.{ext}', 'CR3/2026-11-22_EOS_DIGITAL_IMG_0001.CR3'],
  ['{shoot}/RAW of {card}/{stem}_x.{ext}', 'RAW of EOS_DIGITAL/IMG_0001_x.CR3'],
  ['{shoot}/{card}/{card}-{name}', 'EOS_DIGITAL/EOS_DIGITAL-IMG_0001.CR3'],
];

for (const [template, path] of rendered) {
  test(`renders ${template}`, (t) => {
    t.is(renderLayout(parse(template), VALUES), path);
  });
}

test('a file without an extension', (t) => {
  const layout = parse('{shoot}/{ext}/{stem}.{ext}');
  t.is(renderLayout(layout, {...VALUES, path: 'no_extension'}), '_/no_extension');
  t.is(renderLayout(layout, {...VALUES, path: 'DCIM/.hidden'}), '_/.hidden');
  t.is(renderLayout(layout, {...VALUES, path: 'trailing dot.'}), '_/trailing dot.');
  t.is(renderLayout(layout, {...VALUES, path: 'DSC.JPG.JPG'}), 'JPG/DSC.JPG.JPG');
});

test('braces in a name of the card are no words of the layout', (t) => {
  t.is(renderLayout(parse('{shoot}/{name}'), {...VALUES, path: '{card}$&.JPG'}), '{card}$&.JPG');
});

const refused: ReadonlyArray<readonly [template: string, code: string]> = [
  ['', 'layout-empty'],
  ['  ', 'layout-empty'],
  ['/{shoot}/{path}', 'layout-absolute'],
  ['C:/{shoot}/{path}', 'layout-absolute'],
  ['C:{shoot}/{path}', 'layout-absolute'],
  ['\\\\server\\share\\{path}', 'layout-absolute'],
  ['{shoot}\\{path}', 'layout-character'],
  ['{shoot}/D:/{path}', 'layout-character'],
  ['{shoot}/what?/{path}', 'layout-character'],
  ['{shoot}/a\nb/{path}', 'layout-character'],
  ['{shoot}/../{path}', 'layout-dots'],
  ['../{shoot}/{path}', 'layout-dots'],
  ['{shoot}/./{path}', 'layout-dots'],
  ['{shoot}/.. /{path}', 'layout-dots'],
  ['{shoot}//{path}', 'layout-empty-part'],
  ['{shoot}/{path}/', 'layout-empty-part'],
  ['{shoot}/ /{path}', 'layout-empty-part'],
  ['{shoot/{path}', 'layout-braces'],
  ['{shoot}/path}', 'layout-braces'],
  ['{shoot}/{{path}}', 'layout-braces'],
  ['{shoot}/{}/{path}', 'layout-unknown-token'],
  ['{shoot}/{Path}', 'layout-unknown-token'],
  ['{shoot}/{constructor}/{path}', 'layout-unknown-token'],
  ['{shoot}/{seq:four}_{name}', 'layout-seq-width'],
  ['{card}/{path}', 'layout-start'],
  ['photos/{shoot}/{path}', 'layout-start'],
  ['{shoot}_x/{path}', 'layout-start'],
  ['{path}', 'layout-start'],
  ['{shoot}/{path}/{name}', 'layout-path-place'],
  ['{shoot}/x{path}', 'layout-path-place'],
  ['{shoot}', 'layout-no-name'],
  ['{shoot}/{card}', 'layout-no-name'],
  ['{shoot}/{card}/{stem}', 'layout-no-name'],
  ['{shoot}/{card}.{ext}', 'layout-no-name'],
  ['{shoot}/{stem}/x.{ext}', 'layout-no-name'],
  ['{shoot}/{stem}{ext}', 'layout-no-name'],
  ['{shoot}/{name}_{card}', 'layout-no-name'],
  ['{shoot}/_offload/{path}', 'layout-reserved'],
  ['{shoot}/_OFFLOAD/{name}', 'layout-reserved'],
  ['{shoot}/{seq:4}/{path}', 'layout-seq-place'],
  ['{shoot}/{seq}/{stem}.{ext}', 'layout-seq-place'],
  ['{shoot}/{seq:0}.{ext}', 'layout-seq-width'],
  ['{shoot}/{seq:10}.{ext}', 'layout-seq-width'],
  ['{shoot}/{seq:}.{ext}', 'layout-seq-width'],
  ['{shoot}/{sequence}.{ext}', 'layout-unknown-token'],
  ['{shoot}/{date}_{time}.{ext}', 'layout-no-name'],
  ['{shoot}/{seq:4}', 'layout-no-name'],
];

for (const [template, code] of refused) {
  test(`refuses ${JSON.stringify(template)}: ${code}`, (t) => {
    const parsed = parseLayout(template);
    if (parsed.ok) return t.fail('it was taken');
    t.is(parsed.cause.code, code);
    t.regex(parsed.cause.message, /^[A-Z{].*\.$/);
    t.regex(parsed.cause.next, /\.$/);
  });
}

test('a refused word is named, and safe to print', (t) => {
  const width = parseLayout('{shoot}/{seq:12}_{name}');
  const unknown = parseLayout('{shoot}/{\x1b[31m}/{path}');
  if (width.ok || unknown.ok) return t.fail('taken');
  t.is(width.cause.message, '{seq:12} has no number of digits from 1 to 9.');
  t.is(unknown.cause.message, 'The layout has the unknown word {\\x1b[31m}.');
});

test('knows the layouts that keep folders', (t) => {
  t.true(keepsFolders(parse(DEFAULT_LAYOUT)));
  t.true(keepsFolders(parse('{shoot}/{path}')));
  t.false(keepsFolders(parse('{shoot}/{ext}/{path}')));
  t.false(keepsFolders(parse('{shoot}/{name}')));
  t.false(keepsFolders(parse('{shoot}/{date}/{path}')));
});

test('knows what a layout asks of the pictures', (t) => {
  const needs = (template: string) => needsOf(parse(template));
  t.is(needs(DEFAULT_LAYOUT), 'none');
  t.is(needs('{shoot}/{ext}/{card}_{stem}.{ext}'), 'none');
  t.is(needs('{shoot}/{seq}.{ext}'), 'plain');
  t.is(needs('{shoot}/{camera}/{name}'), 'plain');
  t.is(needs('{shoot}/{date}/{lens}/{name}'), 'details');
  t.is(needs('{shoot}/{serial}/{path}'), 'details');
  const details = (template: string) => detailsOf(parse(template));
  t.deepEqual(details('{shoot}/{date}/{lens}/{name}'), ['lens']);
  t.deepEqual(details('{shoot}/{lens}_{serial}/{path}'), ['serial', 'lens']);
  t.deepEqual(details('{shoot}/{camera}/{name}'), []);
  t.false(needsTimes(parse('{shoot}/{camera}/{name}')));
  t.true(needsTimes(parse('{shoot}/{seq:2}_{name}')));
});

test('the default layout keeps the tree of a card that the drive can hold', (t) => {
  const paths = ALL_NAMES.filter((name) => safeName(name, LINUX) === name).map(
    (name) => `DCIM/${name}`,
  );
  const layout = parse(DEFAULT_LAYOUT);
  const wanted = new Map(paths.map((path) => [path, renderLayout(layout, {...VALUES, path})]));
  const {files} = placeTree({wanted, folders: [], rules: LINUX});
  t.deepEqual(
    [...files],
    paths.map((path) => [path, `EOS_DIGITAL/${path}`]),
  );
});

const named: ReadonlyArray<readonly [text: string, name: string]> = [
  ['2026-11-22', '2026-11-22'],
  ['Hochzeit Müller/Schmidt', 'Hochzeit Müller-Schmidt'],
  ['Mu\u0308ller', 'M\u00FCller'],
  ['  EOS_DIGITAL \n', 'EOS_DIGITAL'],
  ['../../etc/passwd', '..-..-etc-passwd'],
  ['C:\\Windows', 'C--Windows'],
  ['..', '_'],
  ['.', '_'],
  ['', '_'],
  ['\0', '_'],
  ['   ', '_'],
  ['Wedding...', 'Wedding'],
  ['what?', 'what_'],
  ['E:\\', 'E'],
  ['2026/11/', '2026-11'],
  [':', '-'],
  ['"best" <of>', '_best_ _of_'],
  ['a\tb\n\nc', 'a b c'],
  ['\x1b[31mred', '[31mred'],
  ['con', 'con_'],
  ['Aux.2026', 'Aux_.2026'],
  ['label_\uDCE9', 'label_%E9'],
  ['写真 📷', '写真 📷'],
];

for (const [text, name] of named) {
  test(`folder name of ${JSON.stringify(text)}`, (t) => {
    t.is(safeFolderName(text), name);
  });
}

test('a folder name is one portable name, whatever the text', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({unit: 'binary', maxLength: 400}),
          fc
            .array(
              fc.constantFrom(
                '.',
                ' ',
                '/',
                '\\',
                'CON',
                '\uD800',
                '\u0085',
                '\u2028',
                '%',
                'e\u0301',
              ),
              {maxLength: 9},
            )
            .map((pieces) => pieces.join('')),
        ),
        (text) => {
          const name = safeFolderName(text);
          t.is(safeName(name, PORTABLE_RULES), name);
          t.is(safeFolderName(name), name);
          t.notRegex(name, /^\.*$|[/\\]|^\s|\s$|\p{Cc}/u);
        },
      ),
      {numRuns: 2000},
    );
  });
});

test('hostile values stay one folder each', (t) => {
  const path = renderLayout(parse(DEFAULT_LAYOUT), {shoot: 'x', card: '../..\n/x', path: 'A.JPG'});
  t.is(path, '..-.. -x/A.JPG');
});
