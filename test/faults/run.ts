/**
 * Runs the fault matrix: every fault at every call of every scene.
 *
 *     npm run faults                          all of it
 *     npm run faults -- --share 3/10          every tenth case, beginning with the third
 *     npm run faults -- --scene resumed
 *     npm run faults -- --case 'first EIO write B:Shoot/EOS/EMPTY.LOG #1'
 *
 * Prints each case in which a promise was broken, and last how many there were. Exits 1 when there was one.
 */
import {parseArgs} from 'node:util';
import {type FaultCase, forEachFault, nameCase} from './for-each-fault.ts';
import {SCENES} from './scenes.ts';

const {values} = parseArgs({
  options: {
    share: {type: 'string'},
    scene: {type: 'string'},
    case: {type: 'string'},
    'at-once': {type: 'string'},
  },
});
const [part = 1, parts = 1] = (values.share ?? process.env.FAULT_SHARE ?? '1/1')
  .split('/')
  .map(Number);
const one = values.case;
const scenes = SCENES.map(({name}) => name).filter((name) =>
  one === undefined ? (values.scene ?? name) === name : one.startsWith(`${name} `),
);

const counts = {run: 0, hit: 0, broken: 0};
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const choose = (cases: readonly FaultCase[]) => {
  if (one !== undefined) return cases.filter((each) => nameCase(each) === one);
  return cases.filter((_, index) => index % parts === part - 1);
};

try {
  await forEachFault({
    choose,
    scenes,
    signal: stop.signal,
    atOnce: Number(values['at-once'] ?? (scenes.length === 1 ? 4 : 1)),
    onReport(each, {wasHit, violations}) {
      counts.run += 1;
      if (wasHit) counts.hit += 1;
      if (counts.run % 500 === 0) console.error(`${counts.run} cases`);
      if (violations.length === 0) return;
      counts.broken += 1;
      console.log(`BROKEN ${nameCase(each)}`);
      for (const {kind, what} of violations) console.log(`  ${kind}: ${what}`);
    },
  });
} catch (error) {
  counts.broken += 1;
  console.log(`BROKEN without any fault: ${error instanceof Error ? error.stack : error}`);
}
const {run, hit, broken} = counts;
console.log(`${run} cases, ${hit} hit, ${broken} broken`);
process.exitCode = broken > 0 || run === 0 ? 1 : 0;
