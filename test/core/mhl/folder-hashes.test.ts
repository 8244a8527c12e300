import {createHash} from 'node:crypto';
import test from 'ava';
import {type DigestOf, hashFolders} from '../../../src/core/mhl/folder-hashes.ts';

const digest: DigestOf = (_, bytes) => createHash('md5').update(bytes).digest('hex');
const md5 = (...parts: readonly (string | Buffer)[]) =>
  createHash('md5')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest('hex');
const bytes = (hex: string) => Buffer.from(hex, 'hex');
const hashAll = (files: Readonly<Record<string, string | undefined>>, folders: string[]) =>
  hashFolders({format: 'md5', files: new Map(Object.entries(files)), folders, digest});

const [one, two] = [md5('one'), md5('two')];

test('an empty folder has the hash of nothing', (t) => {
  const hashed = hashAll({}, ['A']);
  const nothing = {format: 'md5', content: md5(''), structure: md5('')} as const;
  t.deepEqual(hashed.get('A'), nothing);
  t.is(hashed.get('')?.content, md5(bytes(md5(''))));
});

test('content: the children’s hashes, sorted as text; structure: with their names', (t) => {
  const hashed = hashAll({'A/x': one, 'A/y': two}, ['A']);
  const [first = '', second = ''] = [one, two].sort();
  const content = md5(bytes(first), bytes(second));
  const [s1 = '', s2 = ''] = [md5('x', bytes(one)), md5('y', bytes(two))].sort();
  const structure = md5(bytes(s1), bytes(s2));
  t.deepEqual(hashed.get('A'), {format: 'md5', content, structure});
  t.deepEqual(hashed.get(''), {
    format: 'md5',
    content: md5(bytes(content)),
    structure: md5(bytes(md5('A', bytes(structure)))),
  });
});

test('names change the structure and not the content', (t) => {
  const before = hashAll({x: one, y: two}, []).get('');
  const after = hashAll({x: two, y: one}, []).get('');
  t.is(before?.content, after?.content);
  t.not(before?.structure, after?.structure);
});

test('a name is hashed in the form that it has on the disk', (t) => {
  t.not(
    hashAll({'e\u0301': one}, []).get('')?.structure,
    hashAll({'\u00e9': one}, []).get('')?.structure,
  );
});

test('what has no hash takes that of every folder above it, and of no other', (t) => {
  const hashed = hashAll({'A/B/x': undefined, 'A/C/y': one}, ['A', 'A/B', 'A/C', 'D']);
  t.deepEqual([...hashed.keys()].sort(), ['A/C', 'D']);
});
