import test from 'ava';
import {describeVolume, listVolumes} from '../../../src/system/volumes/index.ts';
import {WINDOWS} from '../../core/volumes/samples/windows.ts';
import {fakeTools} from './fake-tools.ts';

const tools = fakeTools({platform: 'win32', answers: {powershell: JSON.stringify(WINDOWS)}});

test('a path is described from one answer of PowerShell', async (t) => {
  t.like(await describeVolume('E:\\DCIM', tools), {
    label: 'EOS_DIGITAL',
    physical: {known: true, ids: ['disk:2']},
  });
});

test('who asks while PowerShell runs shares its answer, who asks later does not', async (t) => {
  let calls = 0;
  const counting = {
    ...tools,
    run: async (command: string, args: readonly string[]) => {
      calls += 1;
      return tools.run(command, args);
    },
  };
  await Promise.all([describeVolume('C:\\', counting), describeVolume('D:\\', counting)]);
  t.is(calls, 1);
  await describeVolume('C:\\', counting);
  t.is(calls, 2);
});

test('without PowerShell all is unknown', async (t) => {
  const bare = fakeTools({platform: 'win32'});
  t.like(await describeVolume('C:\\', bare), {kind: 'unknown', physical: {known: false}});
  t.deepEqual(await listVolumes(bare), []);
});
