import test from 'ava';
import fc from 'fast-check';
import {applySettings} from '../../src/commands/apply-settings.ts';
import type {TypedOptions} from '../../src/commands/command-line.ts';
import {parseCommandLine} from '../../src/commands/command-line.ts';
import {DEFAULT_SETTINGS, type Settings} from '../../src/core/settings.ts';

function typed(...args: readonly string[]): TypedOptions {
  const parsed = parseCommandLine(['--card', 'E:', '--to', 'W:', ...args], '0');
  if (!parsed.ok || parsed.value.command !== 'offload') throw new Error('no offload');
  return parsed.value.options;
}

const other: Settings = {
  layout: '{shoot}/{name}',
  verify: 'full',
  verifyOrder: 'after',
  eject: true,
  thumbnails: false,
  keepAwake: false,
};

test('what was not typed is as the settings say', (t) => {
  t.like(applySettings(typed(), DEFAULT_SETTINGS), {
    layout: '{shoot}/{card}/{path}',
    verify: 'copies',
    order: 'auto',
    eject: false,
  });
  t.like(applySettings(typed(), other), {
    layout: '{shoot}/{name}',
    verify: 'full',
    order: 'after',
    eject: true,
  });
});

test('what was typed wins, the default too when it was typed', (t) => {
  const flags = ['--layout', '{shoot}/{card}/{path}', '--verify', 'copies'];
  const options = applySettings(typed(...flags, '--verify-order', 'auto'), other);
  t.like(options, {layout: '{shoot}/{card}/{path}', verify: 'copies', order: 'auto', eject: true});
  t.true(applySettings(typed('--eject'), DEFAULT_SETTINGS).eject);
});

const anySettings: fc.Arbitrary<Settings> = fc.record({
  layout: fc.string(),
  verify: fc.constantFrom('copies', 'full'),
  verifyOrder: fc.constantFrom('auto', 'after', 'overlap'),
  eject: fc.boolean(),
  thumbnails: fc.boolean(),
  keepAwake: fc.boolean(),
});

test('no settings waive a rule of the verdict, name a card, or change a try into a run', (t) => {
  fc.assert(
    fc.property(
      anySettings,
      fc.subarray(['--allow-same-drive', '--dry-run']),
      (settings, flags) => {
        const given = typed(...flags);
        const {layout, verify, order, eject, ...rest} = applySettings(given, settings);
        const {layout: _l, verify: _v, order: _o, eject: _e, ...before} = given;
        t.deepEqual(rest, before);
      },
    ),
    {numRuns: 50},
  );
});
