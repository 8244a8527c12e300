import type {Settings} from '../core/settings.ts';
import type {TypedOptions} from './command-line.ts';
import type {OffloadOptions} from './offload/options.ts';

/** @returns the options of an offload: what was typed, and the user's settings for what was not. */
export function applySettings(typed: TypedOptions, settings: Settings): OffloadOptions {
  return {
    ...typed,
    layout: typed.layout ?? settings.layout,
    verify: typed.verify ?? settings.verify,
    order: typed.order ?? settings.verifyOrder,
    eject: typed.eject ?? settings.eject,
  };
}
