import {setTimeout as sleep} from 'node:timers/promises';

/** Asks every 20 ms until the answer is true. @throws Error after `timeoutMs`, with what was waited for. */
export async function waitUntil(
  what: string,
  ask: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(20);
  }
}

/** Tries a step again until it works: a device stays busy for a moment after its file system went. */
export async function tryAgain(step: () => Promise<unknown>, timeoutMs = 5000): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      await step();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(50);
    }
  }
}
