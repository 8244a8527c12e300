/** Patching with a clone that is made by hand: what is written, what is proved, and what is left when it goes wrong. */
import {copyFile, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {ok} from '../../src/core/cause.ts';
import {FolderFlushes} from '../../src/engine/folder-flushes.ts';
import {Lane} from '../../src/engine/lane.ts';
import {MismatchTally} from '../../src/engine/mismatch-tally.ts';
import {type PatchSetting, patchFile} from '../../src/engine/patch-file.ts';
import {BlockPool} from '../../src/system/block-pool.ts';
import type {Files} from '../../src/system/files.ts';
import {namingRulesOf} from '../../src/system/naming-rules.ts';
import {readMedium} from '../../verify/read-medium.ts';
import {failsCalls, flipsLastByte, fullAfter} from '../helpers/faulty-files.ts';
import {
  diskVolume,
  fewTools,
  hashEngine,
  hashOfBytes,
  seededBytes,
  testFiles,
  tickingClock,
} from '../helpers/run-offload.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const OLD = seededBytes('old', 300_001);
const BLOCK = 65_536;

interface Patched {
  readonly kind: string;
  readonly written: number;
  readonly names: readonly string[];
  readonly bytes: Buffer | undefined;
  readonly mismatches: number;
}

async function patch(
  t: ExecutionContext,
  bytes: Buffer,
  {
    files = (all) => all,
    clones = true,
    stops = false,
  }: {
    readonly files?: (all: Files, target: string) => Files;
    readonly clones?: boolean;
    readonly stops?: boolean;
  } = {},
): Promise<Patched> {
  const folder = await makeTemporaryFolder(t);
  const target = join(folder, 'B');
  await mkdir(target);
  await writeFile(join(folder, 'source'), bytes);
  await writeFile(join(target, 'old.psd'), OLD);
  const wrapped = files(testFiles, target);
  const {device} = await testFiles.look(target);
  const volume = diskVolume(target, 'b');
  const lane = new Lane({
    files: wrapped,
    run: fewTools,
    destination: {to: target, name: 'B', volume, rules: namingRulesOf(volume), device},
    shoot: '',
    order: 'overlap',
    proofsAtOnce: 1,
    tally: new MismatchTally(),
  });
  const method = {kind: 'cached', why: 'a test'} as const;
  lane.open({id: '', access: {writesDirect: false, method, flushesFileSystem: false}});
  let mismatches = 0;
  const {signal} = stops ? {signal: AbortSignal.abort()} : new AbortController();
  const blocks = new BlockPool(2, BLOCK);
  const setting: PatchSetting = {
    files: wrapped,
    blocks,
    oldBlocks: new BlockPool(2, BLOCK),
    hashEngine,
    readsDirect: false,
    signal,
    onRead: () => {},
    lane,
    flushes: new FolderFlushes(wrapped, tickingClock()),
    readBack: (request) =>
      readMedium(
        {files: wrapped, run: fewTools, hashEngine, blocks: new BlockPool(1, BLOCK)},
        request,
      ),
    onMismatch: () => void mismatches++,
    async cloneFile(from, to) {
      if (clones) await copyFile(from, to);
      return clones;
    },
  };
  const {size, mtimeNs, changedNs} = await testFiles.look(join(folder, 'source'));
  const outcome = await patchFile(setting, {
    path: join(folder, 'source'),
    file: {path: 'source', size, mtimeNs, changedNs},
    target: 'new.psd',
    old: 'old.psd',
    nameTemporary: () => '.offload-mirror-x.part',
    expected: undefined,
    makeRoom: async () => ok(undefined),
    onWritten: () => {},
  });
  if (outcome.kind === 'made') {
    t.is(outcome.hash, hashOfBytes(bytes));
    t.is(outcome.copy.mtimeNs / 1000n, mtimeNs / 1000n);
  }
  t.deepEqual(await readFile(join(target, 'old.psd')), OLD, 'the old copy is never written');
  return {
    kind: outcome.kind,
    written: lane.written,
    names: (await readdir(target)).sort(),
    bytes: await readFile(join(target, 'new.psd')).catch(() => undefined),
    mismatches,
  };
}

const MADE = ['new.psd', 'old.psd'];

test('only the blocks that differ are written, and the whole is what the source has', async (t) => {
  const bytes = Buffer.from(OLD);
  for (const at of [0, 5000, 5001, 70_000, 300_000]) bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  const patched = await patch(t, bytes);
  t.like(patched, {kind: 'made', names: MADE, mismatches: 0});
  t.deepEqual(patched.bytes, bytes);
  // Three blocks of 4096, and the last one, which is shorter.
  t.is(patched.written, 3 * 4096 + (300_001 - 73 * 4096));
});

test('a source that is shorter, longer, the same or empty', async (t) => {
  const longer = Buffer.concat([OLD, seededBytes('more', 100_000)]);
  for (const [bytes, most] of [
    [OLD.subarray(0, 200_000), 0],
    [longer, 100_000 + 4096],
    [OLD, 0],
    [Buffer.alloc(0), 0],
  ] as const) {
    const patched = await patch(t, bytes);
    t.is(patched.kind, 'made');
    t.deepEqual(patched.bytes, Buffer.from(bytes));
    t.true(patched.written <= most, `${patched.written}`);
  }
});

test('without a clone, with wrong bytes on the medium, with a full or a failing drive: nothing is named and nothing left', async (t) => {
  const bytes = Buffer.from(OLD);
  bytes.fill(1, 100_000, 200_000);
  const isPart = (path: string) => path.endsWith('.part');
  const none = ['old.psd'];
  t.like(await patch(t, bytes, {clones: false}), {kind: 'unclonable', names: none});
  t.like(await patch(t, bytes, {files: (all) => flipsLastByte(all, isPart)}), {
    kind: 'mismatched',
    mismatches: 1,
    names: none,
  });
  t.like(await patch(t, bytes, {files: (all, target) => fullAfter(all, target, 50_000)}), {
    kind: 'failed',
    names: none,
  });
  t.like(await patch(t, bytes, {files: (all) => failsCalls(all, ['sync'], isPart, 'EIO')}), {
    kind: 'failed',
    names: none,
  });
  t.like(
    await patch(t, bytes, {
      files: (all) => failsCalls(all, ['read'], (path) => path.endsWith('/source'), 'EIO'),
    }),
    {kind: 'source-failed', names: none},
  );
  t.like(await patch(t, bytes, {stops: true}), {kind: 'stopped', names: none});
});
