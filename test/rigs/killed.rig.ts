import assert from 'node:assert/strict';
import {readdir, rm} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {fillBigCard, hasArchive, unpackCards} from './card-content.ts';
import {checkCopies, checkSums, expectNoTemporaries, expectSafe} from './checks.ts';
import type {Lab} from './lab.ts';
import {runOffload, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makePlaces} from './three-places.ts';

/** On a large card; kill-anywhere.rig.ts tries many more on a small one. */
const TIMES = 4;
/** Moments that chance seldom finds: while the records are written and the journals go. */
const LATE = ['seal', 'manifest-written', 'verdict'];

/** `kill -9` at any moment: the same command finishes the work, and leaves nothing of the first try behind. */
export const killed: Rig = {
  name: `killed with -9 at ${TIMES} random moments and while it seals: the same command ends SAFE each time`,
  tools: ['mkfs.ext4', 'mkfs.xfs', 'tar', 'b3sum'],
  root: true,
  run: killAgain,
};

async function killAgain(lab: Lab): Promise<void> {
  const {card, args, shoots} = await makePlaces(lab, {megabytes: 384});
  if (await hasArchive()) await unpackCards(card.mountPoint);
  else await fillBigCard(card.mountPoint, {files: 50, size: 4 * 1024 * 1024});
  const start = performance.now();
  expectSafe(await runOffload(lab, args));
  const wholeMs = performance.now() - start;
  const told: string[] = [];
  let midway = 0;
  for (let time = 0; time < TIMES + LATE.length; time++) {
    for (const shoot of shoots) await rm(shoot, {recursive: true, force: true});
    // One in every part of the run, so that no phase is left out.
    const afterMs = Math.round(((time + Math.random()) / TIMES) * wholeMs);
    const late = LATE[time - TIMES];
    const running = await startOffload(lab, args);
    if (late === undefined) await Promise.race([sleep(afterMs), running.result]);
    else await running.waitFor(late, ({type, phase}) => type === late || phase === late);
    running.signal('SIGKILL');
    await running.result;
    const left = await findRecords(shoots);
    const found = `killed at ${late ?? `${afterMs} of ${Math.round(wholeMs)} ms`}, found ${left.join(' ')}`;
    told.push(found);
    if (left.some((name) => name.endsWith('.journal'))) midway += 1;
    try {
      await finish({lab, args, shoots, card: card.mountPoint, left});
    } catch (error) {
      throw new Error(`${found}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  assert.ok(midway >= 2, `only ${midway} kills hit a run at work: ${told.join('; ')}`);
}

interface Finishing {
  readonly lab: Lab;
  readonly args: readonly string[];
  readonly shoots: readonly string[];
  readonly card: string;
  /** Names of the records that the killed run left. */
  readonly left: readonly string[];
}

async function finish({lab, args, shoots, card, left}: Finishing): Promise<void> {
  const {account} = expectSafe(await runOffload(lab, args));
  const sealed = left.filter((name) => name.endsWith('.json')).length === shoots.length;
  if (sealed && !left.some((name) => name.endsWith('.journal'))) {
    // The killed run had said all that it had to say: this one is another offload, which found everything there.
    assert.deepEqual([account.copied, account.failed], [0, 0]);
    for (const shoot of shoots) await expectNoTemporaries(shoot);
    return;
  }
  for (const shoot of shoots) await checkSums(shoot);
  await checkCopies({card, shoots});
}

/** The names of all journals and manifests. */
async function findRecords(shoots: readonly string[]): Promise<readonly string[]> {
  const names = await Promise.all(
    shoots.map(async (shoot) => {
      try {
        return await readdir(`${shoot}/_offload`);
      } catch {
        return [];
      }
    }),
  );
  return names.flat().filter((name) => /^[^.].*\.(?:journal|json)$/.test(name));
}
