import assert from 'node:assert/strict';
import {join} from 'node:path';
import {execa} from 'execa';
import {checkCopies, checkSums, expectSafe} from './checks.ts';
import {type Lab, PROJECT} from './lab.ts';
import type {Drive} from './mounts.ts';
import {runOffload, startOffload} from './offload-run.ts';
import {makeOwnMounts, type OwnMounts} from './own-mounts.ts';
import type {Rig} from './rig.ts';
import {makeSampleDrive, SAMPLE_FILES, tell} from './session-places.ts';
import {waitUntil} from './wait.ts';
import {makeZram} from './zram.ts';

const TOOLS = ['mkfs.ext4', 'mkfs.xfs', 'nsenter', 'unshare', 'b3sum'] as const;

export const watchLines: Rig = {
  name: 'watch: a line for each card and drive that comes or goes; Ctrl-C ends it with 0',
  tools: TOOLS,
  root: true,
  run: watchComings,
};

export const watchAuto: Rig = {
  name: 'watch: with --auto a card that is inserted is offloaded by itself to the drives with roles, to SAFE; as JSON lines',
  tools: TOOLS,
  root: true,
  run: offloadByItself,
};

interface Places {
  readonly mounts: OwnMounts;
  readonly card: Drive;
  readonly working: Drive;
  readonly backup: Drive;
}

/** Nothing is mounted yet. */
async function makePlaces(lab: Lab): Promise<Places> {
  const mounts = await makeOwnMounts(lab);
  const working = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'WORK'});
  const backup = await makeZram(lab, {megabytes: 384, fs: 'xfs', label: 'BACK'});
  await Promise.all([working.unmount(), backup.unmount()]);
  return {mounts, card: await makeSampleDrive(lab, 'EOS'), working, backup};
}

const BUILT = [process.execPath, join(PROJECT, 'bin/offload.cjs')] as const;

async function watchComings(lab: Lab): Promise<void> {
  const {mounts, card, working} = await makePlaces(lab);
  const [program, ...before] = mounts.prefix;
  const child = execa(program, [...before, ...BUILT, '--watch'], {
    stdin: 'ignore',
    reject: false,
    all: true,
    timeout: 60_000,
    cancelSignal: lab.signal,
    env: {OFFLOAD_HOME: join(lab.folder, 'offload-home')},
  });
  let said = '';
  child.all.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const hear = async (sign: RegExp) => {
    const start = performance.now();
    await waitUntil(`${sign} is said`, () => sign.test(said));
    tell(`${sign.source}: ${Math.round(performance.now() - start)} ms`);
  };
  await working.mount();
  await hear(/drive without a role WORK.* arrived: .* free of .* at .*WORK-zram/);
  await card.mount();
  await hear(/card EOS.* arrived: .* at .*EOS-zram/);
  await card.unmount();
  await hear(/card EOS.* left, was at .*EOS-zram/);
  await working.unmount();
  await hear(/drive without a role WORK.* left, was at /);
  child.kill('SIGINT');
  const {exitCode} = await child;
  assert.equal(exitCode, 0, said);
  const arrived = said.split('\n').filter((line) => line.includes(' arrived: '));
  assert.equal(arrived.length, 2, said);
}

async function offloadByItself(lab: Lab): Promise<void> {
  const {mounts, card, working, backup} = await makePlaces(lab);
  const program = [...mounts.prefix, ...BUILT] as const;
  await giveRoles(lab, {working, backup});
  const running = await startOffload(lab, ['--watch', '--auto', '--shoot', 'auto'], {program});
  await running.waitFor('the backup', ({type, path}) => {
    return type === 'volume-arrived' && path === backup.mountPoint;
  });
  const start = performance.now();
  await card.mount();
  await running.waitFor('the verdict', ({type}) => type === 'verdict');
  tell(`from the card to its verdict: ${Math.round(performance.now() - start)} ms`);
  const shoots = [working, backup].map(({mountPoint}) => join(mountPoint, 'auto'));
  await waitUntil('the record is closed', async () => {
    return checkSums(shoots[1] ?? '').then(
      () => true,
      () => false,
    );
  });
  for (const shoot of shoots) await checkSums(shoot);
  await checkCopies({card: card.mountPoint, shoots});
  await card.unmount();
  await running.waitFor('the card leaves', ({type, path}) => {
    return type === 'volume-left' && path === card.mountPoint;
  });
  running.signal('SIGINT');
  const run = await running.result;
  const {account} = expectSafe(run);
  assert.equal(account.copied, SAMPLE_FILES);
}

/** A first offload gives the drives their roles. */
async function giveRoles(
  lab: Lab,
  {working, backup}: Pick<Places, 'working' | 'backup'>,
): Promise<void> {
  await Promise.all([working.mount(), backup.mount()]);
  const first = await makeSampleDrive(lab, 'FIRST');
  await first.mount();
  const tos = [working, backup].flatMap(({mountPoint}) => ['--to', mountPoint]);
  expectSafe(await runOffload(lab, ['--card', first.mountPoint, ...tos, '--shoot', 'first']));
  await first.unmount();
}
