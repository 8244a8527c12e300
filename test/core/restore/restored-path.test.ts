import {posix} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {restoredPath} from '../../../src/core/restore/restored-path.ts';
import {sampleFiles} from '../../../src/core/restore/sample-files.ts';
import {type NamingRules, PORTABLE_RULES} from '../../../src/core/safe-names.ts';

const POSIX_RULES: NamingRules = {
  family: 'posix',
  caseSensitive: true,
  normalizes: false,
  maxBytes: 255,
  maxUnits: null,
};

test('names stay where the destination holds them, and become others where not', (t) => {
  const file = {shoot: '2026-11-24 Marta & Jan', target: 'EOS/DCIM/a:b.JPG'};
  t.deepEqual(restoredPath(file, POSIX_RULES), file);
  t.is(restoredPath(file, PORTABLE_RULES).target, 'EOS/DCIM/a%3Ab.JPG');
  const records = {shoot: 'Shoot', target: '_OFFLOAD/x.json'};
  t.is(restoredPath(records, PORTABLE_RULES).target, '_OFFLOAD-2/x.json');
  t.is(restoredPath(records, POSIX_RULES).target, '_OFFLOAD/x.json');
  t.is(restoredPath({...records, target: '_offload/x'}, POSIX_RULES).target, '_offload-2/x');
});

test('whatever a record says, the path stays below the destination', (t) => {
  const name = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.constantFrom('..', '.', '', '/', '../..', '\0', 'C:', '\\', '..\\x', ' ', 'a/../../b'),
  );
  fc.assert(
    fc.property(
      name,
      name,
      fc.constantFrom(POSIX_RULES, PORTABLE_RULES),
      (shoot, target, rules) => {
        const path = restoredPath({shoot, target}, rules);
        const whole = posix.join('/to', path.shoot, path.target);
        t.true(whole.startsWith('/to/'));
        t.is(whole.split('/').length, 3 + target.split('/').length);
        t.false(path.shoot.includes('/'));
      },
    ),
  );
});

test('a sample has as many as were asked for, each once, in their order', (t) => {
  const files = Array.from({length: 20}, (_, index) => index);
  fc.assert(
    fc.property(
      fc.nat(30),
      fc.infiniteStream(fc.double({min: 0, max: 0.999, noNaN: true})),
      (count, numbers) => {
        const below = (end: number) => Math.floor((numbers.next().value ?? 0) * end);
        const sample = sampleFiles(files, count, below);
        t.is(new Set(sample).size, Math.min(count, 20));
        t.deepEqual(
          sample,
          [...sample].sort((a, b) => a - b),
        );
      },
    ),
  );
  const seen = new Set<number>();
  for (let n = 0; n < 20; n++) for (const one of sampleFiles(files, 1, () => n)) seen.add(one);
  t.is(seen.size, 20);
});
