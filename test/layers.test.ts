import {readdir, readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {findFaults, findImports, type SourceFile} from './helpers/house-rules.ts';

const ROOT = new URL('../', import.meta.url);

async function readSources(): Promise<readonly SourceFile[]> {
  const sources: SourceFile[] = [];
  for (const folder of ['src', 'components', 'verify']) {
    const names = await readdir(fileURLToPath(new URL(folder, ROOT)), {recursive: true});
    for (const name of names.filter((one) => /\.tsx?$/.test(one)).sort()) {
      const path = `${folder}/${name.replaceAll('\\', '/')}`;
      sources.push({path, text: await readFile(new URL(path, ROOT), 'utf8')});
    }
  }
  return sources;
}

test('no file of the project breaks a rule of the house', async (t) => {
  const sources = await readSources();
  t.true(sources.length > 100);
  t.deepEqual(sources.flatMap(findFaults), []);
});

test('the rules see the imports that are there', async (t) => {
  const sources = await readSources();
  for (const {path, text} of sources) {
    // Counted in another way: every line that ends in a path of the project.
    const lines = text.match(/(?:from|import) '\.{1,2}\/[^']+';$/gm)?.length ?? 0;
    const found = findImports(text).filter(({from}) => from.startsWith('.')).length;
    t.true(found >= lines, path);
  }
});

const good: ReadonlyArray<readonly [path: string, text: string]> = [
  ['src/core/a.ts', "import {b} from './b.ts';\nimport {z} from 'zod';"],
  ['src/core/volumes/a.ts', "import type {B} from '../b.ts';"],
  ['src/core/drive-paths.ts', "import {posix} from 'node:path';"],
  ['src/system/a.ts', "import * as fs from 'node:fs/promises';\nimport {b} from '../core/b.ts';"],
  ['src/catalog/a.ts', "import {b} from '../system/b.ts';"],
  ['src/engine/a.ts', "export {b} from '../system/b.ts';\nimport './c.ts';"],
  ['verify/a.ts', "import {b} from '../src/system/b.ts';\nimport {c} from './c.ts';"],
  ['src/output/a.ts', "import {b} from '../core/b.ts';"],
  [
    'src/commands/a/b.ts',
    "import {c} from '../../../verify/c.ts';\nimport {d} from '../../engine/d.ts';",
  ],
  [
    'components/a.tsx',
    "import type {Store} from '../src/output/store.ts';\nimport {Box} from 'ink';",
  ],
  [
    'src/cli.tsx',
    "import process from 'node:process';\nprocess.exit(1);\nawait import('./commands/a.ts');",
  ],
  ['src/system/a.ts', "const PACKAGE: string = 'drivelist';\nawait import(PACKAGE);"],
  // Words that only look like it.
  [
    'src/system/a.ts',
    "// console.log(process)\nconst text = 'process.exit()';\nthing.process; /exec(/.exec(text);",
  ],
  ['src/system/a.ts', 'const processes = `console`; /* shell: true */ subprocess(); x.exec(y);'],
  ['src/system/a.ts', "const quotes = /[\"'`]/g; // import {x} from '../engine/x.ts'"],
];
for (const [path, text] of good) {
  test(`may stand in ${path}: ${JSON.stringify(text)}`, (t) => {
    t.deepEqual(findFaults({path, text}), []);
  });
}

const bad: ReadonlyArray<readonly [path: string, text: string]> = [
  ['src/core/a.ts', "import {b} from '../system/b.ts';"],
  ['src/core/a.ts', "import type {B} from '../system/b.ts';"],
  ['src/core/a.ts', "import {\n  b,\n  c,\n} from '../catalog/b.ts';"],
  ['src/core/a.ts', "import {readFile} from 'node:fs/promises';"],
  ['src/core/a.ts', "import {join} from 'node:path';"],
  ['src/core/a.ts', "import React from 'react';"],
  ['src/core/volumes/a.ts', "import {b} from '../../system/b.ts';"],
  ['src/system/a.ts', "import {b} from '../engine/b.ts';"],
  ['src/system/a.ts', "import {b} from '../catalog/b.ts';"],
  ['src/system/a.ts', "export * from '../../verify/b.ts';"],
  ['src/catalog/a.ts', "import {b} from '../engine/b.ts';"],
  ['src/engine/a.ts', "import {judge} from '../../verify/verdict.ts';"],
  ['src/engine/a.ts', "import type {Sink} from '../output/sink.ts';"],
  ['src/engine/a.ts', "const {b} = await import('../output/b.ts');"],
  ['src/engine/a.ts', "type B = import('../backup/b.ts').B;"],
  ['src/engine/a.ts', "import {Box} from 'ink';"],
  ['verify/a.ts', "import {b} from '../src/engine/b.ts';"],
  ['verify/a.ts', "import type {B} from '../src/engine/b.ts';"],
  ['verify/a.ts', "import {b} from '../src/commands/b.ts';"],
  ['verify/a.ts', "import {b} from '../test/b.ts';"],
  ['src/backup/a.ts', "import {b} from '../engine/b.ts';"],
  ['src/output/a.ts', "import {b} from '../system/b.ts';"],
  ['src/output/a.ts', "import {useState} from 'react';"],
  ['src/commands/a.ts', "import {App} from '../../components/app.tsx';"],
  ['src/commands/a.ts', "import {run} from '../cli.tsx';"],
  ['components/a.tsx', "import {b} from '../src/engine/b.ts';"],
  ['components/a.tsx', "import {createStore} from '../src/output/store.ts';"],
  ['components/a.tsx', "import {type Store} from '../src/output/store.ts';"],
  ['src/other/a.ts', ''],
  ['src/a.ts', ''],
  ['src/system/a.ts', 'const b = await import(name);'],
  ['src/system/a.ts', "const PATH: string = '../engine/b.ts';\nawait import(PATH);"],
  ['src/system/a.ts', "let name = 'zod';\nawait import(name);"],
  ['src/system/a.ts', "const b = require('../engine/b.ts');"],
  ['src/system/a.ts', "import process from 'node:process';"],
  ['src/system/a.ts', "import {exec} from 'node:child_process';"],
  ['src/system/a.ts', "import {copyFile} from 'node:fs/promises';"],
  ['src/system/a.ts', "import {cp} from 'node:fs/promises';"],
  ['src/system/a.ts', 'await fs.cp(a, b);'],
  ['src/system/a.ts', 'await fs.copyFile(a, b);'],
  ['src/system/a.ts', 'fs.copyFileSync(a, b);'],
  ['src/system/a.ts', "await execa('ls', {shell: true});"],
  ['src/system/a.ts', "exec('ls');"],
  ['src/commands/a.ts', 'process.exit(1);'],
  ['src/commands/a.ts', 'const {env} = process;'],
  ['src/commands/a.ts', 'globalThis.process.exit(1);'],
  ['components/a.tsx', 'const {exit} = useApp();\nexit();'],
  ['src/engine/a.ts', "console.log('x');"],
  ['src/engine/a.ts', `const text = \`a $\{process.pid} b\`;`],
  ['src/engine/a.ts', 'const a = /[\'"]/; process.exit();'],
  ['src/engine/a.ts', "const url = 'https://x'; console.log(url);"],
];
for (const [path, text] of bad) {
  test(`may not stand in ${path}: ${JSON.stringify(text)}`, (t) => {
    const faults = findFaults({path, text});
    t.true(faults.length > 0);
    t.true(faults.every((fault) => fault.startsWith(path)));
  });
}
