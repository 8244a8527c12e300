/** The checks of the fault matrix and of the soak see what they are there for: each kind of damage is done by hand. */
import {appendFile, readdir, readFile, rename, rm, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {Bench} from './bench.ts';
import {findTouches, sha256Of} from './card-truth.ts';
import {checkCopies, type Found, type Ground} from './check-copies.ts';
import {checkProofs, checkRecords} from './check-records.ts';
import {checkSafety, checkTidy} from './check-safety.ts';
import {readDestination} from './read-destination.ts';
import {runOnBench} from './run-on-bench.ts';
import {FAULT_CARD, SHOOT} from './scenes.ts';
import type {Told} from './told.ts';

const PICTURE = 'DCIM/100EOS/IMG_0001.JPG';

interface Safe {
  readonly bench: Bench;
  readonly told: Told;
  /** Where the picture's copy lies on the working drive. */
  readonly copy: string;
}

async function makeSafe(t: ExecutionContext): Promise<Safe> {
  const bench = await Bench.open(FAULT_CARD);
  t.teardown(() => bench.close());
  await bench.reset();
  const told = await runOnBench(bench, {options: {}});
  t.is(told.end?.exitCode, 0);
  return {bench, told, copy: join(bench.trial.w, SHOOT, 'EOS', PICTURE)};
}

/** Kinds of what all checks together find. */
async function findKinds(
  {bench, told}: Safe,
  strangers: ReadonlyMap<string, string> = new Map(),
): Promise<readonly string[]> {
  const ground: Ground = {
    truth: bench.truth,
    destinations: bench.destinations,
    shoot: SHOOT,
    folder: 'EOS',
    strangers,
    rotten: new Set(),
    past: new Set(),
    misread: new Set(),
  };
  const rows = bench.destinations.map(async (root) => [root, await readDestination(root)] as const);
  const found: Found = new Map(await Promise.all(rows));
  const {manifests, violations} = await checkRecords(ground, found);
  const all = [
    ...violations,
    ...checkCopies(ground, found),
    ...checkProofs(ground, found, told),
    ...checkSafety(ground, found, {...told, manifests}),
    ...checkTidy(found, []),
    ...(await findTouches(bench.truth)),
  ];
  return [...new Set(all.map(({kind}) => kind))].sort();
}

const recordOf = async ({bench}: Safe, end: string): Promise<string> => {
  const folder = join(bench.trial.b, SHOOT, '_offload');
  const name = (await readdir(folder)).find((one) => one.endsWith(end));
  return join(folder, name ?? '');
};

test('after a sound run the checks find nothing', async (t) => {
  t.deepEqual(await findKinds(await makeSafe(t)), []);
});

const damages: Readonly<
  Record<string, {kinds: readonly string[]; damage: (safe: Safe) => Promise<unknown>}>
> = {
  'one bit of a copy is another one': {
    kinds: ['false-safe', 'wrong-name', 'wrong-record'],
    async damage({copy}) {
      const bytes = await readFile(copy);
      bytes[5000] = (bytes[5000] ?? 0) ^ 1;
      await writeFile(copy, bytes);
    },
  },
  'a copy is gone': {
    kinds: ['false-safe', 'wrong-record'],
    damage: ({copy}) => rm(copy),
  },
  'a copy is cut off': {
    kinds: ['false-safe', 'wrong-name', 'wrong-record'],
    damage: async ({copy}) => writeFile(copy, (await readFile(copy)).subarray(0, 4096)),
  },
  'a copy has the name of another file': {
    kinds: ['wrong-name', 'wrong-record'],
    async damage({copy, bench}) {
      const clip = join(bench.trial.w, SHOOT, 'EOS/DCIM/100EOS/MVI_0002.MP4');
      await rename(copy, `${copy}.x`);
      await rename(clip, copy);
      await rename(`${copy}.x`, clip);
    },
  },
  'a copy is still under its temporary name': {
    kinds: ['false-safe', 'litter', 'wrong-record'],
    damage: ({copy}) => rename(copy, join(copy, '../.offload-x-y-1.part')),
  },
  'a record is missing': {
    kinds: ['false-safe'],
    damage: async (safe) => rm(await recordOf(safe, '.json')),
  },
  'a record is cut off': {
    kinds: ['false-safe', 'wrong-record'],
    async damage(safe) {
      const path = await recordOf(safe, '.json');
      await writeFile(path, (await readFile(path)).subarray(0, 300));
    },
  },
  'a record has another hash': {
    kinds: ['wrong-record'],
    async damage(safe) {
      const path = await recordOf(safe, '.json');
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace(/"blake3": "[0-9a-f]{4}/, '"blake3": "0123'));
    },
  },
  'a list has another hash': {
    kinds: ['wrong-record'],
    async damage(safe) {
      const path = await recordOf(safe, '.b3');
      await writeFile(path, (await readFile(path, 'utf8')).replace(/^[0-9a-f]{4}/, '0123'));
    },
  },
  'a journal is left': {
    kinds: ['litter'],
    damage: async (safe) => writeFile(`${await recordOf(safe, '.json')}.journal`, ''),
  },
  'a file of the card is touched': {
    kinds: ['card-touched'],
    damage: ({bench}) => utimes(join(bench.trial.card, PICTURE), 1, 1),
  },
  'a file of the card grows': {
    kinds: ['card-touched'],
    damage: ({bench}) => appendFile(join(bench.trial.card, PICTURE), 'more'),
  },
};
for (const [what, {kinds, damage}] of Object.entries(damages)) {
  test(`the checks see that ${what}`, async (t) => {
    const safe = await makeSafe(t);
    await damage(safe);
    t.deepEqual(await findKinds(safe), kinds);
  });
}

test('the checks see that a file of somebody else was changed', async (t) => {
  const safe = await makeSafe(t);
  const place = join(safe.bench.trial.w, 'NOTES.TXT');
  await writeFile(place, 'mine');
  const strangers = new Map([[place, sha256Of(Buffer.from('mine'))]]);
  t.deepEqual(await findKinds(safe, strangers), []);
  await writeFile(place, 'not mine any more');
  t.deepEqual(await findKinds(safe, strangers), ['file-lost']);
});
