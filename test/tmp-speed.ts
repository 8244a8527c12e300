import {mkdtemp, rm} from 'node:fs/promises';
import {buildBackup, runBackup} from './helpers/run-backup.ts';
import {realFiles} from '../src/system/real-files.ts';
import {runTool} from '../src/system/tools.ts';
import {realClock} from '../src/system/clock.ts';
import {BlockPool} from '../src/system/block-pool.ts';
import {interceptCalls} from './helpers/faulty-files.ts';
for (const kind of ['small', 'big']) {
const folder = await mkdtemp('/tmp/speed-');
const tree: Record<string, number> = {};
if (kind === 'small') for (let i = 0; i < 3000; i++) tree[`f${i % 20}/IMG_${i}.JPG`] = 20_000 + (i % 60) * 1000;
else for (let i = 0; i < 12; i++) tree[`big/V_${i}.MP4`] = 40_000_000;
const scene = await buildBackup(folder, tree);
const spent = new Map<string, [number, number]>();
const count = async <T>(name: string, f: () => Promise<T>) => { const a = performance.now(); try { return await f(); } finally { const e = spent.get(name) ?? [0, 0]; e[0]++; e[1] += performance.now() - a; spent.set(name, e); } };
const files = interceptCalls(realFiles, (call, proceed) => count(call.method, proceed));
const at = performance.now();
const {end} = await runBackup(scene, {files, run: (c, a) => count(`${c}`, () => runTool(c, a)), program: {clock: realClock, copyBlocks: new BlockPool(16), proofBlocks: new BlockPool(8)}});
console.log(kind, end.result, ((performance.now() - at) / 1000).toFixed(2), 's', [...spent].map(([n, [c, ms]]) => `${n} ${c} ${ms.toFixed(0)}`).join('; '));
await rm(folder, {recursive: true});
}
