import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {matchGlobs} from '../../src/backup/glob-matcher.ts';
import {planMirror} from '../../src/backup/plan-mirror.ts';
import {PORTABLE_RULES} from '../../src/core/safe-names.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {
  applyPlan,
  inSource,
  inTarget,
  type ModelMirror,
  ModelTree,
  planModel,
} from '../helpers/model-trees.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

/** A mirror in step, with these files of the source. */
async function inStep(files: Readonly<Record<string, string>>): Promise<ModelMirror> {
  const mirror = {
    source: new ModelTree(PORTABLE_RULES),
    target: new ModelTree(PORTABLE_RULES),
    records: new Map(),
  };
  for (const [path, content] of Object.entries(files)) mirror.source.write(path, content);
  applyPlan(mirror, await planModel(mirror));
  return mirror;
}

for (const side of [inSource, inTarget]) {
  test(`a folder that cannot be listed leaves all below it as it is: ${side('a')}`, async (t) => {
    const mirror = await inStep({'a/x': '1', 'a/b/y': '2', 'a-b/z': '3', c: '4'});
    mirror.source.removeFolder('a/b');
    mirror.source.files.delete('a-b/z');
    const plan = await planModel({...mirror, unreadable: new Set([side('a')])});
    t.deepEqual(
      plan.steps.map((step) => step.kind === 'vanish' && step.record.path),
      ['a-b/z'],
    );
    t.deepEqual(plan.emptied, []);
    t.is(plan.unreadable[0]?.path, side('a'));
    t.is(plan.unreadable[0]?.code, 'EACCES');
    t.is(plan.records, 4);
  });
}

test('what a filter leaves out now stays on the target and in the state', async (t) => {
  const mirror = await inStep({'a/x.tmp': '1', 'cache/y': '2', 'cache/deep/z': '3', k: '4'});
  mirror.target.write('cache/stranger', '');
  const matched = matchGlobs(['*.tmp', 'cache/']);
  if (!matched.ok) throw new Error(matched.cause.message);
  const plan = await planModel({...mirror, leaveOut: matched.value});
  t.deepEqual(plan.steps, []);
  t.is(plan.strangers, 0);
  t.is(plan.files, 1);
  t.deepEqual(
    plan.leftOut,
    [
      {path: 'a/x.tmp', rule: 'filter'},
      {path: 'cache', rule: 'filter'},
    ].sort((a, b) => (a.path < b.path ? 1 : -1)),
  );
  mirror.source.removeFolder('cache');
  mirror.source.files.delete('a/x.tmp');
  t.deepEqual((await planModel({...mirror, leaveOut: matched.value})).steps, []);
});

test('a new file knows which vanished ones it may have been', async (t) => {
  const mirror = await inStep({'a/x': 'one', 'a/y': 'two', 'a/z': 'other'});
  mirror.source.removeFolder('a');
  mirror.source.write('b/x', 'one');
  mirror.source.write('b/new', 'length');
  const plan = await planModel(mirror);
  const copies = plan.steps.flatMap((step) =>
    step.kind === 'copy' ? [[step.file.path, step.vanished.map(({path}) => path)]] : [],
  );
  t.deepEqual(copies, [
    ['b/new', []],
    ['b/x', ['a/x', 'a/y']],
  ]);
  t.deepEqual(plan.emptied, ['a']);
  t.deepEqual(plan.folders, ['b']);
  t.deepEqual(applyPlan(mirror, plan).archived, ['a/y', 'a/z']);
});

test('the records of a drive differ on purpose', async (t) => {
  const mirror = await inStep({});
  mirror.source.write('s/_offload/1.json', 'W and B');
  mirror.source.write('s/_offload/2.json', 'W');
  mirror.source.write('s/c/ascmhl/0001.mhl', 'W');
  mirror.target.write('s/_offload/1.json', 'B and W!');
  mirror.target.write('s/c/ascmhl/0001.mhl', 'B..');
  const plan = await planModel(mirror);
  t.deepEqual(
    plan.steps.map((step) => step.kind === 'copy' && step.target),
    ['s/_offload/2.json'],
  );
  t.is(plan.unchanged, 2);
  applyPlan(mirror, plan);
  mirror.target.write('s/_offload/2.json', 'written over by an offload');
  t.deepEqual((await planModel(mirror)).steps, []);
  mirror.source.removeFolder('s');
  const last = await planModel(mirror);
  t.deepEqual(
    last.steps.map((step) => step.kind === 'vanish' && step.standing),
    [null],
  );
});

test('an emptied source has no file, and all of its records', async (t) => {
  const mirror = await inStep({'a/x': '1', y: '2'});
  mirror.source.removeFolder('a');
  mirror.source.files.delete('y');
  const plan = await planModel(mirror);
  t.is(plan.files, 0);
  t.is(plan.records, 2);
});

test('real folders: links are told, own things and the archive are not looked into', async (t) => {
  const source = await makeTemporaryFolder(t);
  const target = await makeTemporaryFolder(t);
  await mkdir(join(source, 'a'));
  await writeFile(join(source, 'a', 'x.jpg'), 'x');
  await writeFile(join(source, '.DS_Store'), '');
  await writeFile(join(source, '.offload-volume.json'), '{}');
  await symlink('a', join(source, 'link'));
  await mkdir(join(source, '_archive', '20261123T141500Z-aaaaaa'), {recursive: true});
  await mkdir(join(target, '_archive', '20261123T141500Z-aaaaaa'), {recursive: true});
  await writeFile(join(target, '_archive', 'old'), '');
  await writeFile(join(target, 'stranger'), '');
  let looked = 0;
  const setting = {
    files: realFiles,
    source,
    target,
    rules: PORTABLE_RULES,
    leaveOut: () => false,
    state: null,
    onLook: (count: number) => {
      looked = count;
    },
  };
  const plan = await planMirror({...setting, signal: new AbortController().signal});
  t.deepEqual(plan.leftOut, [
    {path: '.DS_Store', rule: '.DS_Store'},
    {path: '.offload-volume.json', rule: '.offload-*'},
    {path: '_archive', rule: '_archive'},
    {path: 'link', rule: 'link'},
  ]);
  t.deepEqual(plan.folders, ['a']);
  t.deepEqual(
    plan.steps.map((step) => step.kind),
    ['copy'],
  );
  t.deepEqual([plan.strangers, plan.files, plan.bytes, looked], [1, 1, 1, 1]);
  const none = await planMirror({
    ...setting,
    target: join(target, 'none'),
    signal: new AbortController().signal,
  });
  t.deepEqual([none.unreadable, none.steps.length], [[], 1]);
  const stopped = planMirror({...setting, signal: AbortSignal.abort(new Error('stop'))});
  await t.throwsAsync(stopped, {message: 'stop'});
});

test('a copy that got other capitals on a drive that does not tell them apart is found again', async (t) => {
  const mirror = await inStep({'a/x.jpg': '1'});
  const copy = mirror.target.files.get('a/x.jpg');
  if (copy === undefined) throw new Error('no copy');
  mirror.target.files.delete('a/x.jpg');
  mirror.target.files.set('a/X.JPG', copy);
  const plan = await planModel(mirror);
  t.deepEqual(
    plan.steps.map((step) => step.kind),
    ['adopt'],
  );
  t.deepEqual(applyPlan(mirror, plan).archived, []);
  t.deepEqual((await planModel(mirror)).steps, []);
});
