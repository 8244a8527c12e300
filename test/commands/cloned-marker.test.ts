import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {verify} from '../../src/commands/verify.ts';
import {
  findLitter,
  makeTrial,
  offloadTrial,
  readManifests,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

const MARKER = '.offload-volume.json';

test('two destinations with one marker are told apart in the record, and the user is told', async (t) => {
  // The colon gets another name on exFAT: then the copies of the two drives have different places.
  const trial = await makeTrial(t, {'DCIM/100EOS/A:B.JPG': 9000, 'DCIM/100EOS/C.JPG': 9000});
  t.is((await offloadTrial(trial, {options: {shoot: 'Before'}})).end.exitCode, 0);
  await writeFile(join(trial.b, MARKER), await readFile(join(trial.w, MARKER)));
  const volumes = {[trial.b]: {fileSystem: 'exfat'}};
  const report = await offloadTrial(trial, {volumes});
  t.is(report.end.exitCode, 0);
  const told = report.events.filter(
    (event) => event.type === 'noticed' && event.code === 'marker-cloned',
  );
  t.is(told.length, 1);
  const [manifest] = await readManifests(join(trial.b, 'Shoot'));
  t.is(new Set(manifest?.destinations.map(({id}) => id)).size, 2);
  const signal = new AbortController().signal;
  for (const root of [trial.w, trial.b]) {
    const program = testProgram({cards: [], to: [root]}, testFiles);
    const asked = {paths: [join(root, 'Shoot')], part: undefined, heal: false};
    const {exitCode} = await verify(program, asked, {emit() {}, signal});
    t.is(exitCode, 0);
  }
  const again = await offloadTrial(trial, {volumes});
  t.is(again.end.exitCode, 0);
  t.is(again.verdicts[0]?.account.present, 2);
  t.deepEqual(await findLitter(trial.folder), []);
});
