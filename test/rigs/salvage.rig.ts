import assert from 'node:assert/strict';
import {copyFile, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {BAD, badSector, HOLE, makeBadCard, SECTOR} from './bad-sector.rig.ts';
import {expectEnd, expectNoTemporaries} from './checks.ts';
import type {Lab} from './lab.ts';
import {runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {makeZram} from './zram.ts';

/** What is kept of a file with a bad sector, and whether ddrescue can go on from it. */
export const salvage: Rig = {
  name: 'a bad sector with --salvage: all other bytes are kept on both drives, and ddrescue goes on from the map',
  tools: [...badSector.tools, 'ddrescue', 'ddrescuelog'],
  root: true,
  run: salvageBadCard,
};

async function salvageBadCard(lab: Lab): Promise<void> {
  const working = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'B'});
  const card = await makeBadCard(lab);
  const tos = [working.mountPoint, backup.mountPoint];
  const args = ['--card', card.mountPoint, ...tos.flatMap((to) => ['--to', to]), '--shoot', 'rig'];
  const run = await runOffload(lab, [...args, '--salvage']);
  const {account, copies} = expectEnd(run, 1);
  assert.equal(account.failed, 1);
  const told = run.events.filter(({type}) => type === 'file-salvaged');
  assert.deepEqual(
    told.map(({path, to}) => [path, to]),
    tos.map((to) => [BAD, to]),
  );
  const damaged = Buffer.from(card.content);
  damaged.fill(0, HOLE, HOLE + SECTOR);
  const places = told.map(({target}, index) => join(copies[index]?.shoot ?? '', target ?? ''));
  for (const parts of places) {
    assert.ok(parts.endsWith(`/${BAD}.salvaged`), parts);
    assert.ok(damaged.equals(await readFile(parts)), 'all bytes but those of the sector are there');
    const status = await call('ddrescuelog', ['-t', `${parts}.map`]);
    assert.match(status, /rescued: .* 2 area/);
    assert.match(status, new RegExp(`bad-sector: *${SECTOR} B, *in *1 area`));
    assert.equal(
      await call('ddrescuelog', ['-l-', `${parts}.map`]),
      Array.from({length: SECTOR / 512}, (_, index) => HOLE / 512 + index).join('\n'),
      'the blocks that are missing',
    );
    const copy = parts.slice(0, -'.salvaged'.length);
    await assert.rejects(stat(copy), {code: 'ENOENT'}, 'no copy stands');
  }
  for (const {shoot} of copies) await expectNoTemporaries(shoot);
  await goOnWithDdrescue(lab, places[0] ?? '', card);
}

/** Another reader that reads the sector: here the file as it was. */
async function goOnWithDdrescue(
  lab: Lab,
  parts: string,
  {content}: {readonly content: Buffer},
): Promise<void> {
  const whole = join(lab.folder, 'whole.CR3');
  const rescued = join(lab.folder, 'rescued.CR3');
  const map = join(lab.folder, 'rescued.map');
  await writeFile(whole, content);
  await copyFile(parts, rescued);
  await copyFile(`${parts}.map`, map);
  await call('ddrescue', ['--retry-passes=1', whole, rescued, map]);
  assert.ok(content.equals(await readFile(rescued)), 'ddrescue fills the hole');
  await call('ddrescuelog', ['-D', map]);
}
