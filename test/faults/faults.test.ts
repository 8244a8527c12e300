/** A sample of the fault matrix, another one each time. All of it: `npm run faults`. */
import test from 'ava';
import {type FaultCase, forEachFault, nameCase} from './for-each-fault.ts';
import {SCENES} from './scenes.ts';
import {SeededRandom} from './seeded-random.ts';

const SAMPLE = 14;
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);

for (const {name} of SCENES) {
  test(`no fault at any call breaks a promise: ${name}`, async (t) => {
    const random = new SeededRandom(seed);
    const broken: string[] = [];
    const counts = {run: 0, hit: 0};
    await forEachFault({
      scenes: [name],
      atOnce: 2,
      choose: (cases) => sampleFaults(random, cases),
      onReport(one: FaultCase, {wasHit, violations}) {
        counts.run += 1;
        if (wasHit) counts.hit += 1;
        if (violations.length === 0) return;
        const how = `npm run faults -- --case '${nameCase(one)}'`;
        broken.push([how, ...violations.map(({kind, what}) => `  ${kind}: ${what}`)].join('\n'));
      },
    });
    t.deepEqual(broken, [], `FAULT_SEED=${seed}`);
    t.is(counts.run, SAMPLE);
    // A call that comes only when flushes fall together in one way does not come every time.
    t.true(counts.hit > SAMPLE / 2, `${counts.hit} of ${SAMPLE}, FAULT_SEED=${seed}`);
  });
}

/** Every kind of fault is as likely as any other, however few calls it can hit. */
function sampleFaults(random: SeededRandom, cases: readonly FaultCase[]): readonly FaultCase[] {
  const kinds = [...new Set(cases.map(({fault}) => fault))];
  const chosen = new Set<FaultCase>();
  while (chosen.size < SAMPLE) {
    const kind = random.pick(kinds);
    chosen.add(random.pick(cases.filter(({fault}) => fault === kind)));
  }
  return [...chosen];
}
