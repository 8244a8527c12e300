/** Cards that are made to harm: nothing on them leads elsewhere, is opened that should not be, or stops the program. What needs root or a large disk is in `test/rigs`. */
import {link, mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {scanCard} from '../../src/engine/scan-card.ts';
import type {Files} from '../../src/system/files.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {
  below,
  type Call,
  interceptCalls,
  recordsCalls,
  systemError,
} from '../helpers/faulty-files.ts';
import {
  codesOf,
  findLitter,
  makeTrial,
  offloadTrial,
  type RunReport,
  readCopies,
  readManifests,
  readTree,
  refusalOf,
  testFiles,
} from '../helpers/run-offload.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

const onWindows = process.platform === 'win32';
const PICTURE = 'DCIM/100CANON/IMG_0001.JPG';

const failuresOf = ({events}: RunReport) =>
  events.flatMap((event) => (event.type === 'file-failed' ? [[event.path, event.code]] : []));

test('threat: links, pipes, sockets and devices are left out, named, and never opened', async (t) => {
  if (onWindows) return skip(t, 'no such files on Windows');
  const trial = await makeTrial(t, {
    [PICTURE]: 5000,
    'a device': {link: '/dev/zero'},
    'a disk': {link: '/dev/sda'},
    'a secret': {link: '/etc/passwd'},
    dots: {link: '../../../../../../etc/passwd'},
    nothing: {link: 'not there'},
    itself: {link: 'itself'},
    'the card': {link: '.'},
    'above it': {link: '..'},
    'the root': {link: '/'},
  });
  await execa('mkfifo', [join(trial.card, 'pipe.JPG')]);
  const server = createServer().listen(join(trial.card, 'socket'));
  t.teardown(() => server.close());
  const calls: Call[] = [];
  const report = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  const {account, warnings} = report.verdicts[0] ?? {};
  t.like(account, {found: 12, copied: 1, leftOut: 11, failed: 0});
  t.is(warnings?.filter(({code}) => code === 'link-left-out').length, 9);
  t.is(warnings?.filter(({code}) => code === 'special-left-out').length, 2);
  const opened = calls.filter(
    ({method, path}) => method === 'openToRead' && below(trial.card)(path),
  );
  t.deepEqual([...new Set(opened.map(({path}) => path))], [join(trial.card, PICTURE)]);
});

test('threat: a file with two names is two files, and both arrive', async (t) => {
  const trial = await makeTrial(t, {[PICTURE]: 5000});
  await link(join(trial.card, PICTURE), join(trial.card, 'DCIM/again.JPG'));
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  t.is(report.verdicts[0]?.account.copied, 2);
});

/** Folders below each other, made one by one: no path as long as they are together can be given to the system. */
async function makeDeepFolders(root: string, levels: number, name: string): Promise<void> {
  // Perl goes into each folder before it makes the next.
  const script =
    'my ($root, $levels, $name) = @ARGV; chdir $root; for (1..$levels) { mkdir $name; chdir $name or die } open my $f, ">", "BOTTOM.JPG"; print $f "bottom"';
  await execa('perl', ['-e', script, root, String(levels), name]);
}

/** `fs.rm` cannot name what lies so deep. */
async function makeDeepCard(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-deep-'));
  t.teardown(() => execa('rm', ['-rf', folder]));
  return folder;
}

test('threat: a tree of 1,000 levels is copied', async (t) => {
  if (onWindows) return skip(t, 'paths are shorter on Windows');
  const trial = await makeTrial(t, {[PICTURE]: 5000});
  await makeDeepFolders(trial.card, 1000, 'd');
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  t.is(report.verdicts[0]?.account.copied, 2);
});

test('threat: a tree that is deeper than a path can be is told, and the card is not safe', async (t) => {
  if (onWindows) return skip(t, 'paths are shorter on Windows');
  const trial = await makeTrial(t, {[PICTURE]: 5000});
  const card = await makeDeepCard(t);
  await makeDeepFolders(card, 1000, 'folder_name');
  await writeFile(join(card, 'IMG_0001.JPG'), 'picture');
  const report = await offloadTrial({...trial, card});
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('account-open'));
  t.is(report.verdicts[0]?.account.copied, 1);
  const {unreadable} = await scanCard(realFiles, card);
  t.is(unreadable.length, 1);
  t.is(unreadable[0]?.code, 'ENAMETOOLONG');
  t.regex(unreadable[0]?.next ?? '', /nested deeper/);
});

const impossible = ['..', '.', '', '../outside', 'a/b', '/etc/passwd', 'nul\0.JPG'];
for (const name of impossible) {
  test(`threat: a file system that gives ${JSON.stringify(name)} as a name leads nowhere`, async (t) => {
    const trial = await makeTrial(t, {[PICTURE]: 5000});
    await mkdir(join(trial.folder, 'outside'));
    await writeFile(join(trial.folder, 'outside/secret'), 'secret');
    const calls: Call[] = [];
    const folder = join(trial.card, 'DCIM');
    const files = addsNames(recordsCalls(testFiles, calls), folder, [name]);
    const report = await offloadTrial(trial, {files});
    t.is(report.end.exitCode, 1);
    t.true(codesOf(report).includes('account-open'));
    t.is(report.verdicts[0]?.account.copied, 1);
    const [manifest] = await readManifests(join(trial.w, 'Shoot'));
    t.deepEqual(
      manifest?.card.unreadable.map(({code}) => code),
      ['impossible-name'],
    );
    t.deepEqual(
      calls.filter(({path}) => path.includes('outside') || path.startsWith('/etc')),
      [],
    );
  });
}

/** A broken folder. */
function addsNames(files: Files, folder: string, names: readonly string[]): Files {
  return {
    ...interceptCalls(files, (_call, proceed) => proceed()),
    list: async (path) => [...(await files.list(path)), ...(path === folder ? names : [])],
    async lookAll(path) {
      const entries = await files.lookAll(path);
      if (path !== folder) return entries;
      const known = (name: string) => entries.find((entry) => entry.name === name);
      const added = names.map((name) => known(name) ?? {name, facts: null, errno: 'EINVAL'});
      return [...entries, ...added];
    },
  };
}

test('threat: a file system that gives a name twice hides a file, and the card is not safe', async (t) => {
  const trial = await makeTrial(t, {[PICTURE]: 5000});
  const folder = join(trial.card, 'DCIM/100CANON');
  const report = await offloadTrial(trial, {files: addsNames(testFiles, folder, ['IMG_0001.JPG'])});
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('account-open'));
});

test('threat: a card of more entries, or longer paths, than can be recorded is listed no further', async (t) => {
  const root = await makeTemporaryFolder(t);
  for (let index = 0; index < 300; index++) await writeFile(join(root, `IMG_${index}.JPG`), '');
  const limits = {entries: 1000, pathLength: 100_000};
  t.deepEqual((await scanCard(realFiles, root, undefined, limits)).unreadable, []);
  for (const less of [{entries: 200}, {pathLength: 500}]) {
    const {files, unreadable} = await scanCard(realFiles, root, undefined, {...limits, ...less});
    t.true(files.length < 300);
    t.deepEqual(
      unreadable.map(({code, path}) => [code, path]),
      [['card-too-large', root]],
    );
  }
});

test('threat: a card of a million files is refused before anything is written', async (t) => {
  const trial = await makeTrial(t, {[PICTURE]: 5000});
  const {card} = trial;
  const facts = await realFiles.look(join(card, PICTURE));
  const names = Array.from({length: 1_000_000}, (_, index) => `IMG_${index}.JPG`);
  const folder = join(card, 'DCIM/100CANON');
  const files: Files = {
    ...addsNames(testFiles, folder, names),
    look: async (path) => (/IMG_\d+\.JPG$/.test(path) ? facts : await testFiles.look(path)),
  };
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 2);
  t.is(refusalOf(report), 'card-too-large');
  t.deepEqual([await readTree(trial.w), await readTree(trial.b)], [{}, {}]);
});

/** What may happen to a file between the listing and the reading, at the hands of something that writes on the card. */
const swaps: Readonly<Record<string, (place: string, folder: string) => Promise<unknown>>> = {
  'a link out': (place, folder) => symlink(join(folder, 'secret'), place),
  'a pipe': (place) => execa('mkfifo', [place]),
  'a folder': (place) => mkdir(place),
  'a device': (place) => symlink('/dev/zero', place),
  nothing: async () => {},
};
for (const [what, put] of Object.entries(swaps)) {
  test(`threat: a file that becomes ${what} before it is read fails alone`, async (t) => {
    if (onWindows) return skip(t, 'no such files on Windows');
    const trial = await makeTrial(t, {[PICTURE]: 5000, 'DCIM/B.JPG': 10});
    await writeFile(join(trial.folder, 'secret'), 'secret'.repeat(1000));
    const place = join(trial.card, PICTURE);
    let swapped: Promise<unknown> | undefined;
    const files = interceptCalls(testFiles, async (_call, proceed) => {
      await swapped;
      return await proceed();
    });
    const report = await offloadTrial(trial, {
      files,
      onEvent(event) {
        if (event.type === 'phase-started' && event.phase === 'copy')
          swapped = unlink(place).then(() => put(place, trial.folder));
      },
    });
    t.is(report.end.exitCode, 1);
    t.deepEqual(
      failuresOf(report).map(([path]) => path),
      [PICTURE],
    );
    t.is(report.verdicts[0]?.account.copied, 1);
    for (const to of [trial.w, trial.b]) {
      t.deepEqual(
        Object.keys(await readCopies(to)).filter((name) => /\.JPG$/.test(name)),
        ['Shoot/EOS/DCIM/B.JPG'],
      );
      t.deepEqual(await findLitter(to), []);
    }
  });
}

test('threat: a folder that goes while it is listed makes the card not safe', async (t) => {
  const trial = await makeTrial(t, {[PICTURE]: 5000, 'MISC/A.DAT': 10});
  const folder = join(trial.card, 'DCIM/100CANON');
  let isGone = false;
  const files = interceptCalls(testFiles, async (call, proceed) => {
    // Its names are listed by now, and nothing of it was looked at.
    if (call.method !== 'look' || !call.path.startsWith(`${folder}/`)) return await proceed();
    if (!isGone) await rename(folder, join(trial.folder, 'gone'));
    isGone = true;
    throw systemError('ENOENT', call);
  });
  const report = await offloadTrial(trial, {files});
  t.true(isGone);
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('account-open'));
});

test('threat: names of our own on the card are names of the card', async (t) => {
  const own = [
    '_offload/20261122T190001Z-w00000.json',
    '_offload/20261122T190001Z-w00000.journal',
    '_offload/lock',
    '_OFFLOAD2/IMG.JPG',
    '.offload-volume.json',
    '.offload-20261122T190001Z-w00000-w00001-1.part',
    '.offload-20261122T190001Z-w00000-w00001-1.mismatch',
    '.offload-volume-x.part',
    'ascmhl/0001_x.mhl',
    'lock',
  ];
  const trial = await makeTrial(
    t,
    Object.fromEntries(own.map((name) => [name, `bytes of ${name}`])),
  );
  const card = await readTree(trial.card);
  for (const layout of ['{shoot}/{path}', '{shoot}/{card}/{path}']) {
    // Twice: what a first run left is no reason for a second to take a file for its own.
    for (const _run of [1, 2]) {
      const report = await offloadTrial(trial, {options: {layout, shoot: layout.slice(9, 13)}});
      t.is(report.end.exitCode, 0);
      t.is(report.verdicts[0]?.account.found, own.length);
    }
  }
  t.deepEqual(await readTree(trial.card), card);
});

test('threat: a name that could be an option of a tool is handed over as a path', async (t) => {
  const names = [
    '-rf',
    '--help',
    '-',
    'of=x',
    '$(id)',
    '`id`',
    '; id',
    '| id',
    '"',
    "'",
    '\n',
    '*',
  ];
  const trial = await makeTrial(
    t,
    Object.fromEntries(names.map((name) => [name, `bytes ${name}`])),
  );
  const lines: (readonly string[])[] = [];
  const report = await offloadTrial(trial, {
    volumes: {[trial.w]: {fileSystem: 'btrfs'}, [trial.b]: {fileSystem: 'btrfs'}},
    async run(command, args) {
      lines.push([command, ...args]);
      return command === 'fincore' ? {ok: true, value: '0'} : {ok: true, value: ''};
    },
  });
  t.is(report.end.exitCode, 0);
  const arguments_ = lines.flatMap(([, ...args]) => args);
  const ours = /^(?:-f|--|--bytes|--noheadings|--output|PAGES|iflag=nocache|count=0|status=none)$/;
  t.deepEqual(
    arguments_.filter((one) => !ours.test(one) && !/^(?:if=)?\//.test(one)),
    [],
  );
  t.true(lines.some(([command]) => command === 'dd'));
});

test('threat: the longest names arrive, whole or cut where a drive cannot hold them', async (t) => {
  const names = [
    `${'a'.repeat(251)}.JPG`,
    `${'\u00e9'.repeat(125)}.JPG`,
    `${'\u{1f4f7}'.repeat(62)}.JPG`,
    '\u001b'.repeat(255),
    '%'.repeat(255),
    ' '.repeat(255),
  ];
  const trial = await makeTrial(
    t,
    Object.fromEntries(names.map((name) => [name, `bytes of ${name}`])),
  );
  await writeFile(Buffer.concat([Buffer.from(`${trial.card}/`), Buffer.alloc(255, 0xff)]), 'bytes');
  const report = await offloadTrial(trial, {volumes: {[trial.b]: {fileSystem: 'exfat'}}});
  t.is(report.end.exitCode, 0);
  t.is(report.verdicts[0]?.account.copied, 7);
  await rm(join(trial.card), {recursive: true});
});
