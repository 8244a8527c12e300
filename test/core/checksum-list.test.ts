import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {checksumLine, checksumList} from '../../src/core/checksum-list.ts';
import {loadHashEngine} from '../../src/system/hasher.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

const HASH = '0'.repeat(64);
const engine = await loadHashEngine();
const {failed: noB3sum} = await execa('b3sum', ['--version'], {reject: false});

test('a plain line: hash, two spaces, path', (t) => {
  t.is(checksumLine(HASH, 'CARD/DCIM/IMG_0001.JPG'), `${HASH}  CARD/DCIM/IMG_0001.JPG\n`);
  t.is(checksumLine(HASH, ' two  spaces '), `${HASH}   two  spaces \n`);
});

test('a path with a newline or a backslash is escaped, and its line begins with a backslash', (t) => {
  t.is(checksumLine(HASH, 'a\nb'), `\\${HASH}  a\\nb\n`);
  t.is(checksumLine(HASH, 'a\\nb'), `\\${HASH}  a\\\\nb\n`);
  t.is(checksumLine(HASH, '\\'), `\\${HASH}  \\\\\n`);
  t.is(checksumLine(HASH, 'a\rb'), `${HASH}  a\rb\n`);
});

test('a list has its lines in the order given; an empty one is empty', (t) => {
  t.is(checksumList([]), '');
  t.is(
    checksumList([
      {hash: HASH, target: 'b'},
      {hash: HASH, target: 'a'},
    ]),
    `${HASH}  b\n${HASH}  a\n`,
  );
});

const NAMES = [
  ...['plain.JPG', 'deep/er/IMG 0001.JPG', ' leading', 'trailing ', 'two  spaces', 'tab\there'],
  ...['new\nline', '\n', 'back\\slash', '\\', '\\n', 'a\\\nb', '\\\\', 'both\\\n', 'cr\rinside'],
  ...[
    '写真.JPG',
    'Zoe\u0308',
    'emoji_📷.JPG',
    '-rf',
    '--check',
    '*',
    '#x',
    'a  b  c',
    `${HASH}  x`,
  ],
  ...["quote's", '"', '$HOME', '`tick`', '%0A', '\x07bell', '\u202Ecod'],
];

test('the real b3sum --check finds every odd name', async (t) => {
  if (noB3sum) return skip(t, 'no b3sum here');
  const folder = await makeTemporaryFolder(t);
  const rows: {hash: string; target: string}[] = [];
  for (const target of NAMES) {
    await mkdir(dirname(join(folder, target)), {recursive: true});
    await writeFile(join(folder, target), target);
    const hasher = engine.create();
    hasher.update(Buffer.from(target));
    rows.push({hash: hasher.digest(), target});
  }
  await mkdir(join(folder, '_offload'));
  await writeFile(join(folder, '_offload', 'x.b3'), checksumList(rows));
  const check = () => execa('b3sum', ['--check', '_offload/x.b3'], {cwd: folder, reject: false});
  const good = await check();
  t.is(good.exitCode, 0, good.stderr);
  t.is(good.stdout.match(/OK$/gm)?.length, NAMES.length);

  await writeFile(join(folder, 'new\nline'), 'other bytes');
  const bad = await check();
  t.not(bad.exitCode, 0);
  t.is(bad.stdout.match(/OK$/gm)?.length, NAMES.length - 1);
});
