import {createHash} from 'node:crypto';
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import {gzipSync} from 'node:zlib';
import test, {type ExecutionContext} from 'ava';
import {ROOTS} from '../../packaging/choose-packages.ts';
import {NotFetched} from '../../packaging/fetch-tarballs.ts';
import {makeArchive} from '../../packaging/make-archive.ts';
import {readTarball} from '../../packaging/read-tarball.ts';
import type {Tarball, Target} from '../../packaging/targets.ts';
import {writeTar} from '../../packaging/write-tar.ts';

/** The head of a 64-bit ELF binary (elf.h): 62 is x64, 183 is arm64. */
function makeBinary(machine: number): Buffer {
  const head = Buffer.alloc(128);
  head.write('\x7fELF', 'latin1');
  head.writeUInt16LE(machine, 18);
  return head;
}

interface Project {
  readonly project: string;
  readonly cache: string;
  readonly into: string;
  readonly target: Target;
}

/** A project with made packages, all of them in the cache already. */
async function makeProject(
  t: ExecutionContext,
  more: Readonly<Record<string, Buffer>> = {},
): Promise<Project> {
  const top = await mkdtemp(join(tmpdir(), 'offload-package-'));
  t.teardown(() => rm(top, {recursive: true}));
  const [project, cache, into] = [join(top, 'project'), join(top, 'cache'), join(top, 'out')];
  await mkdir(cache);
  const add = async (name: string, files: Readonly<Record<string, Buffer>>): Promise<Tarball> => {
    const packed = Object.entries(files).map(([path, bytes]) => ({
      path: `package/${path}`,
      bytes,
      isProgram: path.startsWith('bin/'),
    }));
    const tarball = gzipSync(await buffer(writeTar(packed)));
    const file = `${name.replace('@', '').replace('/', '-')}-1.0.0.tgz`;
    await writeFile(join(cache, file), tarball);
    const hash = createHash('sha512').update(tarball).digest('base64');
    return {name, version: '1.0.0', integrity: `sha512-${hash}`};
  };
  const text = (line: string) => Buffer.from(`${line}\n`);
  const packages: Record<string, object> = {};
  for (const name of ROOTS) {
    const files = {'package.json': text('{}'), LICENSE: text(`of ${name}`), ...more};
    packages[`node_modules/${name}`] = {...(await add(name, files)), license: 'MIT'};
  }
  const runtime = await add('runtime', {'bin/node': makeBinary(62), 'bin/npm': text('npm')});
  const runtimeLicence = await add('licence', {LICENSE: text('of Node')});
  const files: Readonly<Record<string, string>> = {
    'package.json': '{"name": "offload", "version": "9.8.7", "license": "MIT", "scripts": {}}',
    'package-lock.json': JSON.stringify({packages}),
    LICENSE: 'MIT',
    'bin/offload.cjs': 'start',
    'dist/src/cli.js': 'program',
    'docs/backup.md': 'page',
    'docs/licences/notices.txt': 'notices',
    'packaging/texts/lgpl-3.0.txt': 'lgpl',
    'packaging/texts/gpl-3.0.txt': 'gpl',
    'packaging/texts/artistic-1.0.txt': 'artistic',
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(project, path)), {recursive: true});
    await writeFile(join(project, path), content);
  }
  const target: Target = {
    name: 'linux-x64',
    os: 'linux',
    cpu: 'x64',
    libc: 'glibc',
    form: 'tar.gz',
    runtime,
    runtimeProgram: 'bin/node',
    runtimeLicence,
  };
  return {project, cache, into, target};
}

test('an archive holds launcher, runtime, program, packages and every licence, and is the same each time', async (t) => {
  const {target, ...places} = await makeProject(t);
  const archive = await makeArchive(target, places);
  const bytes = await readFile(archive.path);
  t.is(archive.folder, 'offload-9.8.7-linux-x64');
  t.is(archive.sha256, createHash('sha256').update(bytes).digest('hex'));
  t.is(archive.bytes, bytes.length);
  const files = readTarball(bytes);
  t.is(files.length, archive.files);
  t.deepEqual(
    files.filter(({isProgram}) => isProgram).map(({path}) => path),
    ['offload', 'runtime/node'],
  );
  const paths = files.map(({path}) => path);
  for (const path of [
    'README.txt',
    'app/LICENSE',
    'app/bin/offload.cjs',
    'app/dist/src/cli.js',
    'app/node_modules/@napi-rs/blake-hash/LICENSE',
    'app/package.json',
    'docs/backup.md',
    'licences/README.md',
    'licences/lgpl-3.0.txt',
    'licences/node.txt',
    'licences/notices.txt',
  ])
    t.true(paths.includes(path), path);
  const page = files.find(({path}) => path === 'licences/README.md');
  for (const name of ROOTS)
    t.true(Buffer.from(page?.bytes ?? []).includes(`app/node_modules/${name}/LICENSE`), name);

  const again = await makeArchive(target, {...places, into: `${places.into}-2`});
  t.is(again.sha256, archive.sha256);
  t.deepEqual(await readdir(places.into), ['offload-9.8.7-linux-x64.tar.gz']);
});

test('a part for another processor ends it, and nothing is left', async (t) => {
  const {target, ...places} = await makeProject(t, {'lib/part.node': makeBinary(183)});
  await t.throwsAsync(makeArchive(target, places), {
    message: /is for linux arm64, not for linux x64/,
  });
  t.deepEqual(await readdir(places.into), []);
});

test('two names that one drive holds as one end it', async (t) => {
  const twins = {'lib/a.js': Buffer.from('a'), 'lib/A.js': Buffer.from('A')};
  const {target, ...places} = await makeProject(t, twins);
  await t.throwsAsync(makeArchive(target, places), {message: /stands twice/});
});

test('a fetched archive that was changed is not used: it is fetched again, or nothing is made', async (t) => {
  const {target, ...places} = await makeProject(t);
  // Nobody listens there.
  process.env.npm_config_registry = 'http://127.0.0.1:9/';
  process.env.npm_config_fetch_retries = '0';
  const path = join(places.cache, 'sharp-1.0.0.tgz');
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  await writeFile(path, bytes);
  const error = await t.throwsAsync(makeArchive(target, places), {instanceOf: NotFetched});
  t.regex(error?.message ?? '', /^sharp@1\.0\.0 could not be fetched/);
  t.deepEqual(await readdir(places.into), []);
});
