/** The promises of the program, one by one, with real files and named faults. */

import {mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {accountCloses} from '../src/core/account.ts';
import {decodeName} from '../src/core/file-names.ts';
import type {RunTool} from '../src/system/tools.ts';
import {POSIX_NAMES} from './core/odd-names.ts';
import {
  below,
  type Call,
  changes,
  Death,
  failsCalls,
  failsOnceReading,
  failsReading,
  flipsLastByte,
  flipsOnRead,
  fullAfter,
  givesShort,
  growsWhileRead,
  interceptCalls,
  lyingSync,
  lyingWrite,
  movesDevice,
  partsIn,
  readOnlyAfter,
  recordsCalls,
  shrinksWhileRead,
  tellsAtCall,
  vanishesAfter,
} from './helpers/faulty-files.ts';
import {
  codesOf,
  findLitter,
  hashOfBytes,
  makeTree,
  makeTrial,
  offloadTrial,
  readCopies,
  readManifests,
  readTree,
  runningPids,
  runOffload,
  SMALL_CARD,
  seededBytes,
  type Trial,
  testFiles,
} from './helpers/run-offload.ts';

const childProgram = fileURLToPath(new URL('./helpers/child-program.ts', import.meta.url));

const inShoot = (tree: Readonly<Record<string, string>>, folder = 'EOS') =>
  Object.fromEntries(
    Object.entries(tree)
      .filter(([name]) => name.startsWith(`Shoot/${folder}/`))
      .map(([name, what]) => [name.slice(`Shoot/${folder}/`.length), what]),
  );

/** Modes, times and contents of everything below a folder; reading them may move access times only. */
async function statAll(root: string): Promise<readonly string[]> {
  const names = ['.', ...(await readdir(root, {recursive: true})).sort()];
  return await Promise.all(
    names.map(async (name) => {
      const {mode, size, mtimeNs, ctimeNs, ino, nlink} = await stat(join(root, name), {
        bigint: true,
      });
      return `${name} ${mode} ${size} ${mtimeNs} ${ctimeNs} ${ino} ${nlink}`;
    }),
  );
}

test('a card goes to two drives, byte for byte, and is safe to format', async (t) => {
  const trial = await makeTrial(t);
  const report = await offloadTrial(trial);
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 0});
  const card = await readTree(trial.card);
  for (const to of [trial.w, trial.b]) {
    t.deepEqual(inShoot(await readCopies(to)), card);
    t.deepEqual(await findLitter(to), []);
    const [manifest, ...others] = await readManifests(join(to, 'Shoot'));
    t.is(others.length, 0);
    t.true(manifest?.verdict.safe);
  }
});

for (const verify of ['copies', 'full'] as const) {
  test(`promise 1: the card is never written (--verify ${verify})`, async (t) => {
    const trial = await makeTrial(t);
    const before = await statAll(trial.card);
    const calls: Call[] = [];
    const files = recordsCalls(testFiles, calls);
    const report = await offloadTrial(trial, {files, options: {verify}});
    t.is(report.end.exitCode, 0);
    const onCard = new Set(
      calls.filter(({path}) => below(trial.card)(path)).map(({method}) => method),
    );
    const reading = new Set([
      'openToRead',
      'list',
      'look',
      'lookAll',
      'follow',
      'resolve',
      'read',
      'facts',
      'close',
    ]);
    t.deepEqual(
      [...onCard].filter((method) => !reading.has(method)),
      [],
    );
    t.true(onCard.has('read'));
    t.deepEqual(
      calls.filter(({to = ''}) => below(trial.card)(to)),
      [],
    );
    t.deepEqual(await statAll(trial.card), before);
  });
}

test('promise 1: the card is not written when everything else goes wrong', async (t) => {
  const trial = await makeTrial(t);
  const before = await statAll(trial.card);
  const calls: Call[] = [];
  let files = recordsCalls(testFiles, calls);
  files = vanishesAfter(files, trial.w, 60);
  files = failsReading(files, (path) => path.endsWith('IMG_0002.JPG'), 'EIO');
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 1);
  t.deepEqual(
    calls.filter((call) => below(trial.card)(call.path) && changes(call)),
    [],
  );
  t.deepEqual(await statAll(trial.card), before);
});

/** Looks at every final name after every call: what stands there must be what the card has. */
function watchesFinalNames(trial: Trial, wrong: string[]) {
  return interceptCalls(testFiles, async (call, proceed) => {
    const value = await proceed();
    if (!changes(call)) return value;
    for (const root of [trial.w, trial.b]) {
      const shoot = join(root, 'Shoot/EOS');
      const names = await readdir(shoot, {recursive: true}).catch(() => []);
      for (const name of names) {
        if (/\.offload-[^/]*$/.test(name) || !/\.[A-Z0-9]{3}$/.test(name)) continue;
        const copy = await readFile(join(shoot, name));
        const original = await readFile(join(trial.card, name));
        if (!copy.equals(original)) wrong.push(`${name} after ${call.method} ${call.path}`);
      }
    }
    return value;
  });
}

test('promise 2: a final name never holds unproved bytes', async (t) => {
  const trial = await makeTrial(t);
  const wrong: string[] = [];
  const watching = watchesFinalNames(trial, wrong);
  const folder = join(trial.w, 'Shoot/EOS/DCIM/101CANON');
  const report = await offloadTrial(trial, {files: flipsLastByte(watching, partsIn(folder))});
  t.deepEqual(wrong, []);
  t.is(report.end.exitCode, 1);
});

test('promise 2: a copy gets its name only after it was flushed and read back', async (t) => {
  const trial = await makeTrial(t);
  const calls: Call[] = [];
  const tools: string[] = [];
  const report = await offloadTrial(trial, {
    files: recordsCalls(testFiles, calls),
    run: async (command, args) => {
      if (command !== 'sync') return {ok: false, cause: {code: 'ENOENT', message: '', next: ''}};
      tools.push(args.join(' '));
      calls.push({method: 'sync', path: `all of ${args[1] ?? ''}`});
      return {ok: true, value: ''};
    },
  });
  t.is(report.end.exitCode, 0);
  t.true(tools.length > 0);
  const named = calls.filter(({method, to}) => method === 'publish' && to?.includes('/EOS/'));
  t.is(named.length, 8);
  for (const {path, to} of named) {
    const own = calls.flatMap((call, index) => (call.path === path ? [{...call, index}] : []));
    const indexOf = (method: string) => own.findLast((call) => call.method === method)?.index ?? -1;
    const root = path.startsWith(trial.w) ? trial.w : trial.b;
    const firstClose = own.find(({method}) => method === 'close')?.index ?? Number.NaN;
    const flushed = calls.findIndex(
      (call, index) => index > firstClose && call.path === `all of ${root}`,
    );
    t.true(flushed > firstClose, `${to} was flushed`);
    t.true(indexOf('openToRead') > flushed, `${to} was read back after the flush`);
    t.true(indexOf('publish') > indexOf('openToRead'), `${to} was named after that`);
  }
});

const spoilers = {flipsLastByte, lyingSync, lyingWrite};
for (const [name, spoil] of Object.entries(spoilers)) {
  test(`promise 2: a drive that ${name} is found out, and the copy gets no name`, async (t) => {
    const trial = await makeTrial(t, {...SMALL_CARD, 'VIDEO/CLIP.MP4': 1_200_000});
    const files = spoil(testFiles, partsIn(join(trial.b, 'Shoot/EOS/VIDEO')));
    const report = await offloadTrial(trial, {files});
    t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
    t.true(codesOf(report).includes('file-unproved'));
    const mismatches = report.events.filter((event) => event.type === 'file-mismatched');
    // Written once and twice again, and each bad copy kept under a name that says so.
    t.deepEqual(
      mismatches.map(({path, to, rewrite}) => [path, to, rewrite]),
      [1, 2, undefined].map((rewrite) => ['VIDEO/CLIP.MP4', trial.b, rewrite]),
    );
    const kept = mismatches.map(({evidence}) => `Shoot/${evidence}`).sort();
    t.deepEqual(await findLitter(trial.b), kept);
    const {'VIDEO/CLIP.MP4': clip, ...others} = await readTree(trial.card);
    const copies = Object.entries(inShoot(await readCopies(trial.b)));
    const named = copies.filter(([path]) => !kept.includes(`Shoot/EOS/${path}`));
    t.deepEqual(Object.fromEntries(named), others);
    t.is(inShoot(await readCopies(trial.w))['VIDEO/CLIP.MP4'], clip);
    const again = await offloadTrial(trial);
    t.is(again.end.exitCode, 0);
    t.is(inShoot(await readCopies(trial.b))['VIDEO/CLIP.MP4'], clip);
    t.deepEqual(await findLitter(trial.b), []);
  });
}

test('promise 2: a drive that reads other bytes back is found out', async (t) => {
  const trial = await makeTrial(t);
  const folder = join(trial.w, 'Shoot/EOS/DCIM/101CANON');
  const report = await offloadTrial(trial, {files: flipsOnRead(testFiles, partsIn(folder))});
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('file-unproved'));
  t.false('DCIM/101CANON/MVI_0003.MP4' in inShoot(await readCopies(trial.w)));
});

test('promise 3: a different file of the same name stays, and the new one gets another', async (t) => {
  const trial = await makeTrial(t);
  const theirs = 'Shoot/EOS/DCIM/100CANON/IMG_0001.JPG';
  await makeTree(trial.w, {[theirs]: 'somebody else’s picture'});
  const before = (await readTree(trial.w))[theirs];
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  const copies = await readCopies(trial.w);
  t.is(copies[theirs], before);
  const card = await readTree(trial.card);
  t.is(copies['Shoot/EOS/DCIM/100CANON/IMG_0001-2.JPG'], card['DCIM/100CANON/IMG_0001.JPG']);
  t.true(report.verdicts[0]?.warnings.some(({code}) => code === 'name-changed'));
});

test('promise 3: an identical file is proved by its hash and counted as present', async (t) => {
  const trial = await makeTrial(t);
  for (const root of [trial.w, trial.b]) {
    const place = join(root, 'Shoot/EOS/DCIM/100CANON');
    await mkdir(place, {recursive: true});
    await writeFile(
      join(place, 'IMG_0001.JPG'),
      await readFile(join(trial.card, 'DCIM/100CANON/IMG_0001.JPG')),
    );
  }
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  const account = report.verdicts[0]?.account;
  t.is(account?.present, 1);
  t.is(account?.copied, 3);
  t.false('Shoot/EOS/DCIM/100CANON/IMG_0001-2.JPG' in (await readCopies(trial.w)));
});

test('promise 3: the same size and time with other bytes is another file', async (t) => {
  const trial = await makeTrial(t);
  const path = 'DCIM/101CANON/MVI_0003.MP4';
  const bytes = await readFile(join(trial.card, path));
  bytes[75_000] = (bytes[75_000] ?? 0) ^ 1;
  const theirs = join(trial.w, 'Shoot/EOS', path);
  await mkdir(join(theirs, '..'), {recursive: true});
  await writeFile(theirs, bytes);
  const {atime, mtime} = await stat(join(trial.card, path));
  await utimes(theirs, atime, mtime);
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  const copies = inShoot(await readCopies(trial.w));
  t.is(copies[path], hashOfBytes(bytes));
  t.is(copies['DCIM/101CANON/MVI_0003-2.MP4'], (await readTree(trial.card))[path]);
});

test('promise 3: a file that appears between plan and naming is not overwritten', async (t) => {
  const trial = await makeTrial(t);
  const theirs = join(trial.w, 'Shoot/EOS/DCIM/100CANON/IMG_0002.JPG');
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'publish' && call.to === theirs) await writeFile(theirs, 'just now');
    return await proceed();
  });
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 0);
  t.is(await readFile(theirs, 'utf8'), 'just now');
  const copies = inShoot(await readCopies(trial.w));
  const card = await readTree(trial.card);
  t.is(copies['DCIM/100CANON/IMG_0002-2.JPG'], card['DCIM/100CANON/IMG_0002.JPG']);
  t.deepEqual(await findLitter(trial.w), []);
});

test('promise 3: an offload of the same card again writes no copy and ends safe', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  const before = await readCopies(trial.w);
  const calls: Call[] = [];
  const report = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  t.is(report.verdicts[0]?.account.present, 4);
  t.deepEqual(await readCopies(trial.w), before);
  t.deepEqual(
    calls.filter(({method}) => method === 'publish'),
    [],
  );
});

const unproven = {
  'same-drive': {physical: {known: true, ids: ['disk:w']}},
  'drive-unknown': {physical: {known: false, why: 'nobody says'}},
  'volatile-drive': {kind: 'ram'},
  'cache-possible': {kind: 'network'},
} as const;
for (const [code, change] of Object.entries(unproven)) {
  test(`promise 4: what is unknown is never a yes (${code})`, async (t) => {
    const trial = await makeTrial(t);
    const report = await offloadTrial(trial, {volumes: {[trial.b]: change}});
    t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
    t.deepEqual(codesOf(report), [code]);
    const [manifest] = await readManifests(join(trial.w, 'Shoot'));
    t.false(manifest?.verdict.safe);
  });
}

test('promise 4: the card’s own drive does not count', async (t) => {
  const trial = await makeTrial(t);
  const volumes = {[trial.b]: {physical: {known: true, ids: ['disk:eos']}}} as const;
  for (const allowSameDrive of [false, true]) {
    const report = await offloadTrial(trial, {volumes, options: {allowSameDrive}});
    t.is(report.end.exitCode, 1);
    t.deepEqual(codesOf(report), ['same-drive']);
  }
});

test('promise 5: the account closes over junk, links, special files and odd folders', async (t) => {
  const trial = await makeTrial(t, {
    ...SMALL_CARD,
    '.Trashes/501/OLD.JPG': 10,
    '.Spotlight-V100/Store-V2/x': 10,
    'DCIM/._IMG_0001.JPG': 4096,
    'DCIM/.DS_Store': 6148,
    'DCIM/thumbs.db': 20,
    'System Volume Information/IndexerVolumeGuid': 76,
    'link.JPG': {link: 'DCIM/100CANON/IMG_0001.JPG'},
    loop: {link: '.'},
    'NOTES.TXT': 'kept',
    '.hidden/file': 'kept too',
  });
  const hasFifo = process.platform !== 'win32';
  if (hasFifo) await execa('mkfifo', [join(trial.card, 'pipe')]);
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  const [verdict] = report.verdicts;
  t.truthy(verdict);
  if (verdict === undefined) return;
  const {account, leftOut, warnings} = verdict;
  t.true(accountCloses(account));
  t.deepEqual(
    {copied: account.copied, leftOut: account.leftOut, failed: account.failed},
    {copied: 6, leftOut: hasFifo ? 9 : 8, failed: 0},
  );
  t.is(
    leftOut.reduce((sum, {count}) => sum + count, 0),
    account.leftOut,
  );
  const warned = warnings.map(({code, path}) => `${code} ${path}`);
  t.true(warned.includes('link-left-out link.JPG'));
  t.true(warned.includes('link-left-out loop'));
  t.is(warned.includes('special-left-out pipe'), hasFifo);
  const copies = inShoot(await readCopies(trial.b));
  t.true('NOTES.TXT' in copies && '.hidden/file' in copies && copies.MISC === 'folder');
  t.false('link.JPG' in copies || 'pipe' in copies || '.Trashes' in copies);
});

test('promise 5: a folder that cannot be listed makes the card not safe', async (t) => {
  const trial = await makeTrial(t);
  const hidden = join(trial.card, 'DCIM/101CANON');
  const files = failsCalls(testFiles, ['list'], (path) => path === hidden, 'EACCES');
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 1);
  t.deepEqual(codesOf(report), ['account-open', 'card-changed']);
  const [manifest] = await readManifests(join(trial.w, 'Shoot'));
  t.deepEqual(
    manifest?.card.unreadable.map(({path, code}) => [path, code]),
    [['DCIM/101CANON', 'EACCES']],
  );
});

test('promise 5: a file that cannot be looked at makes the card not safe', async (t) => {
  const trial = await makeTrial(t);
  const files = failsCalls(testFiles, ['look'], (path) => path.endsWith('IMG_0002.JPG'), 'EIO');
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('account-open'));
});

const cardChanges: Readonly<Record<string, (card: string) => Promise<void>>> = {
  'a new file': (card) => writeFile(join(card, 'DCIM/NEW.JPG'), 'new'),
  'a file gone': (card) => rm(join(card, 'DCIM/100CANON/IMG_0001.JPG')),
  'other bytes of the same size and time': async (card) => {
    const path = join(card, 'DCIM/100CANON/IMG_0002.JPG');
    const {atime, mtime} = await stat(path);
    await writeFile(path, seededBytes('other', 8192));
    await utimes(path, atime, mtime);
  },
  'a new link': (card) => symlink('DCIM', join(card, 'link')),
};
for (const [what, change] of Object.entries(cardChanges)) {
  test(`promise 5: ${what} on the card after the copy makes it not safe`, async (t) => {
    const trial = await makeTrial(t);
    let changing: Promise<void> | undefined;
    const files = interceptCalls(testFiles, async (_call, proceed) => {
      await changing;
      return await proceed();
    });
    const report = await offloadTrial(trial, {
      files,
      onEvent(event) {
        if (event.type === 'phase-started' && event.phase === 'relist')
          changing = change(trial.card);
      },
    });
    t.is(report.end.exitCode, 1);
    t.deepEqual(codesOf(report), ['card-changed']);
  });
}

/** Paths of `file-failed` with the destination. */
const failuresOf = (report: Awaited<ReturnType<typeof offloadTrial>>) =>
  report.events.flatMap((event) =>
    event.type === 'file-failed' ? [[event.path, event.to ?? 'card', event.code]] : [],
  );

test('promise 6: a bad sector on the card stops one file', async (t) => {
  const trial = await makeTrial(t);
  const bad = 'DCIM/101CANON/MVI_0003.MP4';
  const files = failsReading(testFiles, (path) => path === join(trial.card, bad), 'EIO', 100_000);
  const report = await offloadTrial(trial, {files});
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
  t.deepEqual(failuresOf(report), [[bad, 'card', 'EIO']]);
  const {[bad]: _bad, ...others} = await readTree(trial.card);
  for (const root of [trial.w, trial.b]) {
    t.deepEqual(inShoot(await readCopies(root)), others);
    t.deepEqual(await findLitter(root), []);
    const [manifest] = await readManifests(join(root, 'Shoot'));
    t.is(manifest?.files.find(({path}) => path === bad)?.blake3, null);
  }
  const again = await offloadTrial(trial);
  t.is(again.end.exitCode, 0);
  t.is((await readManifests(join(trial.w, 'Shoot'))).length, 1);
});

test('promise 6: a read that succeeds at the second try is read once more as a whole', async (t) => {
  const trial = await makeTrial(t);
  const path = join(trial.card, 'DCIM/100CANON/IMG_0001.JPG');
  const calls: Call[] = [];
  const files = failsOnceReading(recordsCalls(testFiles, calls), (one) => one === path);
  // The probe of the card reads its first file, so the loose contact must come later.
  const report = await offloadTrial(trial, {files: skipFirst(files, path)});
  t.is(report.end.exitCode, 0);
  const [manifest] = await readManifests(join(trial.b, 'Shoot'));
  const record = manifest?.files.find((file) => file.path.endsWith('IMG_0001.JPG'));
  t.is(record?.retries, 1);
  t.is(calls.filter((call) => call.method === 'openToRead' && call.path === path).length, 2);

  /** The first opening of a path goes around the fault. */
  function skipFirst(faulty: typeof testFiles, skipped: string) {
    let opened = 0;
    return {
      ...faulty,
      openToRead: (one: string, options: {direct: boolean}) =>
        one === skipped && opened++ === 0
          ? testFiles.openToRead(one, options)
          : faulty.openToRead(one, options),
    };
  }
});

const whileRead = {growsWhileRead, shrinksWhileRead};
for (const [name, fault] of Object.entries(whileRead)) {
  test(`promise 6: a file that ${name} fails alone`, async (t) => {
    const trial = await makeTrial(t);
    const bad = 'DCIM/101CANON/MVI_0003.MP4';
    const report = await offloadTrial(trial, {
      files: fault(testFiles, (path) => path === join(trial.card, bad)),
    });
    t.is(report.end.exitCode, 1);
    t.deepEqual(failuresOf(report), [[bad, 'card', 'changed-while-read']]);
    t.is(report.verdicts[0]?.account.copied, 3);
    t.false(bad in inShoot(await readCopies(trial.w)));
    t.deepEqual(await findLitter(trial.w), []);
  });
}

for (const method of ['openToRead', 'facts', 'close'] as const) {
  test(`promise 6: a file of the card whose ${method} fails stops at most itself`, async (t) => {
    const trial = await makeTrial(t);
    const bad = 'DCIM/101CANON/MVI_0003.MP4';
    const path = join(trial.card, bad);
    const report = await offloadTrial(trial, {
      files: failsCalls(testFiles, [method], (one) => one === path, 'EIO'),
    });
    const copies = inShoot(await readCopies(trial.b));
    const {[bad]: hash, ...others} = await readTree(trial.card);
    if (method === 'close') t.is(copies[bad], hash);
    else t.deepEqual(failuresOf(report), [[bad, 'card', 'EIO']]);
    t.like(copies, others);
    t.deepEqual(await findLitter(trial.b), []);
  });
}

const noTools: RunTool = async (command) => ({
  ok: false,
  cause: {code: 'ENOENT', message: `${command} failed`, next: 'Install it.'},
});

const writeFaults = ['createFile', 'write', 'truncate', 'setModified', 'close'] as const;
for (const method of writeFaults) {
  test(`promise 6: one copy whose ${method} fails stops that copy`, async (t) => {
    const trial = await makeTrial(t);
    const folder = join(trial.w, 'Shoot/EOS/DCIM/100CANON');
    // Only direct writes are padded and cut; small files are written so where they are not flushed together.
    const alone = method === 'truncate' ? {run: noTools} : {};
    const report = await offloadTrial(trial, {
      ...alone,
      files: failsCalls(testFiles, [method], partsIn(folder), 'EIO'),
    });
    t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
    const failed = failuresOf(report).map(([path, to]) => [path, to]);
    // Bytes that fill whole blocks need no truncation.
    const hit = method === 'truncate' ? ['1'] : ['1', '2'];
    t.deepEqual(
      failed.sort(),
      hit.map((number) => [`DCIM/100CANON/IMG_000${number}.JPG`, trial.w]),
    );
    t.deepEqual(inShoot(await readCopies(trial.b)), await readTree(trial.card));
    t.is((await readManifests(join(trial.w, 'Shoot'))).length, 1);
    const again = await offloadTrial(trial);
    t.is(again.end.exitCode, 0);
    t.deepEqual(await findLitter(trial.w), []);
  });
}

for (const method of ['publish', 'openToRead'] as const) {
  test(`promise 6: one copy whose ${method} fails when it is proved stops that copy`, async (t) => {
    const trial = await makeTrial(t);
    const folder = join(trial.w, 'Shoot/EOS/DCIM/101CANON');
    const report = await offloadTrial(trial, {
      files: failsCalls(testFiles, [method], partsIn(folder), 'EIO'),
    });
    t.is(report.end.exitCode, 1);
    t.is(failuresOf(report).length, 2);
    t.deepEqual(await findLitter(trial.w), []);
    t.is((await offloadTrial(trial)).end.exitCode, 0);
  });
}

test('promise 6: somebody’s file in the place of a folder stops what belongs into it', async (t) => {
  const trial = await makeTrial(t);
  await makeTree(trial.w, {'Shoot/EOS/DCIM/101CANON': 'a file'});
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 1);
  t.deepEqual(
    failuresOf(report)
      .map(([path, to]) => [path, to])
      .sort(),
    [
      ['DCIM/101CANON/EMPTY.LOG', trial.w],
      ['DCIM/101CANON/MVI_0003.MP4', trial.w],
    ],
  );
  t.false(report.events.some(({type}) => type === 'destination-lost'));
  t.is((await readManifests(join(trial.w, 'Shoot'))).length, 1);
  t.is(await readFile(join(trial.w, 'Shoot/EOS/DCIM/101CANON'), 'utf8'), 'a file');
});

const losses: Readonly<Record<string, (trial: Trial, n: number) => typeof testFiles>> = {
  'is pulled out': ({w}, n) => vanishesAfter(testFiles, w, n),
  'is pulled from under its mount point': ({w}, n) => movesDevice(testFiles, w, n),
  'becomes read-only': ({w}, n) => readOnlyAfter(testFiles, w, n),
};
for (const [what, lose] of Object.entries(losses)) {
  test(`promise 6: a destination that ${what} lets the other finish`, async (t) => {
    const trial = await makeTrial(t);
    const report = await offloadTrial(trial, {files: lose(trial, 45)});
    t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
    t.deepEqual(
      report.events.flatMap((event) => (event.type === 'destination-lost' ? [event.to] : [])),
      [trial.w],
    );
    t.true(codesOf(report).includes('manifest-missing'));
    t.deepEqual(inShoot(await readCopies(trial.b)), await readTree(trial.card));
    const [manifest] = await readManifests(join(trial.b, 'Shoot'));
    t.false(manifest?.verdict.safe);
    const again = await offloadTrial(trial);
    t.is(again.end.exitCode, 0);
    for (const root of [trial.w, trial.b]) {
      t.deepEqual(inShoot(await readCopies(root)), await readTree(trial.card));
      t.deepEqual(await findLitter(root), []);
      t.is((await readManifests(join(root, 'Shoot'))).length, 1);
    }
  });

  test(`promise 6: a destination that ${what} at any moment is safe only when all is on it`, async (t) => {
    const codes = new Set<number>();
    await forEachOf(3, 260, 9, async (n) => {
      const trial = await makeTrial(t);
      const report = await offloadTrial(trial, {files: lose(trial, n)});
      const card = await readTree(trial.card);
      const {exitCode} = report.end;
      codes.add(exitCode);
      if (exitCode === 2) return;
      t.deepEqual(inShoot(await readCopies(trial.b)), card, `lost at call ${n}`);
      t.is(report.verdicts[0]?.safe, exitCode === 0);
      if (exitCode === 1) return;
      t.deepEqual(inShoot(await readCopies(trial.w)), card, `lost at call ${n}`);
      t.is((await readManifests(join(trial.w, 'Shoot'))).length, 1);
    });
    t.true(codes.has(0) && codes.has(1));
  });
}

test('promise 6: a full disk stops what does not fit', async (t) => {
  const trial = await makeTrial(t, {...SMALL_CARD, 'VIDEO/CLIP.MP4': 2_000_000});
  const report = await offloadTrial(trial, {files: fullAfter(testFiles, trial.w, 500_000)});
  t.is(report.end.exitCode, 1);
  const failed = failuresOf(report);
  t.true(failed.length > 0);
  t.true(failed.every(([, to, code]) => to === trial.w && code === 'ENOSPC'));
  t.deepEqual(inShoot(await readCopies(trial.b)), await readTree(trial.card));
  const card = await readTree(trial.card);
  for (const [path, hash] of Object.entries(inShoot(await readCopies(trial.w))))
    if (!path.endsWith('.part')) t.is(hash, card[path] ?? 'not on the card');
  t.is((await offloadTrial(trial)).end.exitCode, 0);
});

test('promise 6: a card that is pulled out leaves what is proved, and the next run goes on', async (t) => {
  const trial = await makeTrial(t);
  const report = await offloadTrial(trial, {files: vanishesAfter(testFiles, trial.card, 26)});
  t.deepEqual(report.end, {outcome: 'incomplete', exitCode: 1});
  t.true(codesOf(report).includes('interrupted'));
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  t.deepEqual(inShoot(await readCopies(trial.w)), await readTree(trial.card));
});

test('short reads and short writes give whole copies', async (t) => {
  const trial = await makeTrial(t);
  const report = await offloadTrial(trial, {files: givesShort(testFiles)});
  t.is(report.end.exitCode, 0);
  t.deepEqual(inShoot(await readCopies(trial.w)), await readTree(trial.card));
});

/** After an interruption the same command must end as if nothing had been. */
async function expectRecovery(
  t: ExecutionContext,
  trial: Trial,
  when: string,
  manifestCount = 1,
): Promise<void> {
  const standing = new Map<string, string>();
  for (const root of [trial.w, trial.b]) {
    for (const [name, hash] of Object.entries(inShoot(await readCopies(root).catch(() => ({}))))) {
      if (hash !== 'folder' && !name.endsWith('.part')) standing.set(join(root, name), hash);
    }
  }
  const calls: Call[] = [];
  const again = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
  t.is(again.end.exitCode, 0, when);
  const card = await readTree(trial.card);
  for (const root of [trial.w, trial.b]) {
    t.deepEqual(inShoot(await readCopies(root)), card, when);
    t.deepEqual(await findLitter(root), [], when);
    const manifests = await readManifests(join(root, 'Shoot'));
    t.is(manifests.length, manifestCount, when);
    t.true(manifests.at(-1)?.verdict.safe, when);
  }
  // What stood under its final name was proved: nothing is written for it again.
  const files = Object.values(card).filter((hash) => hash !== 'folder').length * 2;
  const written = calls.filter(
    ({method, path}) =>
      method === 'createFile' && /\/Shoot\/EOS\/.*\.offload-[^/]*\.part$/.test(path),
  );
  t.true(written.length <= files - standing.size, `${when}: ${written.length} written again`);
}

/** Several at a time: they wait for flushes most of the time. */
async function forEachOf(
  from: number,
  to: number,
  step: number,
  job: (n: number) => Promise<void>,
): Promise<void> {
  let next = from;
  const work = async () => {
    for (let n = next; n <= to; n = next) {
      next += step;
      await job(n);
    }
  };
  await Promise.all([work(), work(), work(), work(), work(), work()]);
}

/** Every how many calls the run is stopped: each one would take a minute. */
const STRIDE = 5;

test('promise 7: a run that is stopped at any call ends safe when it is run again', async (t) => {
  const whole: Call[] = [];
  await offloadTrial(await makeTrial(t), {files: recordsCalls(testFiles, whole)});
  t.true(whole.length > 200);
  await forEachOf(1, whole.length, STRIDE, async (n) => {
    const trial = await makeTrial(t);
    const stop = new AbortController();
    const report = await offloadTrial(trial, {
      files: tellsAtCall(testFiles, n, () => stop.abort()),
      stop,
    });
    const when = `stopped at call ${n} of ${whole.length}`;
    const safe = report.verdicts.some((verdict) => verdict.safe);
    t.is(report.end.exitCode, safe ? 0 : 130, when);
    if (!safe) await expectRecovery(t, trial, when);
    else for (const root of [trial.w, trial.b]) t.deepEqual(await findLitter(root), [], when);
  });
});

test('promise 7: a run whose power goes at any change ends safe when it is run again', async (t) => {
  const whole: Call[] = [];
  await offloadTrial(await makeTrial(t), {files: recordsCalls(testFiles, whole)});
  const count = whole.filter(changes).length;
  t.true(count > 60);
  let deaths = 0;
  await forEachOf(1, count, 1, async (n) => {
    const trial = await makeTrial(t);
    const death = new Death();
    const pid = 100_000 + n;
    const run = offloadTrial(trial, {files: death.comesAt(testFiles, n), pid});
    const ended = await Promise.race([run.then(() => true), death.happened.then(() => false)]);
    await death.bury();
    runningPids.delete(pid);
    // How many changes a run makes depends a little on which facts are written together.
    if (ended) return;
    deaths += 1;
    const manifests = await readManifests(join(trial.w, 'Shoot')).catch(() => []);
    const litter = await findLitter(trial.folder);
    // Only the lock was left to remove: the offload was done, and the next one is another.
    const isDone = manifests.length > 0 && !litter.some((name) => name.endsWith('.journal'));
    await expectRecovery(t, trial, `power gone at change ${n} of ${count}`, isDone ? 2 : 1);
  });
  t.true(deaths > count * 0.9, `${deaths} of ${count}`);
});

/** `kill -9` a little later each time: the program of its own that is killed is at another place each time. */
const KILLS = 6;

test('promise 7: a program that is killed at any moment ends safe when it is run again', async (t) => {
  const files = Object.fromEntries(
    Array.from({length: 40}, (_, index) => [`DCIM/100CANON/IMG_${1000 + index}.JPG`, 60_000]),
  );
  const trial = await makeTrial(t, {...files, 'DCIM/100CANON/MVI_0001.MP4': 12_000_000});
  let kills = 0;
  let isSafe = false;
  // A run that told of its SAFE is over, wherever it is killed then: the next one is another offload with a record of its own.
  for (let kill = 0; kill < KILLS && !isSafe; kill++) {
    const args = ['--import=tsx', childProgram, trial.card, trial.w, trial.b];
    const child = execa(process.execPath, args, {reject: false, buffer: false});
    let lines = 0;
    // The child tells of each event; the killing comes a random number of events after the start.
    const last = 1 + Math.floor(Math.random() * 30 * (kill + 1));
    for await (const line of child) {
      isSafe ||= line === 'verdict safe';
      if (++lines === last) child.kill('SIGKILL');
    }
    const {isTerminated} = await child;
    if (!isTerminated) break;
    kills += 1;
  }
  t.true(kills > 0);
  t.log(`killed ${kills} times`);
  const litter = await findLitter(trial.folder);
  if (isSafe && litter.length === 0) return;
  const isOver = isSafe && !litter.some((name) => name.endsWith('.journal'));
  await expectRecovery(t, trial, `after ${kills} kills`, isOver ? 2 : 1);
});

test('promise 8: no name escapes the folder, whatever it is', async (t) => {
  const names = POSIX_NAMES.map(([name]) => name).filter((name) => !name.includes('link'));
  const hostile = [
    '\u001B]0;owned\u0007.JPG',
    '..\\..\\evil.JPG',
    '$(touch owned).JPG',
    '; rm -rf ~.JPG',
    '...',
    '_offload',
    '.offload-volume.json',
    'C:evil.JPG',
    '\u202Egpj.exe',
  ];
  const wellFormed = names.filter((name) => !/[\uD800-\uDFFF]/.test(name));
  const tree = Object.fromEntries(
    [...wellFormed, ...hostile].map((name) => [name, `bytes of ${JSON.stringify(name)}`]),
  );
  const trial = await makeTrial(t, tree);
  const bytes = Buffer.concat([
    Buffer.from(`${trial.card}/latin1_`),
    Buffer.from([0xe9, 0x2e, 0x4a, 0x50, 0x47]),
  ]);
  await writeFile(bytes, 'not UTF-8');
  const before = (await readdir(trial.folder)).sort();
  const report = await offloadTrial(trial, {
    options: {layout: '{shoot}/{path}'},
    volumes: {[trial.b]: {fileSystem: 'exfat'}},
  });
  t.is(report.end.exitCode, 0);
  t.deepEqual((await readdir(trial.folder)).sort(), before);
  const contents = new Set([
    ...Object.values(tree).map((text) => hashOfBytes(Buffer.from(String(text)))),
    hashOfBytes(Buffer.from('not UTF-8')),
  ]);
  t.is(contents.size, wellFormed.length + hostile.length + 1);
  for (const root of [trial.w, trial.b]) {
    const top = await readdir(root);
    t.deepEqual(top.sort(), ['.offload-volume.json', 'Shoot']);
    const shoot = join(root, 'Shoot');
    const copies = (await readdir(shoot, {withFileTypes: true})).filter((one) => one.isFile());
    const found = new Set<string>();
    for (const {name} of copies) found.add(hashOfBytes(await readFile(join(shoot, name))));
    t.deepEqual([...found].sort(), [...contents].sort());
  }
  const [manifest] = await readManifests(join(trial.b, 'Shoot'));
  t.true(
    manifest?.files.some(({path}) => path === decodeName(Buffer.from('latin1_\xE9.JPG', 'latin1'))),
  );
});

test('promise 8: the list of a hostile card passes b3sum --check', async (t) => {
  const trial = await makeTrial(t, {
    'new\nline.JPG': 10,
    'back\\slash.JPG': 20,
    ' lead.JPG': 30,
    'star*.JPG': 40,
    '-rf.JPG': 50,
  });
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  const checksums = report.verdicts[0]?.copies[0]?.checksums ?? '';
  const checked = await execa('b3sum', ['--check', checksums], {
    cwd: join(trial.w, 'Shoot'),
    reject: false,
  });
  if (checked.code === 'ENOENT') {
    t.log('b3sum is not installed');
    t.pass();
    return;
  }
  t.is(checked.exitCode, 0, checked.stderr);
});

test('promise 8: a shoot name, a label and a camera model cannot leave the destination', async (t) => {
  for (const shoot of ['../../out', '/etc', '..', '.', 'a/b', 'CON', '\u001B[2J']) {
    const trial = await makeTrial(t, {'A.JPG': 5});
    const report = await runOffload({
      cards: [trial.card],
      to: [trial.w, trial.b],
      options: {shoot},
      volumes: {[trial.card]: {label: '../../../label'}},
    });
    t.is(report.end.exitCode, 0);
    t.deepEqual((await readdir(trial.folder)).sort(), ['B', 'EOS', 'W']);
    t.is((await readdir(trial.w)).length, 2);
  }
});

test('promise 8: links on a destination lead no copy away', async (t) => {
  const trial = await makeTrial(t);
  const outside = join(trial.folder, 'outside');
  await mkdir(outside);
  await mkdir(join(trial.w, 'Shoot/EOS/DCIM'), {recursive: true});
  await symlink(outside, join(trial.w, 'Shoot/EOS/DCIM/101CANON'));
  const report = await offloadTrial(trial);
  t.deepEqual(await readdir(outside), []);
  t.is(report.end.exitCode, 1);
  t.deepEqual(inShoot(await readCopies(trial.b)), await readTree(trial.card));
});
