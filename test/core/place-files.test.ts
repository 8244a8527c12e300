import test from 'ava';
import fc from 'fast-check';
import {placeTree, RECORD_FOLDER} from '../../src/core/place-files.ts';
import {foldName, type NamingRules, safeName} from '../../src/core/safe-names.ts';
import {ALL_NAMES, ALL_RULES, APFS, EXFAT, LINUX} from './odd-names.ts';

/** The key under which two whole paths below one shoot folder meet at the destination. */
function foldPath(path: string, rules: NamingRules): string {
  return path
    .split('/')
    .map((part) => foldName(part, rules))
    .join('/');
}

/** Places files whose card path is the path that they want. */
function place(paths: readonly string[], rules: NamingRules, folders: readonly string[] = []) {
  const {files} = placeTree({wanted: new Map(paths.map((path) => [path, path])), folders, rules});
  return Object.fromEntries(files);
}

test('a card that the drive can hold keeps its tree', (t) => {
  const paths = ['EOS/DCIM/100CANON/IMG_0001.CR3', 'EOS/DCIM/101CANON/IMG_0001.CR3', 'EOS/A.TXT'];
  for (const [, rules] of ALL_RULES) {
    t.deepEqual(place(paths, rules), Object.fromEntries(paths.map((path) => [path, path])));
  }
});

test('the folders of the sample card ODD_NAMES_POSIX on exFAT', (t) => {
  const at = 'ODD/DCIM/100POSIX/';
  const placed = place(
    ['CASE.JPG', 'case.jpg', 'CON.JPG', 'colon:name.JPG', 'latin1_\uDCE9.JPG', 'new\nline.JPG'].map(
      (name) => at + name,
    ),
    EXFAT,
  );
  t.deepEqual(placed, {
    [`${at}CASE.JPG`]: `${at}CASE.JPG`,
    [`${at}case.jpg`]: `${at}case-2.jpg`,
    [`${at}CON.JPG`]: `${at}CON_.JPG`,
    [`${at}colon:name.JPG`]: `${at}colon%3Aname.JPG`,
    [`${at}latin1_\uDCE9.JPG`]: `${at}latin1_%E9.JPG`,
    [`${at}new\nline.JPG`]: `${at}new%0Aline.JPG`,
  });
});

test('the twins of ODD_NAMES_EXFAT are apart on APFS and untouched on exFAT and Linux', (t) => {
  const [nfd, nfc] = ['c/Zoe\u0308_Gro\u0308\u00DFe.JPG', 'c/Zo\u00EB_Gr\u00F6\u00DFe.JPG'];
  for (const rules of [EXFAT, LINUX])
    t.deepEqual(place([nfc, nfd], rules), {[nfc]: nfc, [nfd]: nfd});
  t.deepEqual(place([nfc, nfd], APFS), {[nfd]: nfd, [nfc]: 'c/Zo\u00EB_Gr\u00F6\u00DFe-2.JPG'});
});

test('a name that can stay is not taken by one that cannot', (t) => {
  t.deepEqual(place(['a:b', 'a%3Ab'], EXFAT), {'a:b': 'a%3Ab-2', 'a%3Ab': 'a%3Ab'});
  t.deepEqual(place(['B.JPG', 'b.JPG', 'b-2.JPG'], EXFAT), {
    'B.JPG': 'B.JPG',
    'b.JPG': 'b-3.JPG',
    'b-2.JPG': 'b-2.JPG',
  });
});

test('a renamed folder is renamed for all that lies in it', (t) => {
  t.deepEqual(place(['dcim/x', 'DCIM/x', 'DCIM/y:', 'dcim/sub/z'], EXFAT), {
    'dcim/x': 'dcim-2/x',
    'DCIM/x': 'DCIM/x',
    'DCIM/y:': 'DCIM/y%3A',
    'dcim/sub/z': 'dcim-2/sub/z',
  });
});

test('a file and a folder that meet are kept apart, and the folder keeps its name', (t) => {
  t.deepEqual(place(['a', 'a/b'], LINUX), {a: 'a-2', 'a/b': 'a/b'});
  t.deepEqual(place(['Clip.RDC', 'CLIP.rdc/x'], EXFAT), {
    'Clip.RDC': 'Clip-2.RDC',
    'CLIP.rdc/x': 'CLIP.rdc/x',
  });
});

test('files that want one path get numbers in the order of their card paths', (t) => {
  const wanted = new Map([
    ['DCIM/102/IMG_1.JPG', 'flat/IMG_1.JPG'],
    ['DCIM/100/IMG_1.JPG', 'flat/IMG_1.JPG'],
    ['DCIM/101/IMG_1.JPG', 'flat/IMG_1.JPG'],
    ['DCIM/100/IMG_1-2.JPG', 'flat/IMG_1-2.JPG'],
  ]);
  const {files} = placeTree({wanted, folders: [], rules: LINUX});
  t.deepEqual(
    [...files],
    [
      ['DCIM/102/IMG_1.JPG', 'flat/IMG_1-4.JPG'],
      ['DCIM/100/IMG_1.JPG', 'flat/IMG_1.JPG'],
      ['DCIM/101/IMG_1.JPG', 'flat/IMG_1-3.JPG'],
      ['DCIM/100/IMG_1-2.JPG', 'flat/IMG_1-2.JPG'],
    ],
  );
});

test('empty folders get a place too', (t) => {
  const {folders} = placeTree({
    wanted: new Map([['x', 'c/DCIM/x']]),
    folders: ['c/DCIM', 'c/dcim', 'c/dcim/con', 'c/DCIM'],
    rules: EXFAT,
  });
  t.deepEqual(
    [...folders],
    [
      ['c/DCIM', 'c/DCIM'],
      ['c/dcim', 'c/dcim-2'],
      ['c/dcim/con', 'c/dcim-2/con_'],
    ],
  );
});

test('nothing of a card is placed in the folder of the records', (t) => {
  t.deepEqual(place(['_offload/x.json', '_Offload/y', 'c/_offload/z'], EXFAT), {
    '_offload/x.json': '_offload-3/x.json',
    '_Offload/y': '_Offload-2/y',
    'c/_offload/z': 'c/_offload/z',
  });
});

test('no path leaves the shoot folder', (t) => {
  t.deepEqual(place(['../../etc/passwd', '/abs', 'a//b', './c', 'd/..'], LINUX), {
    '../../etc/passwd': '%2E%2E/%2E%2E/etc/passwd',
    '/abs': '_/abs',
    'a//b': 'a/_/b',
    './c': '%2E/c',
    'd/..': 'd/%2E%2E',
  });
});

const part = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'a-2',
    'a.x',
    'A.X',
    'a-2.x',
    'é',
    'e\u0301',
    '..',
    '',
    '_',
    RECORD_FOLDER,
  ),
  fc.constantFrom(...ALL_NAMES),
);
const path = fc.array(part, {minLength: 1, maxLength: 3}).map((parts) => parts.join('/'));
const paths = fc.uniqueArray(path, {maxLength: 40});
const everyRules = fc.constantFrom(...ALL_RULES.map(([, rules]) => rules));

test('nothing merges, every part is safe, and files stay below the folder they are in', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(paths, paths, everyRules, (files, folders, rules) => {
        const placed = placeTree({wanted: new Map(files.map((x) => [x, x])), folders, rules});
        t.deepEqual([...placed.files.keys()], files);
        const apart = new Map<string, string>();
        const everything = [...placed.files.entries(), ...placed.folders.entries()];
        for (const [from, to] of everything) {
          t.is(to.split('/').length, from.split('/').length);
          for (const name of to.split('/')) t.is(safeName(name, rules), name);
          t.not(foldPath(to, rules).split('/')[0], foldName(RECORD_FOLDER, rules));
        }
        // Each destination path, folders on the way included, stands for one path of the card.
        const claim = (to: string, from: string) => {
          const key = foldPath(to, rules);
          t.is(apart.get(key) ?? from, from);
          apart.set(key, from);
        };
        for (const [from, to] of placed.files) {
          claim(to, `file ${from}`);
          claimFolders(from, to, claim);
        }
        for (const [from, to] of placed.folders) {
          claim(to, from);
          claimFolders(from, to, claim);
        }
      }),
      {numRuns: 500},
    );
  });
});

function claimFolders(from: string, to: string, claim: (to: string, from: string) => void): void {
  const [fromParts, toParts] = [from.split('/'), to.split('/')];
  for (let depth = 1; depth < toParts.length; depth += 1) {
    claim(toParts.slice(0, depth).join('/'), fromParts.slice(0, depth).join('/'));
  }
}

test('the place of a file does not depend on the order in which the card lists it', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(paths, everyRules, (files, rules) => {
        t.deepEqual(place(files.toReversed(), rules), place(files, rules));
      }),
    );
  });
});

test('files that all want one path are all apart', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL_NAMES), everyRules, (name, rules) => {
        const wanted = new Map(Array.from({length: 30}, (_, n) => [`${n}`, name]));
        const {files} = placeTree({wanted, folders: [], rules});
        t.is(new Set([...files.values()].map((to) => foldPath(to, rules))).size, 30);
      }),
    );
  });
});

/** ms for n files of one name that a layout has flattened: the worst case. */
function timeFlattened(n: number): number {
  const wanted = new Map(
    Array.from({length: n}, (_, i) => [`DCIM/${i}/IMG_0001.JPG`, 'IMG_0001.JPG']),
  );
  const started = performance.now();
  placeTree({wanted, folders: [], rules: EXFAT});
  return performance.now() - started;
}

test('a hundred thousand files take seconds, even when all have one name', (t) => {
  const ms = timeFlattened(100_000);
  t.log(`${Math.round(ms)} ms`);
  // Quadratic work would take minutes; a busy machine may take some seconds.
  t.true(ms < 20_000);
});
