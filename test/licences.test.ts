/** Every package that comes with the program has a licence that somebody thought about. Asks no registry. */
import {access, readFile} from 'node:fs/promises';
import test from 'ava';
import {isAllowed} from '../docs/licences/judge-licence.ts';
import {checkLicences} from '../docs/licences/list-licences.ts';
import {inProject, listPackages, readLock} from '../docs/licences/lock-file.ts';

test('all licences are allowed, and their page and texts are up to date', async (t) => {
  t.deepEqual(await checkLicences(), []);
});

test('the page lists the packages of all platforms, and none that only develops the program', async (t) => {
  const names = listPackages(await readLock()).map(({name}) => name);
  for (const name of ['ink', 'sharp', 'drivelist', 'exiftool-vendored.pl', 'exiftool-vendored.exe'])
    t.true(names.includes(name), name);
  for (const os of ['win32-x64', 'darwin-arm64', 'linux-x64'])
    t.true(
      names.some((name) => name.startsWith(`@img/sharp-${os}`)),
      os,
    );
  for (const name of ['ava', 'typescript', 'fast-check', '@biomejs/biome'])
    t.false(names.includes(name), name);
});

test('what the lock file says of a licence is what the installed package says', async (t) => {
  let seen = 0;
  for (const {name, place, licence, version} of listPackages(await readLock())) {
    const path = inProject(`${place}/package.json`);
    const isInstalled = await access(path).then(
      () => true,
      () => false,
    );
    if (!isInstalled) continue;
    seen += 1;
    const own: unknown = JSON.parse(await readFile(path, 'utf8'));
    t.like(own, {version, license: licence}, name);
  }
  t.true(seen > 50);
});

const verdicts: ReadonlyArray<readonly [name: string, licence: string, allowed: boolean]> = [
  ['a', 'MIT', true],
  ['a', '(MIT OR WTFPL)', true],
  ['a', 'WTFPL OR (GPL-3.0-only AND MIT)', false],
  ['a', 'WTFPL OR (0BSD AND MIT)', true],
  ['a', 'MIT AND GPL-2.0-only', false],
  ['a', 'GPL-3.0-or-later', false],
  ['a', 'LGPL-3.0-or-later', false],
  ['@img/sharp-win32-x64', 'Apache-2.0 AND LGPL-3.0-or-later', true],
  ['exiftool-vendored.pl', 'MIT', true],
  ['a', 'Apache-2.0 WITH LLVM-exception', false],
  ['a', 'SEE LICENSE IN LICENSE.md', false],
  ['a', 'UNLICENSED', false],
  ['a', 'unknown', false],
  ['a', '(MIT', false],
  ['a', '', false],
];
for (const [name, licence, allowed] of verdicts) {
  test(`${JSON.stringify(licence)} of ${name} is ${allowed ? 'allowed' : 'refused'}`, (t) => {
    t.is(isAllowed({name, licence}), allowed);
  });
}
