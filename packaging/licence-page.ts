/** Tells of every part of an archive whose it is, and where the text of its licence lies. */
import {licenceOf} from '../docs/licences/judge-licence.ts';
import type {ChosenPackage} from './choose-packages.ts';
import type {Tarball} from './targets.ts';

export interface Part extends Pick<ChosenPackage, 'name' | 'version' | 'place' | 'licence'> {
  /** Files with its licence, from the package's folder. */
  readonly texts: readonly string[];
}

/** @returns `licences/README.md`. */
export function renderLicencePage(parts: readonly Part[], runtime: Tarball): string {
  const rows = parts.map((part) => {
    const texts = part.texts.map((text) => `app/${part.place}/${text}`).join(', ');
    return `| ${part.name} | ${part.version} | ${licenceOf(part)} | ${texts || 'see below'} |`;
  });
  return `# Licences of what lies in this archive

The program itself: MIT, app/LICENSE. The texts of what is built into app/dist: notices.txt.

| part | version | licence | text |
| --- | --- | --- | --- |
| Node.js (npm package ${runtime.name}) | ${runtime.version} | MIT, and those of what it holds | licences/node.txt |
${rows.join('\n')}

A prebuilt part without a text of its own is under the licence of the package that loads it (@napi-rs/blake-hash-* under that of @napi-rs/blake-hash), or under one of these:

- **LGPL-3.0-or-later** (libvips and libraries in it: @img/sharp-libvips-*, on Windows in @img/sharp-win32-x64): lgpl-3.0.txt with gpl-3.0.txt. They are shared libraries in files of their own, unchanged; another build of them may
  be put in their place. Their source, and how it is built: https://github.com/lovell/sharp-libvips, by the versions in versions.json beside them.
- **Artistic-1.0-Perl or GPL** (exiftool, on Windows with a Perl): artistic-1.0.txt or gpl-3.0.txt. It is run as a program of its own, unchanged; its source is what lies there.
`;
}
