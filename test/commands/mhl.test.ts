/** `--mhl`: histories as another reader finds them, and how they go on. */
import {appendFile, mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {verify} from '../../src/commands/verify.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {CHOSEN_FORMATS} from '../../src/core/mhl/formats.ts';
import {c4, checkHistory, hashOf, readGenerations} from '../core/mhl/check-history.ts';
import {below, failsCalls, interceptCalls, systemError} from '../helpers/faulty-files.ts';
import {
  makeTree,
  makeTrial,
  offloadTrial,
  type RunReport,
  type RunSetting,
  readTree,
  runOffload,
  SMALL_CARD,
  type Trial,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

const withMhl = {options: {mhl: 'xxh64'}} as const satisfies Partial<RunSetting>;

const PICTURE = 'DCIM/100CANON/IMG_0001.JPG';

const rootsOf = ({w, b}: Trial) => [w, b].map((to) => join(to, 'Shoot/EOS'));

const warningsOf = ({verdicts}: RunReport) =>
  verdicts.flatMap(({warnings}) =>
    warnings.filter(({code}) => code.startsWith('mhl-')).map(({code, path}) => [code, path]),
  );

const actionsOf = async (root: string) =>
  (await readGenerations(root)).map(({files}) =>
    Object.fromEntries(
      [...files].map(([path, entries]) => [
        path,
        entries.map(({format, action}) => `${format} ${action}`).join(', '),
      ]),
    ),
  );

for (const format of CHOSEN_FORMATS) {
  test(`${format}: every proved file, every folder, the chain, on each destination`, async (t) => {
    const trial = await makeTrial(t, {...SMALL_CARD, 'MISC/ODD & <é> "x".TXT': 'odd'});
    const report = await offloadTrial(trial, {options: {mhl: format}});
    t.is(report.end.exitCode, 0);
    t.deepEqual(warningsOf(report), []);
    for (const root of rootsOf(trial)) {
      t.deepEqual(await checkHistory(root), []);
      const [generation] = await readGenerations(root);
      t.is(generation?.process, 'transfer');
      t.deepEqual([...(generation?.files.keys() ?? [])].sort(), [
        'DCIM/100CANON/IMG_0001.JPG',
        'DCIM/100CANON/IMG_0002.JPG',
        'DCIM/101CANON/EMPTY.LOG',
        'DCIM/101CANON/MVI_0003.MP4',
        'MISC/ODD & <é> "x".TXT',
      ]);
      const folders = ['DCIM', 'DCIM/100CANON', 'DCIM/101CANON', 'MISC'];
      t.deepEqual([...(generation?.folders.keys() ?? [])].sort(), folders);
      t.deepEqual([...(generation?.root.keys() ?? [])], [format]);
      const blake3 = generation?.text.match(/<blake3 /g);
      t.is(blake3?.length, 5);
      t.regex(generation?.text ?? '', /<comment>Offload of \S+EOS to \S+<\/comment>/);
    }
  });
}

test('no other file is in an ascmhl folder, and nothing is there without --mhl', async (t) => {
  const plain = await makeTrial(t);
  await offloadTrial(plain);
  for (const root of rootsOf(plain)) t.false((await readdir(root)).includes('ascmhl'));
  const trial = await makeTrial(t);
  await offloadTrial(trial, withMhl);
  for (const root of rootsOf(trial)) {
    const names = (await readdir(join(root, 'ascmhl'))).sort();
    t.is(names.length, 2);
    t.regex(names[0] ?? '', /^0001_EOS_2026-11-22_\d{6}Z\.mhl$/);
    t.is(names[1], 'ascmhl_chain.xml');
  }
});

test('the card is read once: no file of it is opened more often than without --mhl', async (t) => {
  const count = async (setting: Partial<RunSetting>) => {
    const trial = await makeTrial(t);
    const opened: string[] = [];
    const files = interceptCalls(testFiles, (call, proceed) => {
      if (call.method === 'openToRead' && below(trial.card)(call.path)) opened.push(call.path);
      return proceed();
    });
    await offloadTrial(trial, {...setting, files});
    return opened.map((path) => path.slice(trial.card.length)).sort();
  };
  t.deepEqual(await count(withMhl), await count({}));
});

test('a further offload into the same folder appends a generation that verifies the first', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial, withMhl);
  await writeFile(join(trial.card, 'DCIM/NEW.JPG'), 'new');
  const report = await offloadTrial(trial, withMhl);
  t.is(report.end.exitCode, 0);
  t.deepEqual(warningsOf(report), []);
  for (const root of rootsOf(trial)) {
    t.deepEqual(await checkHistory(root), []);
    const [, second] = await actionsOf(root);
    t.is(second?.[PICTURE], 'xxh64 verified');
    t.is(second?.['DCIM/NEW.JPG'], 'xxh64 original');
  }
});

test('another format in a later generation stands beside the first, which was compared', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial, withMhl);
  t.deepEqual(warningsOf(await offloadTrial(trial, {options: {mhl: 'md5'}})), []);
  for (const root of rootsOf(trial)) {
    t.deepEqual(await checkHistory(root), []);
    const [, second] = await actionsOf(root);
    t.is(second?.[PICTURE], 'md5 verified, xxh64 verified');
  }
});

test('an offload that was stopped and goes on has all files in its history, those of the first run too', async (t) => {
  const trial = await makeTrial(t);
  const stop = new AbortController();
  const first = await offloadTrial(trial, {
    ...withMhl,
    stop,
    onEvent: (event) => void (event.type === 'file-proved' && stop.abort()),
  });
  t.is(first.end.exitCode, 130);
  for (const root of rootsOf(trial)) t.false((await readdir(root)).includes('ascmhl'));
  const second = await offloadTrial(trial, withMhl);
  t.is(second.end.exitCode, 0);
  for (const root of rootsOf(trial)) {
    t.deepEqual(await checkHistory(root), []);
    t.is((await readGenerations(root))[0]?.files.size, 4);
  }
});

test('a file that was not proved is not in the history, and no folder above it has a hash', async (t) => {
  const trial = await makeTrial(t);
  const isBad = (path: string) => path === join(trial.card, PICTURE);
  const report = await offloadTrial(trial, {
    ...withMhl,
    files: failsCalls(testFiles, ['openToRead'], isBad, 'EACCES'),
  });
  t.is(report.end.exitCode, 1);
  await writeFile(join(trial.w, 'Shoot/EOS/DCIM/101CANON/OTHER.TXT'), 'of somebody else');
  const [w = '', b = ''] = rootsOf(trial);
  t.deepEqual(await checkHistory(b), []);
  t.deepEqual([...((await readGenerations(b))[0]?.folders.keys() ?? [])].length, 4);
  await offloadTrial(trial, withMhl);
  const [, second] = await readGenerations(w);
  t.deepEqual([...(second?.folders.keys() ?? [])].sort(), ['DCIM/100CANON', 'MISC']);
  t.deepEqual([...(second?.root.keys() ?? [])], []);
  t.deepEqual(await checkHistory(w), ['new DCIM/101CANON/OTHER.TXT']);
});

test('names that XML cannot hold are left out with a warning, and proved all the same', async (t) => {
  const names = ['DCIM/BELL\u0007.JPG', 'DCIM/LINE\nBREAK.JPG', 'DCIM/TAB\t.JPG'];
  const trial = await makeTrial(t, {
    ...SMALL_CARD,
    ...Object.fromEntries(names.map((n) => [n, n])),
  });
  const report = await offloadTrial(trial, withMhl);
  t.is(report.end.exitCode, 0);
  t.deepEqual(warningsOf(report).slice(0, 2).sort(), [
    ['mhl-left-out', names[0]],
    ['mhl-left-out', names[1]],
  ]);
  for (const root of rootsOf(trial)) {
    const [generation] = await readGenerations(root);
    t.deepEqual(
      [...(generation?.files.keys() ?? [])].filter((path) => path.startsWith('DCIM/T')),
      ['DCIM/TAB\t.JPG'],
    );
    t.is(generation?.root.size, 0);
    t.deepEqual(
      (await checkHistory(root)).toSorted(),
      [`new ${names[0]}`, `new ${names[1]}`].sort(),
    );
  }
});

test('where the files have no folder of their own, the history is of the shoot folder', async (t) => {
  const trial = await makeTrial(t);
  const report = await offloadTrial(trial, {options: {mhl: 'xxh64', layout: '{shoot}/{name}'}});
  t.is(report.end.exitCode, 0);
  for (const to of [trial.w, trial.b]) {
    const [generation] = await readGenerations(join(to, 'Shoot'));
    t.true(generation?.ignore.includes('_offload'));
    t.true(generation?.files.has('IMG_0001.JPG'));
    t.deepEqual(await checkHistory(join(to, 'Shoot')), []);
  }
});

test('cards that are copied into one folder at the same time add one generation each', async (t) => {
  const trial = await makeTrial(t);
  const second = join(trial.folder, 'SONY');
  await makeTree(second, {'DCIM/DSC_0001.ARW': 5000});
  const report = await runOffload({
    cards: [trial.card, second],
    to: [trial.w, trial.b],
    options: {mhl: 'xxh64', layout: '{shoot}/{name}'},
  });
  t.is(report.end.exitCode, 0);
  t.deepEqual(warningsOf(report), []);
  for (const to of [trial.w, trial.b]) {
    t.is((await readGenerations(join(to, 'Shoot'))).length, 2);
    t.deepEqual(await checkHistory(join(to, 'Shoot')), []);
  }
});

/** A history as another program leaves it on a card. */
async function addCardHistory(card: string, format: string, files: Record<string, string>) {
  const entries = Object.entries(files).map(
    ([path, hash]) =>
      `<hash><path>${path}</path><${format} action="original">${hash}</${format}></hash>`,
  );
  const text = `<?xml version="1.0" encoding="UTF-8"?>\r\n<hashlist version="2.0" xmlns="urn:ASC:MHL:v2.0"><creatorinfo><creationdate>2026-11-20T10:00:00+01:00</creationdate><hostname>camera</hostname><tool version="9">Other</tool></creatorinfo><processinfo><process>in-place</process><ignore><pattern>.DS_Store</pattern><pattern>ascmhl</pattern><pattern>ascmhl/</pattern><pattern>*.lrv</pattern></ignore></processinfo><hashes>${entries.join('')}</hashes></hashlist>`;
  const name = '0001_A001_2026-11-20_090000Z.mhl';
  await mkdir(join(card, 'ascmhl'), {recursive: true});
  await writeFile(join(card, 'ascmhl', name), text);
  await writeFile(
    join(card, 'ascmhl/ascmhl_chain.xml'),
    `<ascmhldirectory xmlns="urn:ASC:MHL:DIRECTORY:v2.0">\n<hashlist sequencenr="1"><path>${name}</path><c4>${c4(Buffer.from(text))}</c4></hashlist></ascmhldirectory>`,
  );
}

test('a history on the card is compared and continued, and its own chain stays a copy', async (t) => {
  const trial = await makeTrial(t);
  const bytes = await readFile(join(trial.card, PICTURE));
  await addCardHistory(trial.card, 'sha1', {[PICTURE]: await hashOf('sha1', bytes)});
  const report = await offloadTrial(trial, withMhl);
  t.is(report.end.exitCode, 0);
  const codes = report.verdicts[0]?.warnings.map(({code}) => code) ?? [];
  t.false(codes.some((code) => code.startsWith('mhl-') || code === 'name-changed'));
  const chain = await readFile(join(trial.card, 'ascmhl/ascmhl_chain.xml'), 'utf8');
  for (const root of rootsOf(trial)) {
    t.is(await readFile(join(root, 'ascmhl/ascmhl_chain_of_card.xml'), 'utf8'), chain);
    const [, second] = await readGenerations(root);
    t.deepEqual(
      second?.files.get(PICTURE)?.map(({format, action}) => [format, action]),
      [
        ['sha1', 'verified'],
        ['xxh64', 'verified'],
      ],
    );
    t.true(second?.ignore.includes('*.lrv'), 'patterns only grow');
    const others = (await checkHistory(root)).filter((one) => !one.startsWith('form 0001'));
    t.deepEqual(others, []);
  }
  // All copies are still what the record says, and the same command finds all of it again.
  t.is((await verifyPath(trial, trial.w)).end.exitCode, 0);
  t.is((await offloadTrial(trial, withMhl)).end.exitCode, 0);
  for (const root of rootsOf(trial)) t.true((await readGenerations(root)).length >= 3);
});

test('what the history on the card says otherwise is a warning and a failed hash, and the verdict is that of BLAKE3', async (t) => {
  const trial = await makeTrial(t);
  await addCardHistory(trial.card, 'md5', {
    [PICTURE]: 'f'.repeat(32),
    'DCIM/GONE.JPG': 'e'.repeat(32),
  });
  const report = await offloadTrial(trial, withMhl);
  t.is(report.end.exitCode, 0);
  t.deepEqual(warningsOf(report), [
    ['mhl-mismatch', PICTURE],
    ['mhl-mismatch', 'DCIM/GONE.JPG'],
  ]);
  for (const root of rootsOf(trial)) {
    const [, second] = await actionsOf(root);
    t.is(second?.[PICTURE], 'md5 failed');
  }
});

test('a nested history gets its own generation, which the one above names', async (t) => {
  const trial = await makeTrial(t);
  const clip = join(trial.card, 'A001/CLIP.MOV');
  await mkdir(join(trial.card, 'A001'));
  await writeFile(clip, 'clip');
  await addCardHistory(join(trial.card, 'A001'), 'xxh64', {
    'CLIP.MOV': await hashOf('xxh64', Buffer.from('clip')),
  });
  t.is((await offloadTrial(trial, withMhl)).end.exitCode, 0);
  for (const root of rootsOf(trial)) {
    const inner = await readGenerations(join(root, 'A001'));
    t.is(inner[1]?.files.get('CLIP.MOV')?.[0]?.action, 'verified');
    const [outer] = await readGenerations(root);
    t.true(outer?.folders.has('A001'));
    t.false([...(outer?.files.keys() ?? [])].some((path) => path.startsWith('A001')));
    const path = `A001/ascmhl/${inner[1]?.name}`;
    t.deepEqual(outer?.references, [{path, c4: c4(Buffer.from(inner[1]?.text ?? ''))}]);
    t.deepEqual(await checkHistory(root), []);
  }
});

test('a history that is not whole is not continued, and nothing in it changes', async (t) => {
  const spoilers = [
    (folder: string, name: string) => appendFile(join(folder, name), ' '),
    (folder: string) => rm(join(folder, 'ascmhl_chain.xml')),
    (folder: string, name: string) => rm(join(folder, name)),
    (folder: string, name: string) => rename(join(folder, name), join(folder, '0007.mhl')),
    (folder: string) =>
      writeFile(join(folder, 'ascmhl_chain.xml'), '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    (folder: string) => writeFile(join(folder, '0002_other.mhl'), 'of somebody else'),
  ];
  for (const spoil of spoilers) {
    const trial = await makeTrial(t);
    await offloadTrial(trial, withMhl);
    const folder = join(trial.w, 'Shoot/EOS/ascmhl');
    const [name = ''] = (await readdir(folder)).filter((one) => one.endsWith('.mhl'));
    await spoil(folder, name);
    const before = await readTree(folder);
    const report = await offloadTrial(trial, withMhl);
    t.is(report.end.exitCode, 0);
    t.deepEqual(
      warningsOf(report).map(([code]) => code),
      ['mhl-not-written'],
    );
    t.deepEqual(await readTree(folder), before);
    t.is((await readGenerations(join(trial.b, 'Shoot/EOS'))).length, 2);
  }
});

test('a chain that an offload without --mhl has recorded stays as it is', async (t) => {
  const trial = await makeTrial(t);
  const bytes = await readFile(join(trial.card, PICTURE));
  await addCardHistory(trial.card, 'sha1', {[PICTURE]: await hashOf('sha1', bytes)});
  await offloadTrial(trial);
  const folder = join(trial.w, 'Shoot/EOS/ascmhl');
  const before = await readFile(join(folder, 'ascmhl_chain.xml'), 'utf8');
  t.is((await verifyPath(trial, trial.w)).end.exitCode, 0);
  const report = await offloadTrial(trial, withMhl);
  t.true(warningsOf(report).every(([code]) => code === 'mhl-not-written'));
  t.is(warningsOf(report).length, 2);
  t.is(await readFile(join(folder, 'ascmhl_chain.xml'), 'utf8'), before);
});

test('a run that died between the manifest and the chain: its manifest is taken into the chain', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial, withMhl);
  const folder = join(trial.w, 'Shoot/EOS/ascmhl');
  const chain = await readFile(join(folder, 'ascmhl_chain.xml'));
  await offloadTrial(trial, withMhl);
  await writeFile(join(folder, 'ascmhl_chain.xml'), chain);
  t.deepEqual(warningsOf(await offloadTrial(trial, withMhl)), []);
  const root = join(trial.w, 'Shoot/EOS');
  t.is((await readGenerations(root)).length, 3);
  t.deepEqual(await checkHistory(root), []);
});

test('a drive that takes no history: a warning with the cause, nothing half, and the proof stands', async (t) => {
  for (const [method, name] of [
    ['createFile', /\/ascmhl\/\.offload/],
    ['publish', /\.mhl$/],
    ['publish', /ascmhl_chain\.xml$/],
    ['makeFolder', /\/ascmhl$/],
  ] as const) {
    const trial = await makeTrial(t);
    const isHit = (path: string, to?: string) =>
      path.startsWith(trial.b) && (name.test(path) || name.test(to ?? ''));
    const files = interceptCalls(testFiles, (call, proceed) => {
      if (call.method === method && isHit(call.path, call.to)) throw systemError('ENOSPC', call);
      return proceed();
    });
    const report = await offloadTrial(trial, {...withMhl, files});
    t.is(report.end.exitCode, 0);
    t.deepEqual(
      warningsOf(report).map(([code]) => code),
      ['mhl-not-written'],
      method,
    );
    const [w = '', b = ''] = rootsOf(trial);
    t.deepEqual(await checkHistory(w), []);
    const left = (await readdir(b)).includes('ascmhl') ? await readdir(join(b, 'ascmhl')) : [];
    t.deepEqual(left, []);
  }
});

async function verifyPath(trial: Trial, path: string) {
  const events: OffloadEvent[] = [];
  const program = testProgram({cards: [trial.card], to: [trial.w, trial.b]}, testFiles);
  const {signal} = new AbortController();
  const end = await verify(
    program,
    {paths: [path], part: undefined, heal: false},
    {emit: (event) => void events.push(event), signal},
  );
  const told = events.flatMap((event) =>
    event.type === 'noticed' && event.code.startsWith('mhl-') ? [event.code] : [],
  );
  return {end, told};
}

test('verify appends what it found: verified, and failed for a copy that rotted', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial, {options: {mhl: 'xxh128'}});
  const root = join(trial.w, 'Shoot/EOS');
  t.deepEqual(await verifyPath(trial, trial.w), {
    end: {outcome: 'complete', exitCode: 0},
    told: ['mhl-written'],
  });
  t.deepEqual(await checkHistory(root), []);
  t.is((await readGenerations(root))[1]?.process, 'in-place');
  t.true((await readGenerations(root))[1]?.root.has('xxh128'));
  await writeFile(join(root, PICTURE), 'x'.repeat(10_000));
  const second = await verifyPath(trial, trial.w);
  t.is(second.end.exitCode, 1);
  t.deepEqual(second.told, ['mhl-written', 'mhl-mismatch']);
  const third = (await actionsOf(root))[2];
  t.is(third?.[PICTURE], 'xxh128 failed');
  t.is(third?.['DCIM/100CANON/IMG_0002.JPG'], 'xxh128 verified');
});

test('verify of a part tells of that part, and verify without a history writes nothing', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial, withMhl);
  await verifyPath(trial, join(trial.w, 'Shoot/EOS/DCIM/100CANON'));
  const [, second] = await readGenerations(join(trial.w, 'Shoot/EOS'));
  t.is(second?.files.size, 2);
  t.deepEqual([...(second?.folders.keys() ?? [])], ['DCIM/100CANON', 'MISC']);
  const plain = await makeTrial(t);
  await offloadTrial(plain);
  const before = await readTree(plain.w);
  t.deepEqual((await verifyPath(plain, plain.w)).told, []);
  t.deepEqual(await readTree(plain.w), before);
});
