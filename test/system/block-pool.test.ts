import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import test from 'ava';
import fc from 'fast-check';
import {errnoOf} from '../../src/core/cause.ts';
import {ALIGNMENT, alignDown, alignUp, BLOCK_SIZE, BlockPool} from '../../src/system/block-pool.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

test('it gives so many blocks of that size, no two of which overlap', async (t) => {
  const pool = new BlockPool(5, 3 * ALIGNMENT);
  const blocks = await Promise.all(Array.from({length: 5}, () => pool.take()));
  for (const [index, block] of blocks.entries()) {
    t.is(block.length, 3 * ALIGNMENT);
    block.fill(index + 1);
  }
  t.true(blocks.every((block, index) => block.every((byte) => byte === index + 1)));
});

test('never more than its number are out; who asks first is served first', async (t) => {
  const pool = new BlockPool(2, ALIGNMENT);
  const first = await pool.take();
  const second = await pool.take();
  const served: string[] = [];
  const waiting = ['a', 'b', 'c'].map(async (name) => {
    const block = await pool.take();
    served.push(name);
    return block;
  });
  await nextTurn();
  t.deepEqual(served, []);
  pool.give(second);
  await nextTurn();
  t.deepEqual(served, ['a']);
  pool.give(first);
  await nextTurn();
  t.deepEqual(served, ['a', 'b']);
  const a = await waiting[0];
  if (a !== undefined) pool.give(a);
  await Promise.all(waiting);
  t.deepEqual(served, ['a', 'b', 'c']);
  t.is(a?.buffer, first.buffer, 'blocks are used again');
});

test('memory is taken with the first block, and not before', async (t) => {
  const before = process.memoryUsage().external;
  const held = () => process.memoryUsage().external - before;
  const pool = new BlockPool(8);
  t.true(held() < 4 * BLOCK_SIZE, `${held()} bytes`);
  t.is((await pool.take()).length, BLOCK_SIZE);
  t.true(held() >= 7 * BLOCK_SIZE, `${held()} bytes`);
});

test('property: many who take and give never hold more than there are', async (t) => {
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(
        fc.integer({min: 1, max: 4}),
        fc.array(fc.nat(3), {maxLength: 30}),
        async (count, turns) => {
          const pool = new BlockPool(count, ALIGNMENT);
          const out = new Set<Buffer>();
          let most = 0;
          await Promise.all(
            turns.map(async (wait) => {
              const block = await pool.take();
              if (out.has(block)) throw new Error('one block was given to two');
              out.add(block);
              most = Math.max(most, out.size);
              for (let turn = 0; turn < wait; turn++) await nextTurn();
              out.delete(block);
              pool.give(block);
            }),
          );
          return most <= count && out.size === 0;
        },
      ),
      {numRuns: 50},
    ),
  );
});

test('every block of the default size can be written and read past the cache', async (t) => {
  // An address cannot be read in JavaScript: that the system takes it is the proof that it is aligned.
  const folder = await makeTemporaryFolder(t);
  const pool = new BlockPool(3);
  const path = join(folder, 'direct.bin');
  let file: Awaited<ReturnType<typeof realFiles.createFile>>;
  try {
    file = await realFiles.createFile(path, {direct: true});
  } catch (error) {
    if (errnoOf(error) !== 'EINVAL') throw error;
    return skip(t, 'the temporary folder takes no direct flag');
  }
  const blocks = await Promise.all([pool.take(), pool.take(), pool.take()]);
  const unaligned = Buffer.from(blocks[0].buffer, 1, ALIGNMENT);
  for (const [index, block] of blocks.entries()) {
    block.fill(index + 1);
    t.is(await file.write(block, block.length, index * BLOCK_SIZE), BLOCK_SIZE);
  }
  await file.close();
  const bytes = await readFile(path);
  t.is(bytes.length, 3 * BLOCK_SIZE);
  t.true(
    blocks.every((block, index) =>
      block.equals(bytes.subarray(index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE)),
    ),
  );

  const opened = await realFiles.openToRead(path, {direct: true});
  for (const [index, block] of blocks.entries()) {
    block.fill(0);
    t.is(await opened.read(block, block.length, index * BLOCK_SIZE), BLOCK_SIZE);
    t.true(block.every((byte) => byte === index + 1));
  }
  const refused = await opened.read(unaligned, ALIGNMENT, 0).then(
    () => false,
    (error: unknown) => errnoOf(error) === 'EINVAL',
  );
  t.log(refused ? 'unaligned memory is refused here' : 'unaligned memory is taken here');
  await opened.close();
});

test('positions are aligned to the page', (t) => {
  t.deepEqual([0, 1, 4095, 4096, 4097].map(alignDown), [0, 0, 0, 4096, 4096]);
  t.deepEqual([0, 1, 4095, 4096, 4097].map(alignUp), [0, 4096, 4096, 4096, 8192]);
  t.is(alignDown(2 ** 52 + 4097), 2 ** 52 + 4096);
  t.is(BLOCK_SIZE % ALIGNMENT, 0);
});
