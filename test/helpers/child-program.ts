/** A program of its own for tests that kill it: `child-program.ts CARD W B`. Prints the type of each event, and what a verdict is. */
import {offload} from '../../src/commands/offload.ts';
import {realClock} from '../../src/system/clock.ts';
import {DEFAULT_OPTIONS, testFiles, testProgram} from './run-offload.ts';

const [card = '', ...to] = process.argv.slice(2);
const {pid} = process;
const program = testProgram({cards: [card], to, pid, program: {clock: realClock}}, testFiles);
const newWord = () => Math.random().toString(36).slice(2, 8).padEnd(6, '0');
const options = {...DEFAULT_OPTIONS, cards: [card], destinations: to};
const {exitCode} = await offload({...program, newWord}, options, {
  emit: (event) => {
    const isSafe = event.type === 'verdict' && event.safe;
    process.stdout.write(`${event.type}${isSafe ? ' safe' : ''}\n`);
  },
  signal: new AbortController().signal,
});
process.exitCode = exitCode;
