import test from 'ava';
import {failed, ok, type Result} from '../../../src/core/cause.ts';
import {
  listVolumes,
  rememberAnswer,
  rememberAnswers,
  type VolumeTools,
} from '../../../src/system/volumes/index.ts';
import {fakeTools} from './fake-tools.ts';

/** Tools whose answers come when the test says so, and a clock that stands. */
function slowTools() {
  const waiting: ((answer: Result<string>) => void)[] = [];
  const clock = {ms: 0};
  const tools: VolumeTools = {
    ...fakeTools({platform: 'win32'}),
    run: () => new Promise((resolve) => waiting.push(resolve)),
  };
  return {waiting, clock, tools: rememberAnswers(tools, () => clock.ms)};
}

test('an answer is kept for two seconds from when it came, however long it took', async (t) => {
  const {waiting, clock, tools} = slowTools();
  const first = tools.run('powershell', ['a']);
  clock.ms = 9000;
  const second = tools.run('powershell', ['a']);
  waiting[0]?.(ok('one'));
  t.deepEqual(await Promise.all([first, second]), [ok('one'), ok('one')]);
  clock.ms = 10_999;
  t.deepEqual(await tools.run('powershell', ['a']), ok('one'));
  t.is(waiting.length, 1);
  clock.ms = 11_000;
  const third = tools.run('powershell', ['a']);
  t.is(waiting.length, 2);
  waiting[1]?.(ok('two'));
  t.deepEqual(await third, ok('two'));
});

test('another question is asked', (t) => {
  const {waiting, tools} = slowTools();
  void tools.run('powershell', ['a']);
  void tools.run('powershell', ['b']);
  t.is(waiting.length, 2);
});

test('the disks of drivelist are asked for once by two looks that are close together, failures too', async (t) => {
  let [asked, ms] = [0, 0];
  const why = {code: 'no-drivelist', message: 'it is not there', next: 'Nothing.'};
  const list = rememberAnswer(
    async () => {
      asked += 1;
      return failed(why);
    },
    () => ms,
  );
  const tools = fakeTools({platform: 'none'});
  t.deepEqual(await Promise.all([listVolumes(tools, list), listVolumes(tools, list)]), [[], []]);
  ms = 1999;
  await listVolumes(tools, list);
  t.is(asked, 1);
  ms = 2000;
  await listVolumes(tools, list);
  t.is(asked, 2);
});
