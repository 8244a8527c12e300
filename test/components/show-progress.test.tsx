import test from 'ava';
import {showProgress} from '../../components/show-progress.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import {createRunStore} from '../../src/output/store.ts';
import {FakeTerminal} from '../helpers/fake-terminal.ts';
import {fileFailed, lane, planned, progress, verdict} from '../helpers/run-events.ts';

const symbols = chooseSymbols({unicode: true, colour: false});

function startScreen(columns = 80) {
  const stream = new FakeTerminal(columns);
  const store = createRunStore({now: () => performance.now()});
  return {stream, store, screen: showProgress({store, stream, symbols})};
}

test.serial(
  'the last frame stands on the terminal, with what came right before the end',
  async (t) => {
    const {stream, store, screen} = startScreen();
    store.write(planned({bytes: 1000}));
    store.write(progress({bytes: 1000, read: 10}));
    store.write(progress({bytes: 1000, read: 990, lanes: [lane({written: 980})]}));
    store.write(fileFailed({path: 'LAST.CR3'}));
    await store.end();
    await screen.end();
    const shown = stream.screen();
    t.is(shown.split('offload · Marta & Jan').length, 2);
    t.regex(shown, / {2}read .* {3}99 %/);
    t.regex(shown, /W T7 Shield .* {3}98 %/);
    t.regex(shown, / {2}card {2}LAST\.CR3/);
  },
);

test.serial('a verdict right before the end is shown', async (t) => {
  const {stream, store, screen} = startScreen();
  store.write(planned());
  store.write(verdict());
  store.write({type: 'run-ended', outcome: 'complete', exitCode: 0});
  await screen.end();
  t.true(stream.screen().includes('✔ SAFE TO FORMAT: EOS_DIGITAL'));
});

test.serial('10,000 samples are under 100 writes, and the last is shown', async (t) => {
  const {stream, store, screen} = startScreen();
  store.write(planned({bytes: 10_000}));
  for (let read = 1; read <= 10_000; read += 1) store.write(progress({bytes: 10_000, read}));
  await screen.end();
  t.true(stream.writes.length < 100, `${stream.writes.length} writes`);
  t.regex(stream.screen(), / {2}read .* {2}100 %/);
});

test.serial('takes no keys: Ctrl-C stays a signal', async (t) => {
  const {screen} = startScreen();
  t.not(process.stdin.isRaw, true);
  t.is(process.stdin.listenerCount('readable'), 0);
  await screen.end();
});

test.serial('ending twice, and ending when the terminal is gone, both end', async (t) => {
  const {stream, screen} = startScreen();
  await screen.end();
  const written = stream.writes.length;
  await screen.end();
  t.is(stream.writes.length, written);
  const gone = startScreen();
  gone.stream.destroy();
  await t.notThrowsAsync(gone.screen.end());
});

test.serial('nothing is left on the terminal, the store or the process', async (t) => {
  const exitListeners = process.listenerCount('beforeExit');
  const {stream, store, screen} = startScreen();
  store.write(planned());
  await screen.end();
  t.is(stream.listenerCount('resize'), 0);
  t.is(process.listenerCount('beforeExit'), exitListeners);
});

test.serial('a narrower terminal gets fewer words', async (t) => {
  const {stream, store, screen} = startScreen();
  store.write(planned());
  stream.resize(40);
  await screen.end();
  t.regex(stream.screen(), /W {3}─{29} {4}0 %/);
});

test.serial('a long run leaves no measures of React behind', async (t) => {
  const stream = new FakeTerminal(80);
  let nowMs = 0;
  const store = createRunStore({now: () => nowMs});
  const screen = showProgress({store, stream, symbols});
  for (let read = 1; read <= 300; read += 1) {
    nowMs += 100;
    store.write(progress({bytes: 10_000, read}));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await screen.end();
  t.true(performance.getEntriesByType('measure').length < 300);
});
