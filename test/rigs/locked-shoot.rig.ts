import assert from 'node:assert/strict';
import {checkCopies, checkSums, expectRefused, expectSafe} from './checks.ts';
import type {Lab} from './lab.ts';
import {runOffload, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makeBigPlaces} from './three-places.ts';

/** Two offloads into one shoot would take each other's names. */
export const lockedShoot: Rig = {
  name: 'two processes on one shoot: the second is refused, the first ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum'],
  root: true,
  run: offloadAtOnce,
};

async function offloadAtOnce(lab: Lab): Promise<void> {
  const {card, args, shoots} = await makeBigPlaces(lab);
  const first = await startOffload(lab, args);
  await first.waitFor('the copying has begun', ({read = 0}) => read > 0);
  first.signal('SIGSTOP');
  expectRefused(await runOffload(lab, args), 'shoot-locked');
  // A lock of the other destination alone must hold too: the order of the drives is no way around it.
  const turned = [
    '--card',
    card.mountPoint,
    ...args.slice(4, 6),
    ...args.slice(2, 4),
    '--shoot',
    'rig',
  ];
  expectRefused(await runOffload(lab, turned), 'shoot-locked');
  first.signal('SIGCONT');
  const {account} = expectSafe(await first.result);
  assert.equal(account.failed, 0);
  for (const shoot of shoots) await checkSums(shoot);
  await checkCopies({card: card.mountPoint, shoots});
}
