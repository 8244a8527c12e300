import test from 'ava';
import fc from 'fast-check';
import {isDriveRecord} from '../../src/core/backup/keep-kinds.ts';
import {fileRule, folderRule} from '../../src/core/backup/mirror-leave-out.ts';
import {folderOf, foldersAbove, nameOf} from '../../src/core/backup/walk-order.ts';
import {type NamingRules, PORTABLE_RULES} from '../../src/core/safe-names.ts';
import {applyPlan, type ModelMirror, ModelTree, planModel} from '../helpers/model-trees.ts';

const POSIX: NamingRules = {
  family: 'posix',
  caseSensitive: true,
  normalizes: false,
  maxBytes: 255,
  maxUnits: null,
};

const name = fc.constantFrom(
  'a',
  'A',
  'b',
  'a-2',
  'a-b',
  'c:d',
  'c%3Ad',
  'x.CR3',
  'X.cr3',
  'é',
  'e\u0301',
  '_archive',
  '_Archive',
  '.DS_Store',
  'con',
  '_offload',
  'id.json',
  'n\udce9',
);
const path = fc.array(name, {minLength: 1, maxLength: 3}).map((parts) => parts.join('/'));
const content = fc.constantFrom('', 'x', 'y', 'xy', 'yx', 'xyz');

const edit = fc.oneof(
  fc.record({kind: fc.constant('write' as const), path, content}),
  fc.record({kind: fc.constant('remove' as const), path, content}),
  fc.record({kind: fc.constant('touch' as const), path, content}),
  fc.record({kind: fc.constant('folder' as const), path, content}),
  fc.record({kind: fc.constant('move' as const), path, content, to: path}),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function applyEdit(tree: ModelTree, one: Edit): void {
  const file = tree.files.get(one.path);
  if (one.kind === 'write') tree.write(one.path, one.content);
  else if (one.kind === 'remove') {
    tree.files.delete(one.path);
    tree.removeFolder(one.path);
  } else if (one.kind === 'touch' && file !== undefined) {
    file.mtimeNs += 3_600_000_000_000n;
    file.changedNs += 1n;
  } else if (one.kind === 'folder') tree.makeFolder(one.path);
  else if (one.kind === 'move' && file !== undefined && tree.write(one.to, file.content)) {
    if (one.to !== one.path) tree.files.delete(one.path);
  }
}

const isLeftOut = (one: string) =>
  fileRule(nameOf(one), folderOf(one)) !== undefined ||
  foldersAbove(one).some((folder) => folderRule(nameOf(folder), folderOf(folder)) !== undefined);

interface Story {
  readonly source: readonly Edit[];
  readonly target: readonly Edit[];
  readonly later: readonly Edit[];
  readonly meanwhile: readonly Edit[];
}

const story: fc.Arbitrary<Story> = fc.record({
  source: fc.array(edit, {maxLength: 14}),
  target: fc.array(edit, {maxLength: 8}),
  later: fc.array(edit, {maxLength: 8}),
  meanwhile: fc.array(edit, {maxLength: 5}),
});

function makeMirror(rules: NamingRules, {source, target}: Story): ModelMirror {
  const mirror = {
    source: new ModelTree(POSIX),
    target: new ModelTree(rules),
    records: new Map(),
  };
  for (const one of source) applyEdit(mirror.source, one);
  for (const one of target) applyEdit(mirror.target, one);
  return mirror;
}

/** Copies that nobody may miss: each source file at the place of its record, or where the drive keeps its own. */
function assertInStep({source, target, records}: ModelMirror): void {
  for (const [one, file] of source.files) {
    if (isLeftOutOfSource(source, one)) continue;
    const record = records.get(one);
    if (record === undefined && isDriveRecord(one)) continue;
    if (record === undefined) throw new Error(`no record of ${one}`);
    const copy = target.files.get(record.target);
    if (isDriveRecord(one)) continue;
    if (copy?.content !== file.content) throw new Error(`${one} is not at ${record.target}`);
  }
  const places = [...records.values()].map((record) => record.target);
  if (new Set(places).size !== places.length) throw new Error('two records of one place');
  for (const one of records.keys()) if (!source.files.has(one)) throw new Error(`stale: ${one}`);
}

/** An archive folder without runs is the photographer's own. */
const isLeftOutOfSource = (source: ModelTree, one: string): boolean => {
  const [first = ''] = one.split('/');
  const isOwnArchive = /^_archive$/i.test(first) && source.folders.has(first);
  return isLeftOut(isOwnArchive ? `own/${one.slice(first.length + 1)}` : one);
};

for (const [label, rules] of [
  ['ext4', POSIX],
  ['exFAT', PORTABLE_RULES],
] as const) {
  test(`${label}: what a plan says makes the trees equal, and nothing is left to do`, async (t) => {
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        const mirror = makeMirror(rules, one);
        applyPlan(mirror, await planModel(mirror));
        assertInStep(mirror);
        for (const later of one.later) applyEdit(mirror.source, later);
        for (const later of one.meanwhile) applyEdit(mirror.target, later);
        applyPlan(mirror, await planModel(mirror));
        assertInStep(mirror);
        const last = await planModel(mirror);
        if (last.steps.length > 0) {
          throw new Error(JSON.stringify(last, (_key, v) => (typeof v === 'bigint' ? `${v}` : v)));
        }
        // The name of an empty folder comes free with the archiving of the file that had it.
        applyPlan(mirror, last);
        t.deepEqual((await planModel(mirror)).folders, []);
      }),
      {numRuns: 200},
    );
    t.pass();
  });

  test(`${label}: what neither the source nor a record knows is never touched`, async (t) => {
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        const mirror = makeMirror(rules, one);
        applyPlan(mirror, await planModel(mirror));
        for (const later of one.later) applyEdit(mirror.source, later);
        for (const later of one.meanwhile) applyEdit(mirror.target, later);
        const before = new Map(mirror.target.files);
        const recorded = new Set([...mirror.records.values()].map((record) => record.target));
        const plan = await planModel(mirror);
        const places = new Set(
          plan.steps.map((step) => ('target' in step ? step.target : step.record.target)),
        );
        const {archived} = applyPlan(mirror, plan);
        for (const one of archived) {
          if (!recorded.has(one) && !places.has(one)) throw new Error(`archived ${one}`);
        }
        for (const [path, file] of before) {
          const isTouched = mirror.target.files.get(path) !== file;
          if (isTouched && !recorded.has(path) && !places.has(path))
            throw new Error(`lost ${path}`);
        }
        for (const step of plan.steps) {
          if (step.kind === 'vanish' && mirror.source.files.has(step.record.path)) {
            if (!isLeftOutOfSource(mirror.source, step.record.path)) throw new Error('is there');
          }
        }
      }),
      {numRuns: 100},
    );
    t.pass();
  });

  test(`${label}: the order in which a disk lists its entries makes no difference`, async (t) => {
    await fc.assert(
      fc.asyncProperty(story, fc.nat(), async (one, seed) => {
        const mirror = makeMirror(rules, one);
        const plan = await planModel(mirror);
        const shuffle = <T>(entries: readonly T[]) =>
          [...entries]
            .map((entry, at) => ({entry, key: (at * 7919 + seed) % 101}))
            .sort((a, b) => a.key - b.key)
            .map(({entry}) => entry);
        t.deepEqual(await planModel({...mirror, shuffle}), plan);
      }),
      {numRuns: 100},
    );
  });

  test(`${label}: a clock or a time zone that shifts gives only checks`, async (t) => {
    const shift = fc.constantFrom(0n, 3_600_000_000_000n, -19_800_000_000_000n, 1_999_999_999n);
    await fc.assert(
      fc.asyncProperty(story, shift, shift, async (one, ofSource, ofTarget) => {
        const mirror = makeMirror(rules, one);
        applyPlan(mirror, await planModel(mirror));
        for (const file of mirror.source.files.values()) {
          file.mtimeNs += ofSource;
          file.changedNs += ofSource;
        }
        for (const file of mirror.target.files.values()) file.mtimeNs += ofTarget;
        const plan = await planModel(mirror);
        t.true(plan.steps.every((step) => step.kind === 'check' && step.standing !== null));
        t.deepEqual(plan.folders, []);
        const {archived} = applyPlan(mirror, plan);
        t.deepEqual(archived, []);
        t.is((await planModel(mirror)).steps.length, 0);
      }),
      {numRuns: 100},
    );
  });
}
