import {setImmediate as turn} from 'node:timers/promises';
import test from 'ava';
import {MirrorFlow} from '../../src/backup/mirror-flow.ts';

/** Flushes as a batch of small files does: together with 256, or at once when nobody is to wait. */
class Batch {
  #waiting: (() => void)[] = [];
  #hurries = false;

  join(): Promise<void> {
    const flushed = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#hurries || this.#waiting.length >= 256) void this.flush();
    return flushed;
  }

  hurry(): void {
    this.#hurries = true;
  }

  async flush(): Promise<void> {
    for (const flushed of this.#waiting.splice(0)) flushed();
    for (let turns = 0; turns < 5; turns++) await turn();
  }
}

test('all jobs are done when it is drained, though they end while a flush is under way', async (t) => {
  for (const jobs of [0, 1, 10, 700]) {
    const batch = new Batch();
    const flow = new MirrorFlow(batch, {files: 10, bytes: 10});
    let done = 0;
    for (let job = 0; job < jobs; job++) {
      await flow.add(async (free) => {
        await turn();
        free();
        await batch.join();
        done += 1;
      });
    }
    await flow.drain();
    t.is(done, jobs);
  }
});

test('what a job throws is thrown when all are done', async (t) => {
  const flow = new MirrorFlow({hurry: () => {}, flush: async () => {}}, {files: 1, bytes: 1});
  let done = 0;
  await flow.add(async () => {
    throw new Error('broken');
  });
  await flow.add(async () => {
    await turn();
    done += 1;
  });
  await t.throwsAsync(flow.drain(), {message: 'broken'});
  t.deepEqual([done, flow.isBroken], [1, true]);
});
