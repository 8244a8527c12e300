/** A program of its own for tests that kill it: `awake-program.ts TOOL ARGUMENT…`. Prints `held` once the tool has answered; does nothing else. */
import {keepAwake, startTool} from '../../src/system/keep-awake.ts';

const [command = '', ...args] = process.argv.slice(2);
const hold = keepAwake({platform: 'linux', start: () => startTool(command, args)});
// Something else keeps it running, as the copying does.
const ends = process.env.ENDS_BY_ITSELF === 'yes' ? 0 : 60_000;
const busy = setInterval(() => {}, 1000);
const state = await hold.state;
process.stdout.write(`${state.type}\n`);
setTimeout(() => clearInterval(busy), ends);
