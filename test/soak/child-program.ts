/** A process of its own for one run of the soak: `child-program ATTEMPT.json`. Prints a line for each event. It is killed, or prints how it ended. */
import {randomUUID} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {offload} from '../../src/commands/offload.ts';
import {DEFAULT_OPTIONS, testProgram} from '../helpers/run-offload.ts';
import {type Attempt, type ChildLine, settingOf} from './attempt.ts';

const attempt: Attempt = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const {faulty, setting} = settingOf(attempt);
/** No number that a run in the other process may have. */
const pid = 3_000_000 + process.pid;
const program = testProgram({...setting, pid}, faulty.files);
const newWord = () => Math.random().toString(36).slice(2, 8).padEnd(6, '0');
const print = (line: ChildLine) => process.stdout.write(`${JSON.stringify(line)}\n`);
const options = {
  ...DEFAULT_OPTIONS,
  cards: [attempt.card],
  destinations: attempt.destinations,
  ...attempt.options,
};
try {
  const end = await offload({...program, newWord, newVolumeId: randomUUID}, options, {
    emit: (event) => print({event}),
    signal: new AbortController().signal,
  });
  print({end});
} catch (error) {
  print({thrown: error instanceof Error ? (error.stack ?? error.message) : String(error)});
}
for (const {fault, hit} of faulty.faults) if (hit !== undefined) print({hit: {fault, call: hit}});
