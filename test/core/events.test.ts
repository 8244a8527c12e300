import {readdir, readFile} from 'node:fs/promises';
import test from 'ava';
import {isFact, type OffloadEvent} from '../../src/core/events.ts';
import {REASON_CODES} from '../../src/core/verdict.ts';
import {formatEventLine} from '../../src/output/json-lines.ts';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const words = await read('src/core/events.ts');
/** The files that declare events, by their names. */
const files = new Map<string, string>();
for (const name of await readdir(new URL('../../src/core/events', import.meta.url))) {
  files.set(name, await read(`src/core/events/${name}`));
}
const source = [...files.values()].join('\n');
const page = await read('docs/events.md');

/** Names in a union of `events.ts`. */
function membersOf(union: string): readonly string[] {
  const text = new RegExp(`export type ${union} =([^;]+);`).exec(words)?.[1] ?? '';
  return text
    .split('|')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The types, as the source declares them. */
const types = [...source.matchAll(/^ {2}readonly type: '([a-z-]+)';$/gm)].map(
  ([, type]) => type ?? '',
);

/** The sections of the page that describe a type. */
const sections = new Map(
  page.split(/^#{2,3} /m).flatMap((section) => {
    const type = /^`([a-z-]+)`\n/.exec(section)?.[1];
    return type === undefined ? [] : [[type, section] as const];
  }),
);

/** The example line of each type. */
function exampleOf(type: string): Record<string, unknown> {
  const line = /^ {4}(\{.*\})$/m.exec(sections.get(type) ?? '')?.[1];
  return line === undefined ? {} : JSON.parse(line);
}

test('facts are exactly the members of the union of facts', (t) => {
  const declared = membersOf('Fact').map(
    (name) =>
      new RegExp(`interface ${name}\\b[^{]*\\{\\s*readonly type: '([a-z-]+)'`).exec(source)?.[1],
  );
  t.is(declared.length, 8);
  const cause = {code: 'x', message: 'x', next: 'x'};
  const live: OffloadEvent = {type: 'noticed', level: 'info', ...cause};
  const lost: OffloadEvent = {
    type: 'destination-lost',
    card: {path: '/', label: 'x'},
    to: '/W',
    ...cause,
  };
  t.false(isFact(live));
  t.true(isFact(lost));
  const [facts2 = '', live2 = ''] = page.split('## Live events');
  for (const type of types) {
    const place = declared.includes(type) ? facts2 : live2;
    t.true(place.includes(`### \`${type}\``), `${type} stands in the right part of the page`);
  }
});

test('every declared event is in one of the unions, and each once', (t) => {
  const declared = [...source.matchAll(/interface (\w+)[^{]*\{\s*readonly type: '/g)];
  t.is(declared.length, types.length);
  t.is(new Set(types).size, types.length);
  t.deepEqual(
    [...membersOf('Fact'), ...membersOf('Live')].sort(),
    declared.map(([, name]) => name).sort(),
  );
});

test('events.ts gives on what every file of events declares', (t) => {
  const given = [...words.matchAll(/^export type \* from '\.\/events\/([^']+)';$/gm)];
  t.deepEqual(given.map(([, name]) => name).sort(), [...files.keys()].sort());
  t.notRegex(words, /readonly type:/);
});

test('docs/events.md describes every type and no other', (t) => {
  t.true(types.length >= 15);
  t.deepEqual([...sections.keys()].sort(), [...types].sort());
});

test('every example is a line as --json writes it', (t) => {
  for (const type of types) {
    const {v, seq, at, ...event} = exampleOf(type);
    t.is(event.type, type);
    t.is(v, 1, type);
    t.true(Number.isInteger(seq), type);
    t.regex(String(at), /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/, type);
  }
  const line = formatEventLine(
    {type: 'run-ended', outcome: 'complete', exitCode: 0},
    {seq: 132, at: new Date('2026-11-22T19:00:09.000Z')},
  );
  t.true(page.includes(`    ${line}\n`));
});

test('every example has the members of its type', (t) => {
  for (const type of types) {
    const body = new RegExp(`readonly type: '${type}';([^}]*)\\}`).exec(source)?.[1] ?? '';
    const members = [...body.matchAll(/^ {2}readonly (\w+):/gm)].map(([, name]) => name ?? '');
    const example = exampleOf(type);
    for (const member of members) t.true(member in example, `${type} has ${member}`);
  }
});

test('the page names every reason code', (t) => {
  for (const code of REASON_CODES) t.true((sections.get('verdict') ?? '').includes(`\`${code}\``));
});
