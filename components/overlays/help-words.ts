import type {KeyPlace} from '../../src/core/session/keys.ts';
import {unreachable} from '../../src/core/unreachable.ts';
import type {Symbols} from '../theme.ts';

const LETTERS = 'W is the working drive, B and B2 are backups.';
const SAFE =
  'SAFE TO FORMAT means: every file of the card was read back from two different physical drives and is what the card gave, and the card has not changed since. A rule that you set aside is named beside it.';
const NOT_SAFE =
  'NOT SAFE means: something of that is missing. The sentences below it say what, and what to do. Do not format the card.';
const STATUS =
  't tells of each shoot whether 3-2-1 is reached: three proved copies on three physical drives, one of them kept elsewhere.';
const BACKUPS =
  'u shows the backup jobs: each keeps a folder of one drive in step on others, and what is deleted or replaced goes to an archive first. A card and a backup do not start at the same time.';
const NEVER = 'This program never formats, changes or deletes anything on a card.';

/** @returns what a person wants to know of a screen before its keys: one sentence or a few each. */
export function explainScreen(
  place: KeyPlace,
  {proved, copied, rest}: Pick<Symbols, 'proved' | 'copied' | 'rest'>,
): readonly string[] {
  switch (place) {
    case 'working':
    case 'confirm-stop':
      return [
        `Each drive has a bar: ${proved} is proved, ${copied} is copied and not proved yet, ${rest} is still to come. Proved means: read back from the drive itself and found to be what the card gave. 100 % stands only where all is proved.`,
        LETTERS,
        'The time left is rounded and follows the last seconds to minutes. Cards that wait are not in it.',
        'Cards in one reader are copied one after the other, cards in several readers at once.',
        SAFE,
      ];
    case 'verdict':
    case 'failures':
      return [
        SAFE,
        NOT_SAFE,
        `${LETTERS} The record on each drive lists every file with its checksum.`,
        `${NEVER} Format it in the camera.`,
      ];
    case 'ready':
    case 'shoot':
    case 'pictures':
    case 'help':
      return [
        `${NEVER} What is said of a card here was known of it then; SAFE TO FORMAT stands only at the end of an offload.`,
        `${LETTERS} ${SAFE}`,
        `${STATUS} ${BACKUPS}`,
      ];
    case 'status':
      return [STATUS];
    case 'backups':
    case 'backup-steps':
    case 'confirm-deletions':
    case 'confirm-backup-stop':
      return [BACKUPS];
    default:
      return unreachable(place);
  }
}
