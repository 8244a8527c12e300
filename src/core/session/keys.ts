/** Every key of the terminal UI: the footers, the help and `press-key.ts` read this one table. */
import type {KeyPress} from './key-press.ts';
import type {BackupsFront} from './overlay.ts';

export type Action =
  | 'offload'
  | 'offload-all'
  | 'name-shoot'
  | 'pictures'
  | 'working-drive'
  | 'backup-drive'
  | 'other-column'
  | 'next'
  | 'previous'
  | 'retry'
  | 'eject'
  | 'back'
  | 'failures'
  | 'stop'
  | 'yes'
  | 'no'
  | 'accept'
  | 'complete'
  | 'status'
  | 'backups'
  | 'run'
  | 'preview'
  | 'accept-deletions'
  | 'details'
  | 'close'
  | 'page-down'
  | 'page-up'
  | 'help'
  | 'quit';

/** Where keys mean what they mean. The overlays that take keys of their own have a place of their own. */
export type KeyPlace =
  | 'ready'
  | 'working'
  | 'verdict'
  | 'help'
  | 'shoot'
  | 'confirm-stop'
  | 'failures'
  | 'pictures'
  | 'status'
  | 'backups'
  | BackupsFront['type'];

export interface KeyBinding {
  readonly action: Action;
  /** Any of these keys or typed letters. */
  readonly keys: readonly (Exclude<KeyPress['key'], 'text'> | Letter)[];
  /** What stands for the key in the footer: `⏎`, `a`; the second where a terminal shows only ASCII. */
  readonly sign: string;
  readonly asciiSign: string;
  /** One or two words for the footer; null when the footer leaves it out. */
  readonly word: string | null;
  /** A sentence for the help. */
  readonly help: string;
}

/** A typed character. */
export interface Letter {
  readonly letter: string;
}

const letter = (one: string): Letter => ({letter: one});

const bind = (
  action: Action,
  keys: KeyBinding['keys'],
  sign: string | readonly [string, string],
  word: string | null,
  help: string,
): KeyBinding => ({
  action,
  keys,
  sign: typeof sign === 'string' ? sign : sign[0],
  asciiSign: typeof sign === 'string' ? sign : sign[1],
  word,
  help,
});

const MOVES = 'Go to the next line, and to the line before.';
const next = bind('next', ['down', letter('j')], ['↓', 'down'], null, MOVES);
const previous = bind('previous', ['up', letter('k')], ['↑', 'up'], null, MOVES);
const pageDown = bind('page-down', ['page-down'], ['PgDn', 'PgDn'], null, 'Goes on by a screen.');
const pageUp = bind('page-up', ['page-up'], ['PgUp', 'PgUp'], null, 'Goes back by a screen.');
const help = bind('help', [letter('?')], '?', 'help', 'Explains this screen.');
const quit = bind(
  'quit',
  [letter('q'), 'ctrl-c'],
  'q',
  'quit',
  'Leaves; asks first while something is copied.',
);
const close = (word: string) =>
  bind(
    'close',
    ['escape', 'enter', letter('q'), 'ctrl-c'],
    'Esc',
    word,
    'Goes back to the screen.',
  );

const ENTER = ['⏎', 'Enter'] as const;

/** In the order of the footer. */
export const KEYS: Readonly<Record<KeyPlace, readonly KeyBinding[]>> = {
  ready: [
    bind('offload', ['enter'], ENTER, 'offload', 'Copies and proves the selected card.'),
    bind(
      'offload-all',
      [letter('a')],
      'a',
      'all',
      'Copies and proves all cards that are not safe yet.',
    ),
    bind('name-shoot', [letter('s')], 's', 'shoot', 'Names the shoot: the folder on each drive.'),
    bind('pictures', [letter(' ')], 'space', 'photos', 'Shows pictures of the selected card.'),
    bind('status', [letter('t')], 't', 'status', 'Tells how each shoot is kept: 3-2-1.'),
    bind('backups', [letter('u')], 'u', 'backups', 'Shows the backup jobs, and runs them.'),
    bind(
      'other-column',
      ['tab', 'left', 'right'],
      'Tab',
      'drives',
      'Goes to the drives, and back to the cards.',
    ),
    bind(
      'working-drive',
      [letter('w')],
      'w',
      'roles',
      'Makes the selected drive a working drive, or takes that away.',
    ),
    bind(
      'backup-drive',
      [letter('b')],
      'b',
      'roles',
      'Makes the selected drive a backup, or takes that away.',
    ),
    bind('eject', [letter('e')], 'e', null, 'Ejects the selected card.'),
    next,
    previous,
    help,
    quit,
  ],
  working: [
    bind(
      'stop',
      ['ctrl-c', letter('q')],
      'Ctrl-C',
      'stop',
      'Asks, then finishes the block in hand and stops. The same cards go on where they stopped.',
    ),
    bind('failures', [letter('l')], 'l', 'failures', 'Lists everything that failed so far.'),
    bind('offload', ['enter'], ENTER, 'queue card', 'Queues the cards that came meanwhile.'),
    bind('backups', [letter('u')], 'u', null, 'Backups wait until the cards are done.'),
    help,
  ],
  verdict: [
    bind('back', ['enter', 'escape'], ENTER, 'ready', 'Goes back to the cards.'),
    bind('eject', [letter('e')], 'e', 'eject', 'Ejects the cards that are safe to format.'),
    bind('retry', [letter('r')], 'r', 'retry', 'Copies again what failed, and only that.'),
    bind('failures', [letter('l')], 'l', 'failures', 'Lists everything that failed.'),
    next,
    previous,
    pageDown,
    pageUp,
    help,
    quit,
  ],
  help: [close('back'), next, previous, pageDown, pageUp],
  shoot: [
    bind('accept', ['enter'], ENTER, 'take this name', 'Takes the name.'),
    bind('complete', ['tab'], 'Tab', 'complete', 'Completes the name from the newest shoots.'),
    bind('next', ['down'], ['↓', 'down'], null, 'Chooses the next of the newest shoots.'),
    bind('previous', ['up'], ['↑', 'up'], null, 'Chooses the one before.'),
    bind('close', ['escape', 'ctrl-c'], 'Esc', 'leave as it was', 'Keeps the name that it had.'),
  ],
  'confirm-stop': [
    bind(
      'yes',
      [letter('y'), 'ctrl-c', 'enter'],
      'y',
      'stop',
      'Finishes the block in hand and stops.',
    ),
    bind('no', [letter('n'), 'escape'], 'n', 'go on', 'Goes on copying.'),
  ],
  failures: [close('back'), next, previous, pageDown, pageUp],
  pictures: [
    bind(
      'close',
      ['escape', letter(' '), 'enter', letter('q'), 'ctrl-c'],
      'space',
      'back',
      'Goes back to the cards.',
    ),
    bind('next', ['right', 'down'], ['→', 'right'], 'next', 'Goes to the next pictures.'),
    bind('previous', ['left', 'up'], ['←', 'left'], 'before', 'Goes to the pictures before.'),
  ],
  status: [close('back'), next, previous, pageDown, pageUp],
  backups: [
    bind(
      'run',
      ['enter'],
      ENTER,
      'run',
      'Runs the selected job now, to the targets that are connected.',
    ),
    bind(
      'preview',
      [letter('p')],
      'p',
      'preview',
      'Shows what a run would do. Nothing is written.',
    ),
    bind(
      'accept-deletions',
      [letter('y')],
      'y',
      'deletions',
      'Asks about the deletions that the last run held back.',
    ),
    bind('details', [letter('l')], 'l', 'list', 'Lists the steps of the preview, or what failed.'),
    next,
    previous,
    pageDown,
    pageUp,
    bind('close', ['escape'], 'Esc', 'back', 'Goes back to the cards. What runs goes on.'),
    bind(
      'stop',
      ['ctrl-c', letter('q')],
      'q',
      'stop',
      'Asks, then stops what runs; otherwise goes back.',
    ),
  ],
  'backup-steps': [close('back'), next, previous, pageDown, pageUp],
  'confirm-deletions': [
    bind('yes', [letter('a')], 'a', 'archive them', 'Moves the held files to the archive.'),
    bind('no', [letter('n'), 'escape', 'ctrl-c'], 'n', 'keep them', 'Keeps them as they are.'),
  ],
  'confirm-backup-stop': [
    bind(
      'yes',
      [letter('y'), 'ctrl-c', 'enter'],
      'y',
      'stop',
      'Finishes the block in hand and stops.',
    ),
    bind('no', [letter('n'), 'escape'], 'n', 'go on', 'Goes on with the backup.'),
  ],
};

/** Keys as they are told: the signs of one or of several. */
export type KeyWords = Omit<KeyBinding, 'keys'>;

/** @returns the keys with those beside each other as one that have the same word, or the same sentence: `w b roles`. */
export function joinKeys(bindings: readonly KeyWords[], by: 'word' | 'help'): readonly KeyWords[] {
  const joined: KeyWords[] = [];
  for (const binding of bindings) {
    const last = joined.at(-1);
    if (last === undefined || last[by] === null || last[by] !== binding[by]) joined.push(binding);
    else {
      joined[joined.length - 1] = {
        ...last,
        sign: `${last.sign} ${binding.sign}`,
        asciiSign: `${last.asciiSign} ${binding.asciiSign}`,
      };
    }
  }
  return joined;
}

/** @returns what a key means in a place; null when it means nothing there. */
export function findAction(place: KeyPlace, press: KeyPress): Action | null {
  const found = KEYS[place].find(({keys}) =>
    keys.some((key) =>
      typeof key === 'string'
        ? key === press.key
        : press.key === 'text' && press.text === key.letter,
    ),
  );
  return found?.action ?? null;
}
