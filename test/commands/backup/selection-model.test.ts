/** Ratings that come, go and become unknown, over several runs: the target has what it should, and no copy is ever lost. */
import {readdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {
  DAY_MS,
  FIRST_RUN,
  makeBackup,
  readArchive,
  readMirror,
  runBackup,
} from '../../helpers/run-backup.ts';
import {madeXmp} from '../../helpers/selection-scene.ts';

type Rated = 'in' | 'out' | 'unknown' | 'gone';

const PICTURES = ['A/IMG_1', 'A/IMG_2', 'B/IMG_1', 'B/C/IMG_3'];
const rated = fc.constantFrom<Rated>('in', 'out', 'unknown', 'gone');
const xmpOf = (state: Rated): string =>
  state === 'unknown' ? 'no XMP' : madeXmp({rating: state === 'in' ? 5 : 1});

test('after every run the target has what is in, and of what is unknown what it had', async (t) => {
  const runs = fc.array(fc.tuple(rated, rated, rated, rated), {minLength: 2, maxLength: 4});
  await fc.assert(
    fc.asyncProperty(runs, async (states) => {
      const scene = await makeBackup(t, {'A/': 0, 'B/C/': 0});
      const expected = new Set<string>();
      const ever = new Set<string>();
      for (const [day, now] of states.entries()) {
        for (const [at, picture] of PICTURES.entries()) {
          const state = now[at] ?? 'gone';
          const [raw, sidecar] = ['CR3', 'xmp'].map((end) =>
            join(scene.source, `${picture}.${end}`),
          );
          if (raw === undefined || sidecar === undefined) throw new Error('no paths');
          if (state === 'gone') {
            await rm(raw, {force: true});
            await rm(sidecar, {force: true});
            expected.delete(picture);
            continue;
          }
          // Of one size each, so that a move is never mistaken for a copy.
          await writeFile(raw, Buffer.alloc(1000 + at, picture));
          await writeFile(sidecar, xmpOf(state));
          if (state === 'in') expected.add(picture);
          if (state === 'out') expected.delete(picture);
        }
        const hasAny = now.includes('in');
        const before = await readdir(scene.b);
        const {end} = await runBackup(scene, {
          selection: {rule: 'rating >= 3', catalog: null},
          atMs: FIRST_RUN + day * DAY_MS,
          acceptDeletions: true,
          acceptChanges: true,
        });
        if (!hasAny) {
          t.is(end.code, 'selection-empty');
          t.deepEqual(await readdir(scene.b), before);
          return;
        }
        t.is(end.result, 'good', `${end.code}: ${end.message}`);
        const names = Object.entries(await readMirror(scene)).filter(
          ([, what]) => what !== 'folder',
        );
        const wanted = [...expected].flatMap((one) => [`${one}.CR3`, `${one}.xmp`]).sort();
        t.deepEqual(
          names.map(([name]) => name).sort(),
          wanted,
          JSON.stringify(states.slice(0, day + 1)),
        );
        for (const one of expected) ever.add(`${one}.CR3`);
        const archived = new Set(Object.keys(await readArchive(scene)));
        for (const one of ever) t.true(wanted.includes(one) || archived.has(one), one);
      }
    }),
    {numRuns: 12},
  );
});
