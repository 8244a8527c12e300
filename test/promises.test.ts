import test from 'ava';
import {makeTrial, offloadTrial} from './helpers/run-offload.ts';
test('smoke', async (t) => {
  const trial = await makeTrial(t);
  const start = performance.now();
  const report = await offloadTrial(trial, {onEvent: (e) => console.log(JSON.stringify(e).slice(0,200))});
  t.log(performance.now() - start);
  t.log(report.events.filter(e=>e.type!=='progress').map(e=>JSON.stringify(e).slice(0,300)).join('\n'));
  t.is(report.end.exitCode, 0);
});
