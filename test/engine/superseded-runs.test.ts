/** What dead runs left, where nothing can go on with it, is gone when the card is safe. */
import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Call, changes, Death, failsCalls, recordsCalls} from '../helpers/faulty-files.ts';
import {
  findLitter,
  makeTrial,
  offloadTrial,
  readManifests,
  runningPids,
  type Trial,
  testFiles,
} from '../helpers/run-offload.ts';

const isPart = (name: string) => name.endsWith('.part');
const isJournal = (name: string) => name.endsWith('.journal');

/** A run whose power goes while it gives its copies their names. @returns the journals that it left, absolute. */
async function leaveDeadRun(t: ExecutionContext): Promise<{trial: Trial; journals: string[]}> {
  const whole: Call[] = [];
  await offloadTrial(await makeTrial(t), {files: recordsCalls(testFiles, whole)});
  const made = whole.filter(changes);
  const death = new Death();
  const trial = await makeTrial(t);
  const isCopy = ({method, to}: Call) => method === 'publish' && to?.includes('/DCIM/') === true;
  const files = death.comesAt(testFiles, made.findIndex(isCopy) + 1);
  const pid = 4242;
  void offloadTrial(trial, {files, pid});
  await death.happened;
  await death.bury();
  runningPids.delete(pid);
  const litter = await findLitter(trial.folder);
  t.is(litter.filter(isJournal).length, 2, litter.join(' '));
  t.true(litter.some(isPart), litter.join(' '));
  return {trial, journals: litter.filter(isJournal).map((name) => join(trial.folder, name))};
}

async function spoilHeader(journal: string): Promise<void> {
  const bytes = await readFile(journal);
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
  await writeFile(journal, bytes);
}

test('journals that nobody can read go with their temporary files when the card is safe', async (t) => {
  const {trial, journals} = await leaveDeadRun(t);
  for (const journal of journals) await spoilHeader(journal);
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  t.deepEqual(await findLitter(trial.folder), []);
  t.is((await readManifests(join(trial.w, 'Shoot'))).length, 1);
});

test('temporary files of which no journal is left go when all of the card is proved, on one drive too', async (t) => {
  const {trial, journals} = await leaveDeadRun(t);
  await Promise.all(journals.map((journal) => rm(journal)));
  const report = await offloadTrial(trial, {to: [trial.w]});
  t.is(report.end.exitCode, 1);
  t.deepEqual(await findLitter(trial.w), []);
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('journals of the same card that could not be read when the run began go too', async (t) => {
  const {trial, journals} = await leaveDeadRun(t);
  let reads = 0;
  const files = failsCalls(
    testFiles,
    ['openToRead'],
    (path) => journals.includes(path) && ++reads <= journals.length,
    'EIO',
  );
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 0);
  t.true(reads > 0);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('what a newer version or another card left there stays', async (t) => {
  const {trial, journals} = await leaveDeadRun(t);
  const [first = '', second = ''] = journals;
  const text = await readFile(first, 'utf8');
  await writeFile(first, text.replace('offload-journal/1', 'offload-journal/2'));
  await writeFile(second, 'a line without its end');
  const torn = `${second.slice(0, -'.journal'.length)}x.journal`;
  await writeFile(torn, text.replace('offload-journal/1', 'offload-journal/3'));
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  const left = (await findLitter(trial.folder)).filter(isJournal);
  t.deepEqual(left.map((name) => join(trial.folder, name)).sort(), [first, torn].sort());
});

test('a run that ends NOT SAFE clears nothing of that away', async (t) => {
  const {trial, journals} = await leaveDeadRun(t);
  for (const journal of journals) await spoilHeader(journal);
  const files = failsCalls(testFiles, ['publish'], (path) => path.startsWith(trial.b), 'EIO');
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 1);
  const left = (await findLitter(trial.folder)).map((name) => join(trial.folder, name));
  for (const journal of journals) t.true(left.includes(journal));
});
