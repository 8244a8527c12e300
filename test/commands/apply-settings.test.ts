import test from 'ava';
import fc from 'fast-check';
import {applySettings, choosePreset} from '../../src/commands/apply-settings.ts';
import {parseCommandLine} from '../../src/commands/command-line.ts';
import type {TypedOptions} from '../../src/commands/offload-command-line.ts';
import {DEFAULT_SETTINGS, parseSettings, type Settings} from '../../src/core/settings.ts';

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
  presets: {},
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
  presets: fc.constant({}),
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

test('a preset goes before the other settings, and what was typed before both', (t) => {
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    verify: 'full',
    presets: {wedding: {layout: '{shoot}/{date}_{seq}.{ext}', eject: true}},
  };
  const options = typed('--preset', 'wedding', '--layout', '{shoot}/{name}');
  const chosen = choosePreset(options, {settings});
  if (!chosen.ok) return t.fail(chosen.cause.message);
  t.like(chosen.value, {layout: '{shoot}/{date}_{seq}.{ext}', verify: 'full', eject: true});
  t.like(applySettings(options, chosen.value), {layout: '{shoot}/{name}', eject: true});
  t.false('preset' in applySettings(options, chosen.value));
  t.deepEqual(choosePreset(typed(), {settings}), {ok: true, value: settings});
});

test('a preset that the settings do not have is refused with those that there are', (t) => {
  const presets = {wedding: {}, 'travel 2026': {}};
  const refuse = (name: string, settings: Settings) => {
    const chosen = choosePreset(typed('--preset', name), {settings});
    return chosen.ok ? t.fail() : [chosen.cause.message, chosen.cause.next];
  };
  t.deepEqual(refuse('constructor', {...DEFAULT_SETTINGS, presets}), [
    'there is no preset "constructor" in the settings',
    'There are "wedding" and "travel 2026".',
  ]);
  t.deepEqual(refuse('w\u001B', DEFAULT_SETTINGS), [
    'there is no preset "w\\x1b" in the settings',
    'Write one into the settings file (docs/settings.md), or give --layout.',
  ]);
});

test('a preset with something wrong in it is refused by its name and with what is wrong', (t) => {
  const presets = {good: {}, wedding: {layuot: '{shoot}/{name}'}, 'a b': {verify: 'twice'}};
  const read = parseSettings(JSON.stringify({presets}), '/home/me/settings.json');
  const refuse = (name: string) => {
    const chosen = choosePreset(typed('--preset', name), read);
    return chosen.ok ? t.fail() : chosen.cause;
  };
  t.like(refuse('wedding'), {
    code: 'broken-preset',
    path: '/home/me/settings.json',
    message:
      'the preset "wedding" is not used: its "layuot" is none of layout, verify, verifyOrder and eject',
  });
  t.like(refuse('a b'), {
    message:
      'the preset "a b" is not used: its "verify" is "twice", but it must be "copies" or "full"',
  });
  t.like(refuse('none'), {code: 'unknown-preset', next: 'There is "good".'});
  t.true(choosePreset(typed('--preset', 'good'), read).ok);
});
