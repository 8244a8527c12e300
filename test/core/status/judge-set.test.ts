import test from 'ava';
import fc from 'fast-check';
import type {Relation} from '../../../src/core/drive.ts';
import {judgeSet} from '../../../src/core/status/judge-set.ts';
import {pickDrives} from '../../../src/core/status/pick-drives.ts';
import type {StatusVolume} from '../../../src/core/status/status-volume.ts';
import {
  pairsOf,
  type RelateVolumes,
  relateVolumes,
} from '../../../src/core/volumes/drive-relations.ts';

const IDS: readonly string[] = ['a', 'b', 'c', 'd', 'e'];
const relation = fc.constantFrom<Relation[]>('different', 'same', 'unknown');

/** Any symmetric relation of five volumes. */
const relations = fc.array(relation, {minLength: 25, maxLength: 25}).map(
  (cells): RelateVolumes =>
    (a, b) => {
      const [one, other] = [a, b].map((id) => IDS.indexOf(id)).sort();
      return a === b ? 'same' : (cells[(one ?? 0) * 5 + (other ?? 0)] ?? 'unknown');
    },
);
const volumes = fc
  .array(
    fc.record({
      role: fc.constantFrom('working' as const, 'backup' as const, 'off-site' as const, null),
      place: fc.constantFrom('desk', 'Desk ', 'bank', null),
      hasKnownDrive: fc.boolean(),
    }),
    {maxLength: 5},
  )
  .map((list): readonly StatusVolume[] =>
    list.map((one, index) => ({id: IDS[index] ?? 'a', name: IDS[index] ?? 'a', ...one})),
  );

const subsets = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  Array.from({length: 2 ** list.length}, (_, bits) =>
    list.filter((__, index) => Math.floor(bits / 2 ** index) % 2 === 1),
  );
const areApart = (ids: readonly string[], relate: RelateVolumes) =>
  ids.every((a) => ids.every((b) => a === b || relate(a, b) === 'different'));

test('drives: as many as can be found by trying every choice, and each apart from each', (t) => {
  fc.assert(
    fc.property(relations, (relate) => {
      const picked = pickDrives(IDS, relate);
      const best = Math.max(...subsets(IDS).map((ids) => (areApart(ids, relate) ? ids.length : 0)));
      return picked.length === best && areApart(picked, relate);
    }),
  );
  t.pass();
});

test('3-2-1 is reached exactly when some three drives are apart and one of them is elsewhere', (t) => {
  const fold = (place: string | null) => place?.trim().toLowerCase() ?? null;
  const isElsewhere = (three: readonly StatusVolume[]) =>
    three.some((a) =>
      three.some((b) => {
        const [one, other] = [fold(a.place), fold(b.place)];
        if (one !== null && other !== null) return one !== other;
        return a.role === 'off-site' && b.role !== 'off-site';
      }),
    );
  fc.assert(
    fc.property(volumes, relations, (list, relate) => {
      const expected = subsets(list).some(
        (three) =>
          three.length === 3 &&
          three.every(({hasKnownDrive}) => hasKnownDrive) &&
          areApart(
            three.map(({id}) => id),
            relate,
          ) &&
          isElsewhere(three),
      );
      const {lack, drives, copies} = judgeSet(list, relate);
      return (lack === null) === expected && drives <= copies && copies === list.length;
    }),
    {numRuns: 1000},
  );
  t.pass();
});

test('knowing less never makes more of it', (t) => {
  fc.assert(
    fc.property(volumes, relations, fc.nat(4), (list, relate, hidden) => {
      const less: RelateVolumes = (a, b) =>
        a !== b && [a, b].includes(IDS[hidden] ?? 'a') ? 'unknown' : relate(a, b);
      const [before, after] = [judgeSet(list, relate), judgeSet(list, less)];
      return after.drives <= before.drives && (before.lack === null || after.lack !== null);
    }),
  );
  t.pass();
});

test('any number of volumes that somebody wrote into a record ends soon', (t) => {
  const many = Array.from({length: 400}, (_, index) => `v${index}`);
  const relate: RelateVolumes = (a, b) =>
    (Number(a.slice(1)) * 7 + Number(b.slice(1)) * 7) % 3 === 0 ? 'different' : 'unknown';
  const started = performance.now();
  pickDrives(many, relate);
  t.true(performance.now() - started < 5000);
});

test('what it lacks is told, the nearest remedy first', (t) => {
  const volume = (id: string, more: Partial<StatusVolume> = {}): StatusVolume => ({
    id,
    name: id,
    role: null,
    place: null,
    hasKnownDrive: true,
    ...more,
  });
  const apart: RelateVolumes = (a, b) => (a === b ? 'same' : 'different');
  const unknown: RelateVolumes = (a, b) => (a === b ? 'same' : 'unknown');
  const [a, b, c] = [volume('a'), volume('b'), volume('c')];
  t.is(judgeSet([], apart).lack, 'copies');
  t.is(judgeSet([volume('a', {hasKnownDrive: false})], apart).lack, 'known-drive');
  t.is(judgeSet([a], apart).lack, 'second-drive');
  t.is(judgeSet([a, b], unknown).lack, 'pair');
  t.is(judgeSet([a, b], apart).lack, 'third-drive');
  t.is(judgeSet([a, b, c], apart).lack, 'off-site');
  t.is(judgeSet([a, b, volume('c', {role: 'off-site'})], apart).lack, null);
});

test('disks are told apart within one moment only, and one drive once is one drive for ever', (t) => {
  const drives = (id: string) => ({known: true as const, ids: [id]});
  const apart = pairsOf([
    {volume: 'b', drives: drives('disk:sdb')},
    {volume: 'a', drives: drives('disk:sda')},
    {volume: 'c', drives: {known: false, why: 'x'}},
  ]);
  t.deepEqual(apart, [{a: 'a', b: 'b', same: false}]);
  const relate = relateVolumes(apart);
  t.deepEqual(
    [relate('b', 'a'), relate('a', 'c'), relate('a', 'a')],
    ['different', 'unknown', 'same'],
  );
  t.is(relateVolumes([...apart, {a: 'a', b: 'b', same: true}])('a', 'b'), 'same');
});
