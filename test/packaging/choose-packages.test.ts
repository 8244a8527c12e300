import {readFile} from 'node:fs/promises';
import test from 'ava';
import {choosePackages, ROOTS} from '../../packaging/choose-packages.ts';
import {findTarget, TARGETS} from '../../packaging/targets.ts';

const ROOT = new URL('../../', import.meta.url);
const readText = (path: string) => readFile(new URL(path, ROOT), 'utf8');

const LINUX = {os: 'linux', cpu: 'x64', libc: 'glibc'} as const;

/** A lock file in which every root is there and needs nothing. */
function makeLock(packages: Readonly<Record<string, object>>): unknown {
  const known = {version: '1.0.0', integrity: 'sha512-x', license: 'MIT'};
  const roots = ROOTS.map((name) => [`node_modules/${name}`, known] as const);
  const more = Object.entries(packages).map(([place, one]) => [place, {...known, ...one}] as const);
  return {packages: Object.fromEntries([...roots, ...more])};
}

const places = (lock: unknown) =>
  choosePackages(lock, LINUX)
    .map(({place}) => place.slice('node_modules/'.length))
    .filter((place) => !ROOTS.includes(place));

const PREBUILT: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': ['linux-x64-gnu', 'sharp-linux-x64', 'sharp-libvips-linux-x64', 'vendored.pl'],
  'linux-arm64': [
    'linux-arm64-gnu',
    'sharp-linux-arm64',
    'sharp-libvips-linux-arm64',
    'vendored.pl',
  ],
  'macos-arm64': [
    'hash-darwin-arm64',
    'sharp-darwin-arm64',
    'sharp-libvips-darwin-arm64',
    'vendored.pl',
  ],
  'macos-x64': ['hash-darwin-x64', 'sharp-darwin-x64', 'sharp-libvips-darwin-x64', 'vendored.pl'],
  'windows-x64': ['win32-x64-msvc', 'sharp-win32-x64', 'vendored.exe'],
};

for (const target of TARGETS) {
  test(`${target.name} gets the prebuilt parts of its own system only`, async (t) => {
    const lock: unknown = JSON.parse(await readText('package-lock.json'));
    const names = choosePackages(lock, target).map(({name}) => name);
    const prebuilt = names.filter((name) => /^@img\/sharp|blake-hash-|\.(?:pl|exe)$/.test(name));
    const wanted = PREBUILT[target.name] ?? [];
    t.is(prebuilt.length, wanted.length, prebuilt.join(' '));
    for (const end of wanted) t.true(prebuilt.some((name) => name.endsWith(end)));
    for (const name of ['drivelist', 'prebuild-install', 'node-addon-api', 'ava', 'ink'])
      t.false(names.includes(name), name);
  });
}

test('the roots are what the built program loads from packages', async (t) => {
  const external = /external: \[([^\]]*)\]/.exec(await readText('build.mjs'))?.[1] ?? '';
  const names = [...external.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  t.deepEqual(names.filter((name) => name !== 'drivelist').sort(), [...ROOTS].sort());
});

test('a package is found where Node would find it', (t) => {
  const lock = makeLock({
    'node_modules/sharp': {dependencies: {a: '1'}},
    'node_modules/a': {dependencies: {b: '1'}},
    'node_modules/a/node_modules/b': {dependencies: {c: '1'}},
    'node_modules/b': {dependencies: {unused: '1'}},
    'node_modules/c': {dependencies: {a: '1'}},
    'node_modules/unused': {},
  });
  t.deepEqual(places(lock), ['a', 'a/node_modules/b', 'c']);
});

test('what is optional may be missing or for another system', (t) => {
  const lock = makeLock({
    'node_modules/sharp': {optionalDependencies: {a: '1', b: '1', c: '1', d: '1', gone: '1'}},
    'node_modules/a': {os: ['darwin']},
    'node_modules/b': {os: ['!win32']},
    'node_modules/c': {os: ['!linux']},
    'node_modules/d': {os: ['linux'], cpu: ['x64'], libc: ['musl']},
  });
  t.deepEqual(places(lock), ['b']);
});

test('what must be there and is not ends it', (t) => {
  const lock = makeLock({'node_modules/sharp': {dependencies: {a: '1'}}});
  t.throws(() => places(lock), {message: /no a, which node_modules\/sharp needs/});
  const foreign = makeLock({
    'node_modules/sharp': {dependencies: {a: '1'}},
    'node_modules/a': {os: ['win32']},
  });
  t.throws(() => places(foreign), {message: /a is not made for linux x64/});
  const unsigned = makeLock({'node_modules/sharp': {integrity: undefined}});
  t.throws(() => places(unsigned), {message: /no integrity of sharp/});
});

test('an unknown target is answered with those there are', (t) => {
  t.throws(() => findTarget('amiga'), {message: /linux-x64, .*windows-x64/});
});
