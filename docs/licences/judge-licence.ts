/** Which licences may come with the program, and what they ask for. */
import type {Package} from './lock-file.ts';

/** Licences that ask for no more than their text and the names of the authors (SPDX identifiers, spdx.org/licenses). */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** Licences that ask for more: allowed where it was thought about. `docs/licences.md` says what they ask for. */
const ALLOWED_IN: ReadonlyArray<readonly [licence: string, names: RegExp]> = [
  ['LGPL-3.0-or-later', /^@img\/sharp-/],
  ['Artistic-1.0-Perl', /^exiftool-vendored\.(?:pl|exe)$/],
];

/** Packages that carry more than their own licence tells. */
const CARRIED: ReadonlyArray<readonly [names: RegExp, licence: string]> = [
  // Its LICENSE: "under the same terms as Perl itself", and MIT for the packaging.
  [/^exiftool-vendored\.(?:pl|exe)$/, 'MIT AND (Artistic-1.0-Perl OR GPL-1.0-or-later)'],
];

/** @returns the licence of a package with that of what it carries. */
export function licenceOf({name, licence}: Pick<Package, 'name' | 'licence'>): string {
  return CARRIED.find(([names]) => names.test(name))?.[1] ?? licence;
}

/** True when the package may come with the program: of an OR one side must be allowed, of an AND both. */
export function isAllowed(one: Pick<Package, 'name' | 'licence'>): boolean {
  const tokens = licenceOf(one).match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const readOne = (): boolean => {
    const token = tokens[at++];
    if (token !== '(') return token !== undefined && isLicenceAllowed(token, one.name);
    const inside = readAny();
    return tokens[at++] === ')' && inside;
  };
  const readAll = (): boolean => {
    let all = readOne();
    while (tokens[at] === 'AND') {
      at += 1;
      all = readOne() && all;
    }
    return all;
  };
  const readAny = (): boolean => {
    let any = readAll();
    while (tokens[at] === 'OR') {
      at += 1;
      any = readAll() || any;
    }
    return any;
  };
  const allowed = readAny();
  // What stands behind the expression is nothing that is known: an exception (`WITH`), a mistake.
  return allowed && at === tokens.length;
}

function isLicenceAllowed(licence: string, name: string): boolean {
  return (
    ALLOWED.has(licence) ||
    ALLOWED_IN.some(([asked, names]) => asked === licence && names.test(name))
  );
}
