import {execFileSync} from 'node:child_process';
import {appendFileSync, truncateSync, utimesSync} from 'node:fs';
import {mkdir, readdir, rename, rm, stat, symlink, utimes, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {SMALL_FILE} from '../../../src/system/small-files/small-file-tools.ts';
import {
  changesWhileRead,
  failsSmall,
  failsToClose,
  failsToOpen,
  failsToRead,
  flipsLastByte,
  flipsOnRead,
  fullAfter,
  recordsSmall,
  refusesTimes,
  type SmallCall,
  shortRead,
  shortWrite,
  takesNothing,
  vanishingRoot,
} from '../../helpers/faulty-calls.ts';
import {below} from '../../helpers/faulty-files.ts';
import {hashOfBytes} from '../../helpers/run-offload.ts';
import {
  copyTrial,
  makeSmallTrial,
  readIfThere,
  type SmallTrial,
  testCalls,
} from '../../helpers/small-trial.ts';

const WRITTEN = {kind: 'written', timed: true} as const;
const onCard = ({source}: SmallTrial) => below(dirname(source));
const onW = ({temporaries: [w]}: SmallTrial) => below(dirname(w));

async function expectNothing(t: ExecutionContext, {temporaries}: SmallTrial) {
  for (const temporary of temporaries) t.deepEqual(await readdir(dirname(temporary)), []);
}

async function expectCopy(
  t: ExecutionContext,
  {source, bytes}: SmallTrial,
  temporary: string | undefined,
) {
  t.deepEqual(await readIfThere(temporary ?? ''), bytes);
  const [of, copy] = await Promise.all([
    stat(source, {bigint: true}),
    stat(temporary ?? '', {bigint: true}),
  ]);
  t.is(copy.mtimeNs / 1000n, of.mtimeNs / 1000n);
  t.is(copy.mode & 0o777n, 0o644n & ~BigInt(process.umask()));
}

for (const direct of [false, true]) {
  for (const size of [0, 1, 4095, 4096, 4097, 65_536, SMALL_FILE - 1]) {
    test(`${size} bytes, ${direct ? 'past the cache' : 'through it'}: both copies are the file, with its time`, async (t) => {
      const trial = await makeSmallTrial(t, {size, direct});
      const copied = await copyTrial(trial);
      t.deepEqual(copied, {kind: 'copied', hash: trial.hash, written: [WRITTEN, WRITTEN]});
      for (const temporary of trial.temporaries) await expectCopy(t, trial, temporary);
    });
  }
}

for (const at of [-86_400, -0.5, -3_000_000_000.25, 0, 1_795_457_573.123456]) {
  test(`the time ${at} comes through`, async (t) => {
    const trial = await makeSmallTrial(t, {size: 100, at});
    t.like(await copyTrial(trial), {kind: 'copied', written: [WRITTEN, WRITTEN]});
    for (const temporary of trial.temporaries) await expectCopy(t, trial, temporary);
  });
}

test('the hash and both copies are always those of the file', async (t) => {
  const trial = await makeSmallTrial(t, {size: 1});
  const sizes = fc.oneof(fc.nat(20_000), fc.nat(SMALL_FILE - 1));
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(255), fc.boolean(), async (size, seed, direct) => {
      const bytes = Buffer.alloc(size, Uint8Array.of(seed, 1, seed ^ 7));
      await writeFile(trial.source, bytes);
      const {mtimeNs} = await stat(trial.source, {bigint: true});
      const copy = {...trial.copy, size, direct, mtimeNs: `${mtimeNs}`};
      const copied = await copyTrial({...trial, copy});
      t.deepEqual(copied, {
        kind: 'copied',
        hash: hashOfBytes(bytes),
        written: [WRITTEN, WRITTEN],
      });
      for (const temporary of trial.temporaries) {
        t.true((await readIfThere(temporary))?.equals(bytes));
        await rm(temporary);
      }
    }),
    {numRuns: 60},
  );
});

test('without a destination it only tells the hash', async (t) => {
  const trial = await makeSmallTrial(t, {size: 5000});
  const copied = await copyTrial({...trial, copy: {...trial.copy, places: []}});
  t.deepEqual(copied, {kind: 'copied', hash: trial.hash, written: []});
  await expectNothing(t, trial);
});

/** What may have happened to a file since it was listed. */
const changes: Readonly<Record<string, (trial: SmallTrial) => Promise<void> | void>> = {
  'is longer': ({source}) => keepTime(source, () => appendFileSync(source, 'x')),
  'is shorter': ({source}) => keepTime(source, () => truncateSync(source, 10)),
  'has another time': ({source}) => utimes(source, 1, 1),
  async 'is a folder'({source}) {
    await rm(source);
    await mkdir(source);
  },
  async 'is a FIFO'({source}) {
    await rm(source);
    execFileSync('mkfifo', [source]);
  },
};

function keepTime(path: string, change: () => void) {
  change();
  utimesSync(path, 1_795_457_573.25, 1_795_457_573.25);
}

for (const [what, change] of Object.entries(changes)) {
  for (const direct of [false, true]) {
    test(`a file that ${what} since it was listed, ${direct ? 'past the cache' : 'through it'}: nothing is written`, async (t) => {
      const trial = await makeSmallTrial(t, {size: 5000, direct});
      await change(trial);
      const {kind} = await copyTrial(trial);
      // Some of these cannot be opened past the cache.
      if (direct && what.startsWith('is a ')) t.true(kind === 'odd' || kind === 'unread');
      else t.is(kind, 'odd');
      await expectNothing(t, trial);
    });
  }
}

for (const missing of ['is gone', 'is a link']) {
  test(`a file that ${missing}: the card is said to give an error, and nothing is written`, async (t) => {
    const trial = await makeSmallTrial(t, {size: 5000});
    await rename(trial.source, join(trial.folder, 'elsewhere'));
    if (missing === 'is a link') await symlink(join(trial.folder, 'elsewhere'), trial.source);
    t.deepEqual(await copyTrial(trial), {kind: 'unread'});
    await expectNothing(t, trial);
  });
}

test('a file of another file system than the card: nothing is written', async (t) => {
  const trial = await makeSmallTrial(t, {size: 5000});
  const copy = {...trial.copy, device: `${BigInt(trial.copy.device) + 1n}`};
  t.deepEqual(await copyTrial({...trial, copy}), {kind: 'odd'});
  await expectNothing(t, trial);
});

for (const size of [SMALL_FILE + 1, 2 * SMALL_FILE]) {
  test(`a file of ${size} bytes, which the buffer does not hold, is not copied`, async (t) => {
    for (const direct of [false, true]) {
      const trial = await makeSmallTrial(t, {size, direct});
      t.not((await copyTrial(trial)).kind, 'copied');
      await expectNothing(t, trial);
    }
  });
}

for (const direct of [false, true]) {
  test(`a short read${direct ? ' past the cache' : ''}: nothing is written`, async (t) => {
    const trial = await makeSmallTrial(t, {size: 5000, direct});
    t.deepEqual(await copyTrial(trial, shortRead(testCalls, onCard(trial))), {kind: 'odd'});
    await expectNothing(t, trial);
  });
}

const readFaults: Readonly<Record<string, (trial: SmallTrial) => typeof testCalls>> = {
  read: (trial) => failsToRead(testCalls, onCard(trial)),
  'be opened': (trial) => failsToOpen(testCalls, onCard(trial), 'EIO'),
  'be looked at': (trial) =>
    failsSmall(testCalls, {methods: ['facts'], match: onCard(trial), errno: 'EIO'}),
};
for (const [what, fault] of Object.entries(readFaults)) {
  test(`a file of the card that fails to ${what}: it is said, and nothing is written`, async (t) => {
    const trial = await makeSmallTrial(t, {size: 5000});
    t.deepEqual(await copyTrial(trial, fault(trial)), {kind: 'unread'});
    await expectNothing(t, trial);
  });
}

test('how a file of the card is closed says nothing of what was read', async (t) => {
  const trial = await makeSmallTrial(t, {size: 5000});
  const copied = await copyTrial(trial, failsToClose(testCalls, onCard(trial)));
  t.like(copied, {kind: 'copied', hash: trial.hash, written: [WRITTEN, WRITTEN]});
});

const whileRead: Readonly<Record<string, (path: string) => void>> = {
  grows: (path) => appendFileSync(path, 'more'),
  shrinks: (path) => truncateSync(path, 10),
  'gets another time': (path) => utimesSync(path, 5, 5),
};
for (const [what, change] of Object.entries(whileRead)) {
  test(`a file that ${what} while it is read: nothing is written`, async (t) => {
    const trial = await makeSmallTrial(t, {size: 5000});
    const calls = changesWhileRead(testCalls, onCard(trial), change);
    t.deepEqual(await copyTrial(trial, calls), {kind: 'odd'});
    await expectNothing(t, trial);
  });
}

test('the hash is that of the bytes that are written, whatever the card gave', async (t) => {
  const trial = await makeSmallTrial(t, {size: 5000});
  const copied = await copyTrial(trial, flipsOnRead(testCalls, onCard(trial)));
  const copy = (await readIfThere(trial.temporaries[0])) ?? Buffer.alloc(0);
  t.like(copied, {kind: 'copied', hash: hashOfBytes(copy)});
  t.not(hashOfBytes(copy), trial.hash);
});

test('a copy that is spoiled on its way does not spoil the hash, nor the other copy', async (t) => {
  const trial = await makeSmallTrial(t, {size: 5000});
  const copied = await copyTrial(trial, flipsLastByte(testCalls, onW(trial)));
  t.like(copied, {kind: 'copied', hash: trial.hash});
  t.notDeepEqual(await readIfThere(trial.temporaries[0]), trial.bytes);
  await expectCopy(t, trial, trial.temporaries[1]);
});

interface WriteFault {
  readonly calls: (trial: SmallTrial) => typeof testCalls;
  readonly errno: string;
}
const writeFaults: Readonly<Record<string, WriteFault>> = {
  'cannot make it': {calls: (trial) => failsToOpen(testCalls, onW(trial), 'EROFS'), errno: 'EROFS'},
  'is full': {calls: (trial) => fullAfter(testCalls, onW(trial), 1000), errno: 'ENOSPC'},
  'takes no bytes and says so': {
    calls: (trial) => takesNothing(testCalls, onW(trial)),
    errno: 'ENOSPC',
  },
  'fails to write': {
    calls: (trial) =>
      failsSmall(testCalls, {methods: ['write'], match: onW(trial), errno: 'EIO', times: 1}),
    errno: 'EIO',
  },
  'fails to set times': {
    calls: (trial) => refusesTimes(testCalls, onW(trial), 'EIO'),
    errno: 'EIO',
  },
  'fails to close it': {calls: (trial) => failsToClose(testCalls, onW(trial)), errno: 'EIO'},
  'cannot be found': {
    calls: (trial) =>
      failsSmall(testCalls, {methods: ['follow'], match: onW(trial), errno: 'ENOENT'}),
    errno: 'ENOENT',
  },
  'is another file system now': {
    calls: (trial) => vanishingRoot(testCalls, dirname(trial.temporaries[0]), 1),
    errno: 'ENODEV',
  },
};
for (const [what, {calls, errno}] of Object.entries(writeFaults)) {
  test(`a destination that ${what}: ${errno} is told, and the other has its copy`, async (t) => {
    const trial = await makeSmallTrial(t, {size: 5000});
    const copied = await copyTrial(trial, calls(trial));
    t.deepEqual(copied, {
      kind: 'copied',
      hash: trial.hash,
      written: [{kind: 'failed', errno}, WRITTEN],
    });
    await expectCopy(t, trial, trial.temporaries[1]);
  });
}

test('nothing is written to a destination that is another file system now', async (t) => {
  const trial = await makeSmallTrial(t, {size: 5000});
  await copyTrial(trial, vanishingRoot(testCalls, dirname(trial.temporaries[0]), 1));
  t.is((await readIfThere(trial.temporaries[0]))?.length, 0);
});

for (const standing of ['a file', 'an empty file', 'a link', 'a broken link', 'a folder']) {
  test(`${standing} that has the temporary name stays what it is`, async (t) => {
    const trial = await makeSmallTrial(t, {size: 5000});
    const [w] = trial.temporaries;
    const other = join(trial.folder, 'other');
    if (standing === 'a file') await writeFile(w, 'standing');
    if (standing === 'an empty file') await writeFile(w, '');
    if (standing === 'a folder') await mkdir(w);
    if (standing.endsWith('link')) await symlink(other, w);
    if (standing === 'a link') await writeFile(other, 'standing');
    const copied = await copyTrial(trial);
    t.like(copied, {kind: 'copied', written: [{kind: 'failed', errno: 'EEXIST'}, WRITTEN]});
    const expected = {'a file': 'standing', 'an empty file': '', 'a link': 'standing'}[standing];
    t.is((await readIfThere(w))?.toString(), expected);
    t.is((await readIfThere(other))?.toString(), standing === 'a link' ? 'standing' : undefined);
    await expectCopy(t, trial, trial.temporaries[1]);
  });
}

for (const errno of ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']) {
  test(`a destination that lets nobody set times (${errno}): the bytes are there, and it is told`, async (t) => {
    const trial = await makeSmallTrial(t, {size: 5000});
    const copied = await copyTrial(trial, refusesTimes(testCalls, onW(trial), errno));
    t.like(copied, {kind: 'copied', written: [{kind: 'written', timed: false}, WRITTEN]});
    t.deepEqual(await readIfThere(trial.temporaries[0]), trial.bytes);
  });
}

test('a write that does a part is gone on with', async (t) => {
  const trial = await makeSmallTrial(t, {size: 50_000});
  const copied = await copyTrial(trial, shortWrite(testCalls, onW(trial)));
  t.like(copied, {kind: 'copied', written: [WRITTEN, WRITTEN]});
  for (const temporary of trial.temporaries) await expectCopy(t, trial, temporary);
});

test('the card is read in one call before anything is made', async (t) => {
  const made: SmallCall[] = [];
  const trial = await makeSmallTrial(t, {size: 5000});
  await copyTrial(trial, recordsSmall(testCalls, made));
  const firstOnW = made.findIndex(({path}) => onW(trial)(path));
  t.deepEqual(
    made.slice(0, firstOnW).map(({method}) => method),
    ['open', 'facts', 'read', 'facts', 'close'],
  );
  t.true(made.slice(0, firstOnW).every(({path}) => path === trial.source));
  t.true(made.slice(firstOnW).every(({path}) => path !== trial.source));
});

test('what is no error of the system is a bug and is thrown, and no file is left open', async (t) => {
  const trial = await makeSmallTrial(t, {size: 5000});
  const calls = {
    ...testCalls,
    write: () => {
      throw new Error('a bug');
    },
  };
  await t.throwsAsync(copyTrial(trial, calls), {message: 'a bug'});
});
