import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Files} from '../../src/system/files.ts';
import type {MediumMethod} from '../../src/system/medium.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {sealOffload} from '../../verify/seal-offload.ts';
import {
  below,
  type Call,
  failsAtCall,
  failsCalls,
  flipsLastByte,
  interceptCalls,
  type Method,
  recordsCalls,
  systemError,
} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';
import {hashOfText, reader} from './reader.ts';

const method: MediumMethod = {kind: 'cached', why: 'a test'};
const OFFLOAD = '20261122T190001Z-x3k9ab';
const ALL = ['W', 'B', 'C'];

/** A manifest that says SAFE only when all three destinations hold one. */
const manifestFor = (to: string, holders: ReadonlySet<string>) =>
  JSON.stringify({to, holders: [...holders], safe: ALL.every((one) => holders.has(one))});

interface Shoots {
  readonly root: string;
  readonly shootOf: (to: string) => string;
}

async function makeShoots(t: ExecutionContext): Promise<Shoots> {
  const root = await makeTemporaryFolder(t);
  const shootOf = (to: string) => join(root, to, 'Shoot');
  for (const to of ALL) await mkdir(join(shootOf(to), '_offload'), {recursive: true});
  return {root, shootOf};
}

const sealWith = (files: Files, {shootOf}: Shoots) =>
  sealOffload({
    reader: reader(files),
    offload: OFFLOAD,
    holders: ALL.map((to) => ({to, shoot: shootOf(to), method})),
    listFor: (to) => `${'a'.repeat(64)}  ${to}.JPG\n`,
    manifestFor,
  });

interface Record {
  readonly to: string;
  readonly safe: boolean;
}

/** The manifests that lie under their final names, whatever the run said of them. */
async function readManifests({shootOf}: Shoots): Promise<readonly Record[]> {
  const found: Record[] = [];
  for (const to of ALL) {
    for (const name of await readdir(join(shootOf(to), '_offload'))) {
      if (!name.endsWith('.json')) continue;
      const {safe} = JSON.parse(await readFile(join(shootOf(to), '_offload', name), 'utf8'));
      found.push({to, safe});
    }
  }
  return found;
}

const listRecords = ({shootOf}: Shoots, to: string) => readdir(join(shootOf(to), '_offload'));

test('every destination gets manifest and list, and each says SAFE', async (t) => {
  const shoots = await makeShoots(t);
  const {sealed, failures} = await sealWith(realFiles, shoots);
  t.deepEqual(failures, []);
  t.deepEqual(
    sealed,
    ALL.map((to) => ({
      to,
      manifest: join(shoots.shootOf(to), '_offload', `${OFFLOAD}.json`),
      checksums: join(shoots.shootOf(to), '_offload', `${OFFLOAD}.b3`),
      hash: hashOfText(manifestFor(to, new Set(ALL))),
    })),
  );
  t.deepEqual(
    await readManifests(shoots),
    ALL.map((to) => ({to, safe: true})),
  );
  for (const to of ALL) {
    t.deepEqual(await listRecords(shoots, to), [`${OFFLOAD}.b3`, `${OFFLOAD}.json`]);
  }
});

test('no name is given before the last record is read back', async (t) => {
  const shoots = await makeShoots(t);
  const calls: Call[] = [];
  await sealWith(recordsCalls(realFiles, calls), shoots);
  const methods = calls.map((call) => call.method);
  t.true(methods.lastIndexOf('read') < methods.indexOf('replace'));
  t.is(methods.filter((one) => one === 'replace').length, 2 * ALL.length);
});

const STAGING: readonly Method[] = ['createFile', 'write', 'sync', 'read', 'openToRead'];
const PUBLISHING: readonly Method[] = ['replace', 'syncFolder'];

for (const broken of ALL) {
  for (const failing of [...STAGING, ...PUBLISHING]) {
    test(`${broken} fails at ${failing}: no other says SAFE, the others say that it is missing`, async (t) => {
      const shoots = await makeShoots(t);
      const files = failsCalls(realFiles, [failing], below(shoots.shootOf(broken)), 'EIO');
      const {sealed, failures} = await sealWith(files, shoots);
      const others = ALL.filter((to) => to !== broken);
      t.deepEqual(
        sealed.map(({to}) => to),
        others,
      );
      t.deepEqual(
        failures.map(({to, cause}) => [to, cause.code]),
        [[broken, 'EIO']],
      );
      t.deepEqual(
        await readManifests(shoots),
        others.map((to) => ({to, safe: false})),
      );
      for (const to of ALL) {
        const left = (await listRecords(shoots, to)).filter((name) => name.startsWith('.'));
        t.deepEqual(left, [], 'nothing temporary is left');
      }
    });
  }
}

for (const broken of ALL) {
  test(`${broken} goes right behind the naming: the record that cannot be taken back is told`, async (t) => {
    const shoots = await makeShoots(t);
    const isThere = below(shoots.shootOf(broken));
    let named = 0;
    const files = interceptCalls(realFiles, async (call, proceed) => {
      if (call.method === 'syncFolder' && isThere(call.path)) named += 1;
      if (named === 2 && isThere(call.path)) throw systemError('ENODEV', call);
      return await proceed();
    });
    const {failures, standing} = await sealWith(files, shoots);
    t.deepEqual(
      failures.map(({to, cause}) => [to, cause.code]),
      [[broken, 'ENODEV']],
    );
    const manifest = join(shoots.shootOf(broken), '_offload', `${OFFLOAD}.json`);
    t.deepEqual(
      standing.map(({code, path}) => [code, path]),
      [['record-stands', manifest]],
    );
    t.deepEqual(
      await readManifests(shoots),
      ALL.map((to) => ({to, safe: to === broken})),
    );
  });
}

test('a destination that gives other bytes back is taken out', async (t) => {
  const shoots = await makeShoots(t);
  const {failures} = await sealWith(flipsLastByte(realFiles, below(shoots.shootOf('B'))), shoots);
  t.deepEqual(
    failures.map(({to, cause}) => [to, cause.code]),
    [['B', 'record-mismatch']],
  );
  t.deepEqual(await readManifests(shoots), [
    {to: 'W', safe: false},
    {to: 'C', safe: false},
  ]);
});

test('one that fails at naming, and the next in the second round: nothing says SAFE', async (t) => {
  const shoots = await makeShoots(t);
  const lastFails = failsCalls(realFiles, ['replace'], below(shoots.shootOf('C')), 'EIO');
  // W could stage its first record, and can stage no second one: what it was given first must not stay.
  let staged = 0;
  const files = interceptCalls(lastFails, async (call, proceed) => {
    const isOnW = call.method === 'createFile' && below(shoots.shootOf('W'))(call.path);
    if (isOnW && ++staged > 2) throw Object.assign(new Error('ENOSPC'), {code: 'ENOSPC'});
    return await proceed();
  });
  const {sealed, failures} = await sealWith(files, shoots);
  t.deepEqual(
    failures.map(({to, cause}) => [to, cause.code]),
    [
      ['C', 'EIO'],
      ['W', 'ENOSPC'],
    ],
  );
  t.deepEqual(
    sealed.map(({to}) => to),
    ['B'],
  );
  t.deepEqual(await readManifests(shoots), [{to: 'B', safe: false}]);
});

test('any one call that fails: what says SAFE lies on all, or on none', async (t) => {
  const counted: Call[] = [];
  await sealWith(recordsCalls(realFiles, counted), await makeShoots(t));
  // A call to close that fails here would leave the file open.
  const canFail = ({method}: Call) => method !== 'close';
  const calls = counted.filter(canFail);
  t.true(calls.length > 50);
  for (let n = 1; n <= calls.length; n++) {
    const shoots = await makeShoots(t);
    const {sealed} = await sealWith(failsAtCall(realFiles, n, 'EIO', canFail), shoots);
    const safe = (await readManifests(shoots)).filter((one) => one.safe);
    const isWhole = sealed.length === ALL.length;
    if (safe.length !== (isWhole ? ALL.length : 0)) {
      return t.fail(`call ${n} (${calls[n - 1]?.method}): ${safe.map(({to}) => to)} say SAFE`);
    }
  }
});

test('all fail: nothing is sealed', async (t) => {
  const shoots = await makeShoots(t);
  const {sealed, failures} = await sealWith(
    failsCalls(realFiles, ['createFile'], () => true, 'EROFS'),
    shoots,
  );
  t.deepEqual(sealed, []);
  t.is(failures.length, 3);
  t.deepEqual(await readManifests(shoots), []);
});

test('an older record of the same offload is replaced, or stays where the new one cannot be written', async (t) => {
  const shoots = await makeShoots(t);
  for (const to of ALL) {
    const older = JSON.stringify({to, safe: false, from: 'an earlier run'});
    await writeFile(join(shoots.shootOf(to), '_offload', `${OFFLOAD}.json`), older);
  }
  await sealWith(failsCalls(realFiles, ['write'], below(shoots.shootOf('B')), 'ENOSPC'), shoots);
  const texts = await Promise.all(
    ALL.map((to) => readFile(join(shoots.shootOf(to), '_offload', `${OFFLOAD}.json`), 'utf8')),
  );
  t.deepEqual(
    texts.map((text) => text.includes('an earlier run')),
    [false, true, false],
  );
});
