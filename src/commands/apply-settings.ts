import {failed, ok, type Result} from '../core/cause.ts';
import {printable} from '../core/printable.ts';
import type {ReadSettings, Settings} from '../core/settings.ts';
import {joinWithAnd} from '../core/words.ts';
import type {OffloadOptions} from './offload/options.ts';
import type {TypedOptions} from './offload-command-line.ts';

/** @returns the options of an offload: what was typed, and the user's settings for what was not. */
export function applySettings(
  {preset: _, ...typed}: TypedOptions,
  settings: Settings,
): OffloadOptions {
  return {
    ...typed,
    layout: typed.layout ?? settings.layout,
    verify: typed.verify ?? settings.verify,
    order: typed.order ?? settings.verifyOrder,
    eject: typed.eject ?? settings.eject,
  };
}

/** @returns the settings, with those of the preset that was asked for before the others. A preset that the file does not have, or has with something wrong in it, is refused. */
export function choosePreset(
  {preset}: TypedOptions,
  {settings, brokenPresets}: Omit<ReadSettings, 'problems'>,
): Result<Settings> {
  if (preset === undefined) return ok(settings);
  const broken = brokenPresets?.get(preset);
  if (broken !== undefined) return failed({...broken, code: 'broken-preset'});
  const {presets} = settings;
  const chosen = Object.hasOwn(presets, preset) ? presets[preset] : undefined;
  if (chosen !== undefined) {
    return ok({
      ...settings,
      layout: chosen.layout ?? settings.layout,
      verify: chosen.verify ?? settings.verify,
      verifyOrder: chosen.verifyOrder ?? settings.verifyOrder,
      eject: chosen.eject ?? settings.eject,
    });
  }
  const names = Object.keys(presets).map((name) => `"${name}"`);
  return failed({
    code: 'unknown-preset',
    message: `there is no preset "${printable(preset)}" in the settings`,
    next:
      names.length === 0
        ? 'Write one into the settings file (docs/settings.md), or give --layout.'
        : `There ${names.length === 1 ? 'is' : 'are'} ${joinWithAnd(names)}.`,
  });
}
