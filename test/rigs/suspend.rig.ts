import {setTimeout as sleep} from 'node:timers/promises';
import {FAULT_BYTES} from './fault-card.ts';
import {expectGoodEnd} from './fault-checks.ts';
import {emptyPlaces, expectSoundFault, makeFaultPlaces} from './fault-places.ts';
import type {Lab} from './lab.ts';
import {startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {countMoments, type Trial, tryMoments} from './trials.ts';

/** For how long, in s: `RIG_SUSPEND_S=60` is a minute. */
const SECONDS = Number.parseInt(process.env.RIG_SUSPEND_S ?? '5', 10);

/** A program that gets no time for a while, as when somebody types Ctrl-Z or closes the lid: whatever waits for it waits, and clocks go on. */
export const suspended: Rig = {
  name: `stopped for ${SECONDS} s in the middle: it goes on as if nothing had been and ends SAFE`,
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum'],
  root: true,
  run: suspend,
};

async function suspend(lab: Lab): Promise<void> {
  const places = await makeFaultPlaces(lab);
  const {args, card, witness, shoots, roots} = places;
  await tryMoments(lab, countMoments(1), async ({share, note}: Trial) => {
    await emptyPlaces(places);
    const bytes = Math.floor(share * FAULT_BYTES * 0.8);
    const running = await startOffload(lab, args, {timeoutMs: (SECONDS + 120) * 1000});
    await running.waitFor('the moment', ({read = 0, type}) => type === 'progress' && read >= bytes);
    running.signal('SIGSTOP');
    note(`stopped with ${bytes} bytes read`);
    await sleep(SECONDS * 1000, undefined, {signal: lab.signal});
    running.signal('SIGCONT');
    const run = await running.result;
    await expectSoundFault(places, run);
    const first = {events: []};
    await expectGoodEnd({first, second: run, witness, card: card.mountPoint, shoots, roots});
  });
  await witness.expectSameBytes();
}
