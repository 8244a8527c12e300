import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {applySettings} from '../../../src/commands/apply-settings.ts';
import {parseCommandLine} from '../../../src/commands/command-line.ts';
import {makeProgram} from '../../../src/commands/make-program.ts';
import {parseSettings} from '../../../src/core/settings.ts';
import {readCopies} from '../../helpers/run-offload.ts';
import {makeTemporaryFolder} from '../../helpers/temporary-folder.ts';
import {
  makeReadyTrial,
  noticesOf,
  onScreen,
  plugAll,
  startSession,
  verdictsOf,
} from './session-run.ts';

test('what is wrong in the settings is told on the screen, and the rest is used', async (t) => {
  const settings = parseSettings('{"verify": "twice", "acceptCached": true, "eject": true}', 's');
  const run = startSession(t, {program: {settings}});
  // One sentence: a screen has room for few.
  t.deepEqual(noticesOf(run.state()), ['settings-value']);
  t.regex(run.state().notices[0]?.message ?? '', /"verify" is "twice".*; "acceptCached"/);
  t.true(settings.settings.eject);
  run.press('q');
  await run.done;
});

test('a computer that is not kept awake is said while it copies, and not after', async (t) => {
  const trial = await makeReadyTrial(t);
  const cause = {code: 'not-awake', message: 'the computer may fall asleep', next: 'Watch it.'};
  let released = 0;
  const run = startSession(t, {
    program: {
      keepAwake: () => ({
        state: Promise.resolve({type: 'not-held', cause}),
        release: async () => {
          released += 1;
        },
      }),
    },
  });
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(({notices}) => notices.some(({code}) => code === 'not-awake'));
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(noticesOf(run.state()), []);
  t.is(released, 1);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('keepAwake: false holds nothing and says nothing', async (t) => {
  const home = await makeTemporaryFolder(t);
  await writeFile(join(home, 'settings.json'), '{"keepAwake": false}');
  const surroundings = {
    version: '0',
    home,
    workingFolder: home,
    pid: 1,
    isRunning: () => false,
    command: [],
    userId: null,
    configHome: undefined,
    dataHome: undefined,
  };
  const program = await makeProgram(surroundings);
  t.teardown(() => program.close());
  t.false(program.settings.settings.keepAwake);
  const hold = program.keepAwake();
  t.deepEqual(await hold.state, {type: 'released'});
  await hold.release();

  const trial = await makeReadyTrial(t);
  const run = startSession(t, {program: {keepAwake: program.keepAwake}});
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  t.false(run.emitted.some(({type}) => type === 'noticed'));
  run.press('q');
  await run.done;
});

test('what is typed wins over the settings in a session too', async (t) => {
  const {settings} = parseSettings(
    '{"verify": "full", "layout": "{shoot}/{card}/set/{name}"}',
    'settings.json',
  );
  const parsed = parseCommandLine(['--layout', '{shoot}/typed/{card}/{path}'], '0');
  if (!parsed.ok || parsed.value.command !== 'session') return t.fail('no session');
  const options = applySettings(parsed.value.options, settings);
  const trial = await makeReadyTrial(t);
  const run = startSession(t, {offload: options});
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  run.press('q');
  t.is((await run.done).exitCode, 0);
  const phases = run.emitted.flatMap((event) =>
    event.type === 'phase-started' ? [event.phase] : [],
  );
  t.true(phases.includes('reread'), 'the card is read twice, as the settings say');
  const copies = await readCopies(join(trial.w, 'Shoot'));
  t.true(Object.hasOwn(copies, 'typed/EOS/DCIM/100CANON/IMG_0001.JPG'));
});
