import {readFile, writeFile} from 'node:fs/promises';
import {env} from 'node:process';
import {Ajv2020} from 'ajv/dist/2020.js';
import test from 'ava';
import {type ManifestBody, manifestJsonSchema, sealManifest} from '../../src/core/manifest.ts';
import {hashText, loadHashEngine} from '../../src/system/hasher.ts';
import {sampleManifest} from './sample-manifest.ts';

const SCHEMA = new URL('../../docs/manifest.schema.json', import.meta.url);

// UPDATE_SCHEMA=1 npx ava test/core/manifest-schema.test.ts && npm run format
if (env.UPDATE_SCHEMA === '1') await writeFile(SCHEMA, JSON.stringify(manifestJsonSchema()));

const engine = await loadHashEngine();
const seal = (body: ManifestBody) => sealManifest(body, (text) => hashText(engine, text));

// The formats stand beside patterns that say the same more strictly.
const validate = new Ajv2020({allErrors: true, validateFormats: false}).compile(
  manifestJsonSchema(),
);

test('docs/manifest.schema.json is what the code says (UPDATE_SCHEMA=1 writes it anew)', async (t) => {
  const committed: unknown = JSON.parse(await readFile(SCHEMA, 'utf8'));
  t.deepEqual(committed, JSON.parse(JSON.stringify(manifestJsonSchema())));
});

test('the schema accepts a manifest that was sealed', (t) => {
  t.true(validate(JSON.parse(seal(sampleManifest))), JSON.stringify(validate.errors));
});

test('the schema accepts members that a later version adds', (t) => {
  const later = {...sampleManifest, card: {...sampleManifest.card, later: true}, more: 1};
  t.true(validate(JSON.parse(seal(later))), JSON.stringify(validate.errors));
});

const [file] = sampleManifest.files;
const withTarget = (target: string) => ({
  ...sampleManifest,
  files:
    file === undefined ? [] : [{...file, copies: file.copies.map((one) => ({...one, target}))}],
});

const broken: ReadonlyArray<readonly [what: string, manifest: unknown]> = [
  ['no seal', sampleManifest],
  ['a seal that is none', {...JSON.parse(seal(sampleManifest)), seal: 'x'}],
  ['another schema', {...JSON.parse(seal(sampleManifest)), schema: 'offload-manifest/2'}],
  ['no files', {...JSON.parse(seal(sampleManifest)), files: undefined}],
  ['an hour that is none', JSON.parse(seal({...sampleManifest, endedAt: '2026-11-22T25:00:00Z'}))],
  ['a target above', JSON.parse(seal(withTarget('../x')))],
  ['a target above, behind a newline', JSON.parse(seal(withTarget('a\n/../x')))],
  ['an absolute target', JSON.parse(seal(withTarget('/x')))],
  ['a negative count', JSON.parse(seal({...sampleManifest, runs: -1}))],
];
for (const [what, manifest] of broken) {
  test(`the schema refuses ${what}`, (t) => {
    t.false(validate(JSON.parse(JSON.stringify(manifest))));
  });
}
