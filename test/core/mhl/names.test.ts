/** Names of manifests, folders of histories, and what is left out. */
import test from 'ava';
import {belowFolder, findHistoryFolders, ownerOf} from '../../../src/core/mhl/history-folders.ts';
import {ignorePatterns, ignores} from '../../../src/core/mhl/ignore.ts';
import {generationOf, keepChainApart, nameManifest} from '../../../src/core/mhl/manifest-names.ts';

const at = new Date(Date.UTC(2026, 10, 23, 8, 4, 7, 999));

test('a manifest is named by number, folder and UTC start', (t) => {
  t.is(nameManifest(1, 'EOS_DIGITAL', at), '0001_EOS_DIGITAL_2026-11-23_080407Z.mhl');
  t.is(nameManifest(12_345, 'A', at), '12345_A_2026-11-23_080407Z.mhl');
  t.is(nameManifest(2, '', at), '0002_2026-11-23_080407Z.mhl');
  t.is(nameManifest(2, 'a/b\\c\n', at), '0002_a_b_c__2026-11-23_080407Z.mhl');
  for (const folder of ['x', '\u{1F4F7}'.repeat(300), '日本']) {
    const name = nameManifest(3, folder, at);
    t.true(Buffer.byteLength(name) <= 255);
    t.is(generationOf(name), 3);
  }
});

test('what counts as a manifest of a history', (t) => {
  for (const name of ['0001.mhl', '0001_x.mhl', '0001_a b.mhl']) t.is(generationOf(name), 1);
  for (const name of [
    '._0001_x.mhl',
    'offload.mhl',
    '001_x.mhl',
    '0001x.mhl',
    '0001_x.xml',
    '0001_.mhl',
  ]) {
    t.is(generationOf(name), undefined, name);
  }
});

test("only a card's chain is kept apart", (t) => {
  t.is(keepChainApart('EOS/ascmhl/ascmhl_chain.xml'), 'EOS/ascmhl/ascmhl_chain_of_card.xml');
  t.is(keepChainApart('ascmhl/ascmhl_chain.xml'), 'ascmhl/ascmhl_chain_of_card.xml');
  for (const path of ['EOS/ascmhl_chain.xml', 'xascmhl/ascmhl_chain.xml', 'ascmhl/0001_x.mhl']) {
    t.is(keepChainApart(path), path);
  }
});

test('histories are found by their files, deepest first, and own what lies below them', (t) => {
  const folders = findHistoryFolders([
    'ascmhl/ascmhl_chain.xml',
    'A/B/ascmhl/0001_B.mhl',
    'A/ascmhl/README.txt',
    'C/ascmhl/ascmhl_chain_of_card.xml',
    'C/ascmhl/ascmhl/0001_x.mhl',
    'D/ascmhl.txt',
  ]);
  t.deepEqual(folders, ['A/B', 'C', '']);
  t.is(ownerOf('A/B/x', folders), 'A/B');
  t.is(ownerOf('A/Bx', folders), '');
  t.is(ownerOf('A/B', folders), '', 'the folder itself is told of by the one above');
  t.is(ownerOf('x', ['A']), undefined);
  t.is(belowFolder('A/B/x', 'A/B'), 'x');
  t.is(belowFolder('x', ''), 'x');
});

test('the list of patterns replaces what readers leave out by themselves, so it has that too', (t) => {
  const patterns = ignorePatterns([], false);
  for (const one of ['.DS_Store', 'ascmhl', 'ascmhl/']) t.true(patterns.includes(one));
  t.false(patterns.includes('_offload'));
  t.true(ignorePatterns([], true).includes('_offload'));
  t.true(
    patterns.every((one) => !one.slice(0, -1).includes('/')),
    'anchored ones match nothing',
  );
  t.deepEqual(ignorePatterns(['*.lrv', 'ascmhl'], false), [...patterns, '*.lrv'], 'they only grow');
});

test('a name anywhere in the path is left out, with its case', (t) => {
  const isIgnored = ignores(['.Trashes', '._*', '*.lrv', 'A?.txt', 'ascmhl/', '/MISC', '!x', '**']);
  for (const path of ['.Trashes/x', 'a/._b', 'a/b.lrv', 'AB.txt', 'x/ascmhl/y']) {
    t.true(ignores(['.Trashes', '._*', '*.lrv', 'A?.txt', 'ascmhl/'])(path), path);
  }
  for (const path of ['b.LRV', 'Trashes', 'A.txt', 'MISC/x', 'x', 'ascmhl2/y', 'b.lrvx']) {
    t.false(ignores(['.Trashes', '._*', '*.lrv', 'A?.txt', 'ascmhl/', '/MISC', '!x'])(path), path);
  }
  t.true(isIgnored('anything'));
  const start = performance.now();
  t.false(ignores([`${'*a'.repeat(200)}b`])('a'.repeat(250)));
  t.true(performance.now() - start < 1000);
});
