import {licenceOf} from './judge-licence.ts';
import type {Package} from './lock-file.ts';

/** @returns the text of `docs/licences.md`. */
export function renderLicences(packages: readonly Package[]): string {
  const scripts = packages.filter(({hasInstallScript}) => hasInstallScript);
  const counts = new Map<string, number>();
  for (const one of packages) counts.set(licenceOf(one), (counts.get(licenceOf(one)) ?? 0) + 1);
  const kinds = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return `# Licences

Written by \`npm run licences\` from \`package-lock.json\`; \`npm run licences -- --check\` fails when this page is out of date or when a package has a licence that nobody thought about, and so does
\`npm test\`. The program itself is under the [MIT licence](../LICENSE).

${packages.length} packages come with it, directly or by others, on one platform or another:

| licence | packages |
| --- | --- |
${kinds.map(([licence, count]) => `| ${licence} | ${count} |`).join('\n')}

## What they ask for

- MIT, ISC, BSD, Apache-2.0: their text and the names of their authors stay with copies. Installed by npm each package brings its own. The built program in \`dist/\` holds the code of some of
  them; their texts are in [licences/notices.txt](licences/notices.txt), which is packed with it.
- **LGPL-3.0-or-later**: libvips and libraries in it, which decode thumbnails for the terminal UI. They come as shared libraries in packages of their own (\`@img/sharp-libvips-*\`), which npm installs unchanged and
  which a user can replace; on Windows and as WebAssembly they lie in one package with sharp. Whoever hands the program on in one piece (an installer, a single file) must hand on their licence and where their source is
  (https://github.com/lovell/sharp-libvips), and must leave the user a way to put another build of them in their place: a single executable that holds them is not enough. The program works without them: it shows no thumbnails then.
- **Artistic-1.0-Perl or GPL**: exiftool, which reads metadata. It is run as a program of its own, unchanged and not linked with this one; its source is what is installed. Whoever hands it on hands on its licence. On Windows the package
  also holds a Perl under the same terms. The program works without it: shoots are named by the files' dates then.

## Install scripts

${scripts.map(({name}) => `\`${name}\``).join(', ')} have one. None is needed: all that the program loads from them is in their packages, ready built, or can be done without (\`npm install --ignore-scripts\`; a rig in \`test/rigs\` holds
it). Without \`drivelist\` the program asks the platform's own tools alone.

## All packages

Packages marked with * are installed only where they fit.

| package | version | licence |
| --- | --- | --- |
${packages.map((one) => `| ${one.name}${one.isOptional ? ' *' : ''} | ${one.version} | ${licenceOf(one)} |`).join('\n')}
`;
}

interface Notice {
  readonly names: readonly string[];
  readonly text: string;
}

/** @returns the text of `docs/licences/notices.txt`: each licence text once, with the packages that have it. */
export function renderNotices(texts: ReadonlyMap<string, string>): string {
  const notices = new Map<string, Notice>();
  for (const [name, text] of texts) {
    const key = text.replace(/\s+/g, ' ').trim();
    const known = notices.get(key);
    notices.set(key, {names: [...(known?.names ?? []), name], text: known?.text ?? text.trim()});
  }
  const line = '-'.repeat(80);
  const parts = [...notices.values()].map(({names, text}) => `${names.join('\n')}\n\n${text}\n`);
  return `Texts of the licences of packages whose code is, or may be, in the built program.\n\n${line}\n${parts.join(`\n${line}\n`)}`;
}
