/**
 * The user's settings: one optional JSON file, written by hand. What is right in it is used; everything else is left out and told.
 * `docs/settings.md` explains it. Nothing in it can make a verdict weaker: waivers are given on the command line, each time.
 */
import * as z from 'zod';
import type {Cause} from './cause.ts';
import {DEFAULT_LAYOUT, parseLayout} from './layout.ts';
import {joinWithAnd} from './words.ts';

export const SETTINGS_NAME = 'settings.json';

/** Characters. Far more than all members with the longest layout, and short enough for a deep nest of brackets to do no harm. */
export const LONGEST_SETTINGS = 64 * 1024;

/** What a preset can set; see {@link members}. */
const preset = z
  .strictObject({
    layout: z.string(),
    verify: z.enum(['copies', 'full']),
    verifyOrder: z.enum(['auto', 'after', 'overlap']),
    eject: z.boolean(),
  })
  .partial()
  .readonly();
export type Preset = z.infer<typeof preset>;

const members = {
  /** As for `--layout`. */
  layout: z.string(),
  /** As for `--verify`. */
  verify: z.enum(['copies', 'full']),
  /** As for `--verify-order`. */
  verifyOrder: z.enum(['auto', 'after', 'overlap']),
  /** Eject cards that are safe to format. */
  eject: z.boolean(),
  /** Show pictures of the selected card. */
  thumbnails: z.boolean(),
  /** Keep the computer awake while copying. */
  keepAwake: z.boolean(),
  /** Settings by a name, for `--preset NAME`: they go before the others. */
  presets: z.record(z.string(), preset),
} as const;

const settings = z.object(members).readonly();
export type Settings = z.infer<typeof settings>;

export const DEFAULT_SETTINGS: Settings = {
  layout: DEFAULT_LAYOUT,
  verify: 'copies',
  verifyOrder: 'auto',
  eject: false,
  thumbnails: true,
  keepAwake: true,
  presets: {},
};

export interface ReadSettings {
  readonly settings: Settings;
  /** One for each thing that was left out; `path` is the file. */
  readonly problems: readonly Cause[];
  /** What is wrong with each preset that is not used, by its name; absent where there are none. */
  readonly brokenPresets?: ReadonlyMap<string, Cause>;
}

/**
 * Reads settings that somebody wrote by hand.
 * @param path the file's, for the problems.
 * @returns what is right, on top of the defaults; never fails, whatever the text is. Codes of the problems: `settings-too-long`,
 * `settings-not-json`, `settings-no-object`, `settings-value`, `settings-unknown`, `settings-waiver`.
 */
export function parseSettings(text: string, path: string): ReadSettings {
  const refuse = (code: string, message: string, next: string): ReadSettings => ({
    settings: DEFAULT_SETTINGS,
    problems: [{code, path, message, next}],
  });
  if (text.length > LONGEST_SETTINGS) return refuseLength(path);
  let json: unknown;
  try {
    // Some editors of Windows write a mark in front.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = `the settings are not JSON${findLine(text, error)}, so none of them is used`;
    return refuse(
      'settings-not-json',
      message,
      'Look for a missing quote or comma, or one too many.',
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    const message = `the settings are ${show(json)} and not members in braces, so none of them is used`;
    return refuse('settings-no-object', message, 'Write them as {"verify": "full"}.');
  }
  return takeMembers(json, path);
}

/** What is said of a file that is too long to be settings. */
export function refuseLength(path: string): ReadSettings {
  const cause = {
    code: 'settings-too-long',
    path,
    message: 'the file is too long to be settings, so none of them is used',
    next: 'Put only settings in it, or remove it.',
  };
  return {settings: DEFAULT_SETTINGS, problems: [cause]};
}

/** V8 tells some faults with their position. */
function findLine(text: string, error: unknown): string {
  const position =
    error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  if (position === undefined) return '';
  return ` (line ${text.slice(0, Number(position) + 1).split('\n').length})`;
}

type Member = keyof typeof members;
const isMember = (name: string): name is Member => Object.hasOwn(members, name);

/** Ways to write `--allow-same-drive` and `--accept-cached`, without case, blanks, `-` and `_`. */
const WAIVERS: ReadonlySet<string> = new Set([
  'waive',
  'waived',
  'waivers',
  'samedrive',
  'allowsamedrive',
  'cached',
  'acceptcached',
]);
const isWaiver = (name: string) => WAIVERS.has(name.toLowerCase().replace(/[-_ ]/g, ''));

function takeMembers(json: object, path: string): ReadSettings {
  const good = new Map<string, unknown>();
  const unknown: string[] = [];
  const problems: Cause[] = [];
  let brokenPresets: ReadonlyMap<string, Cause> = new Map();
  for (const [name, value] of Object.entries(json)) {
    const problem = isMember(name) && name !== 'presets' ? findFault(name, value) : undefined;
    if (name === 'presets') {
      const taken = takePresets(value);
      good.set(name, taken.presets);
      const told = (one: Cause): Cause => ({...one, path});
      problems.push(...taken.problems.map(told), ...[...taken.broken.values()].map(told));
      brokenPresets = new Map([...taken.broken].map(([preset, one]) => [preset, told(one)]));
    } else if (problem !== undefined) problems.push({...problem, path});
    else if (isMember(name)) good.set(name, value);
    else if (isWaiver(name)) problems.push({...refuseWaiver(name), path});
    else unknown.push(name);
  }
  if (unknown.length > 0) problems.push({...refuseUnknown(unknown), path});
  return {
    settings: settings.parse({...DEFAULT_SETTINGS, ...Object.fromEntries(good)}),
    problems,
    ...(brokenPresets.size === 0 ? {} : {brokenPresets}),
  };
}

/** Letters, digits, `-`, `_` and blanks: it is typed and printed. */
const PRESET_NAME = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u;

/** Each preset is used whole or not at all: half of one is not what somebody meant. */
function takePresets(value: unknown): {
  presets: Readonly<Record<string, Preset>>;
  broken: ReadonlyMap<string, Cause>;
  problems: readonly Cause[];
} {
  const refuse = (message: string): Cause => ({
    code: 'settings-preset',
    message,
    next: 'Write for example "presets": {"wedding": {"layout": "{shoot}/{date}/{camera}_{seq:4}.{ext}"}}.',
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      presets: {},
      broken: new Map(),
      problems: [refuse(`"presets" is ${show(value)}, but it must be names with settings`)],
    };
  }
  const presets = new Map<string, Preset>();
  const broken = new Map<string, Cause>();
  for (const [name, given] of Object.entries(value)) {
    const fault = PRESET_NAME.test(name) ? findPresetFault(given) : 'its name cannot be typed';
    if (fault === undefined) presets.set(name, preset.parse(given));
    else broken.set(name, refuse(`the preset ${show(name)} is not used: ${fault}`));
  }
  return {presets: Object.fromEntries(presets), broken, problems: []};
}

/** @returns what is wrong first, in words that follow the preset's name; undefined when nothing is. */
function findPresetFault(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return `it is ${show(given)}, but it must be settings in { and }`;
  for (const [name, value] of Object.entries(given)) {
    if (!isPresetMember(name))
      return `its ${show(name)} is none of ${joinWithAnd(Object.keys(preset.unwrap().shape))}`;
    const schema = members[name];
    if (!schema.safeParse(value).success)
      return `its "${name}" is ${show(value)}, but it must be ${allowed(schema)}`;
    const layout = name === 'layout' && typeof value === 'string' ? parseLayout(value) : undefined;
    if (layout?.ok === false) return `its layout cannot be used: ${layout.cause.message}`;
  }
  return undefined;
}

const isPresetMember = (name: string): name is keyof Preset =>
  Object.hasOwn(preset.unwrap().shape, name);

function findFault(name: Exclude<Member, 'presets'>, value: unknown): Cause | undefined {
  const schema = members[name];
  const used = show(DEFAULT_SETTINGS[name]);
  if (!schema.safeParse(value).success) {
    return {
      code: 'settings-value',
      message: `"${name}" is ${show(value)}, but it must be ${allowed(schema)}`,
      next: `Correct it in the file; until then it is ${used}.`,
    };
  }
  const layout = name === 'layout' && typeof value === 'string' ? parseLayout(value) : undefined;
  if (layout === undefined || layout.ok) return undefined;
  return {
    code: 'settings-value',
    message: `"layout" is ${show(value)} and cannot be used: ${layout.cause.message}`,
    next: `${layout.cause.next} Until then it is ${used}.`,
  };
}

function refuseWaiver(name: string): Cause {
  return {
    code: 'settings-waiver',
    message: `${show(name)} has no effect here: a rule of the verdict is waived on the command line only, each time`,
    next: 'Remove it from the file. Where you mean it, give --allow-same-drive or --accept-cached.',
  };
}

/** Of a file that is no settings file at all a few names say enough. */
const MOST_NAMES = 5;

function refuseUnknown(names: readonly string[]): Cause {
  const shown = names.slice(0, MOST_NAMES).map(show);
  const more = names.length - shown.length;
  const all = joinWithAnd(more === 0 ? shown : [...shown, `${more} more`]);
  return {
    code: 'settings-unknown',
    message: `${all} ${names.length === 1 ? 'is no setting and has' : 'are no settings and have'} no effect`,
    next: `There are ${joinWithAnd(Object.keys(members).map(show))}.`,
  };
}

function allowed(schema: (typeof members)[Member]): string {
  if (schema instanceof z.ZodEnum) return schema.options.map(show).join(' or ');
  return schema instanceof z.ZodBoolean ? 'true or false' : 'text in quotes';
}

/** Characters of a value that are shown. */
const LONGEST_SHOWN = 60;

/** A value in a few characters; a list or an object is not looked into, however deep it is. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  const characters = [...value];
  if (characters.length <= LONGEST_SHOWN) return `"${value}"`;
  return `"${characters.slice(0, LONGEST_SHOWN).join('')}…"`;
}
