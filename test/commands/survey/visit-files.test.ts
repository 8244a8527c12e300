import test from 'ava';
import {visitFiles} from '../../../src/commands/survey/visit-files.ts';
import {file} from '../../core/survey/files.ts';

const files = Array.from({length: 10_000}, (_, index) => file(`${index}`));

test('every file is visited once, in order, and others get their turn in between', async (t) => {
  const visited: string[] = [];
  const turns: number[] = [];
  const other = setInterval(() => turns.push(visited.length), 0);
  await visitFiles(files, ({path}) => void visited.push(path), new AbortController().signal);
  clearInterval(other);
  t.deepEqual(
    visited,
    files.map(({path}) => path),
  );
  let between = 0;
  const stop = new AbortController();
  const count = () => {
    setImmediate(() => {
      between += 1;
      stop.abort();
    });
  };
  visited.length = 0;
  await visitFiles(
    files,
    ({path}) => {
      if (visited.push(path) === 1) count();
    },
    stop.signal,
  );
  t.is(between, 1);
  t.true(visited.length > 0 && visited.length < files.length);
});
