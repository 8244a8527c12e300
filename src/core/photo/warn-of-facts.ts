/** What is to be known about dates and names that a layout took from pictures. */
import {formatCount} from '../format-amounts.ts';
import {type Layout, needsOf, needsTimes} from '../layout.ts';
import {formOf} from '../survey/file-kind.ts';
import type {Warning} from '../verdict.ts';
import {countMs} from '../zone-time.ts';
import type {DatedGroup} from './groups/date-groups.ts';

interface FactsUsed {
  readonly layout: Layout;
  readonly groups: readonly DatedGroup[];
  /** ms since 1970. */
  readonly nowMs: number;
  /** exiftool could not be asked, or stopped answering. */
  readonly inTrouble: boolean;
}

/** @returns warnings with the codes `metadata-unread`, `date-unknown`, `clock-suspicious`; none where the layout does not use what they are about. */
export function warnOfFacts({layout, groups, nowMs, inTrouble}: FactsUsed): readonly Warning[] {
  const warnings: Warning[] = [];
  if (inTrouble && needsOf(layout) !== 'none') {
    warnings.push({
      code: 'metadata-unread',
      message:
        'exiftool is not there, stopped, or found the files too much for it: what it did not tell is missing from the names, and files without a date lie under their file time. The copies are as good as ever; format the card only if you can live with the names',
    });
  }
  if (needsTimes(layout)) {
    warnings.push(...warnOfUndated(groups), ...warnOfClock(groups, nowMs));
  }
  return warnings;
}

/** Pictures and films only: logs and lists have no date of their own. */
function warnOfUndated(groups: readonly DatedGroup[]): readonly Warning[] {
  const undated = groups.filter(
    ({takenAt, members}) =>
      takenAt.source === 'file' && members.some(({path}) => formOf(path) !== undefined),
  );
  const [first] = undated;
  if (first === undefined) return [];
  const others = undated.length - 1;
  return [
    {
      code: 'date-unknown',
      path: first.members[0].path,
      message: `${others === 0 ? 'says' : `and ${formatCount(others)} more say`} no date that can be when ${others === 0 ? 'it was' : 'they were'} taken: placed under the time of the file, as the computer shows it. This does not concern the proof of the copies`,
    },
  ];
}

const DAY_MS = 86_400_000;
/** Clocks that lost their battery start at 1970-01-01, 1980-01-01 or 2000-01-01, and go on from there. */
const LAST_RESET_MS = Date.UTC(2000, 0, 3);

function warnOfClock(groups: readonly DatedGroup[], nowMs: number): readonly Warning[] {
  // Of file times FAT and the computer tell what they can; here it is the camera's word.
  const told = groups.filter(({takenAt}) => takenAt.source !== 'file');
  const odd = told.filter(({takenAt}) => {
    const at = countMs(takenAt.local);
    // A clock east of this one may be 14 hours ahead.
    return at < LAST_RESET_MS || at > nowMs + 14 * 3_600_000 + DAY_MS;
  });
  const [first] = odd;
  if (first === undefined) return [];
  return [
    {
      code: 'clock-suspicious',
      path: first.members[0].path,
      message: `says it was taken ${first.takenAt.local.replace('T', ' ')}${odd.length === 1 ? '' : `, and ${formatCount(odd.length)} of ${formatCount(told.length)} pictures and films say such dates`}: the camera's clock seems to have been reset or set wrong. Folders and names follow it all the same; set the clock before the next shoot, and offload under another layout if the dates matter. Formatting loses nothing: the copies hold the same dates`,
    },
  ];
}
