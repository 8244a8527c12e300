/** The verdict in words: the same on every output, safe to print, and readable without colour. */
import {letterOf} from './card-state.ts';
import type {CopySummary, VerdictReached} from './events.ts';
import {formatBytes, formatCount, formatDuration} from './format-amounts.ts';
import {printable} from './printable.ts';
import type {Waiver} from './verdict.ts';
import {describeWarnings} from './warning-groups.ts';
import {countFiles, joinWithAnd} from './words.ts';

const WAIVED_RULE: Readonly<Record<Waiver, string>> = {
  'same-drive': 'one-drive rule',
  cached: 'medium-read rule',
};

/** @returns the words that decide: `SAFE TO FORMAT`, with what the user waived, or `NOT SAFE – do not format`. */
export function verdictHeadline({safe, waived}: Pick<VerdictReached, 'safe' | 'waived'>): string {
  if (!safe) return 'NOT SAFE – do not format';
  if (waived.length === 0) return 'SAFE TO FORMAT';
  return `SAFE TO FORMAT, ${describeWaivers(waived)}`;
}

function describeWaivers(waived: readonly Waiver[]): string {
  return `${joinWithAnd(waived.map((waiver) => WAIVED_RULE[waiver]))} waived by you`;
}

/** The sentences of one verdict, each on one line and printable, in the order in which they are told. */
export interface VerdictParts {
  readonly warnings: readonly string[];
  /** `SAFE TO FORMAT` or `NOT SAFE – do not format`, without what was waived. */
  readonly words: string;
  /** `one-drive rule waived by you`; null when nothing was. */
  readonly waived: string | null;
  readonly reasons: readonly string[];
  /** Files and bytes, and where they are proved. */
  readonly count: string;
  readonly leftOut: string | null;
  readonly took: string | null;
  readonly records: readonly string[];
  /** How to check without this program. */
  readonly check: string | null;
  /** What to do with the card; null when it must not be formatted. */
  readonly advice: string | null;
}

/** @param tookMs how long the offload took, where the caller knows it. */
export function verdictParts(
  event: VerdictReached,
  {tookMs}: {readonly tookMs?: number} = {},
): VerdictParts {
  const {safe, reasons, account, copies, waived} = event;
  return {
    warnings: describeWarnings(event.warnings),
    words: verdictHeadline({safe, waived: []}),
    waived: safe && waived.length > 0 ? describeWaivers(waived) : null,
    reasons: reasons.map(({message}) => printable(message)),
    count: safe ? describeProof(event) : describeProgress(event),
    leftOut: account.leftOut === 0 ? null : describeLeftOut(event),
    took: tookMs === undefined ? null : `took ${formatDuration(tookMs)}`,
    records: copies.map((copy, index) => describeRecord(copy, letterOf(index))),
    check: describeCheck(copies),
    advice: safe ? 'format it in the camera, not here' : null,
  };
}

/**
 * @param took how long the offload took, where the caller knows it.
 * @returns lines without line ends: warnings first, then the verdict with the card's label, then what it rests on, indented.
 */
export function verdictText(
  event: VerdictReached,
  took: {readonly tookMs?: number} = {},
): readonly string[] {
  const parts = verdictParts(event, took);
  const details = [
    ...parts.reasons.map((sentence) => `- ${sentence}`),
    parts.count,
    parts.leftOut,
    parts.took,
    ...parts.records,
    parts.check,
    parts.advice,
  ];
  return [
    ...parts.warnings.map((sentence) => `warning: ${sentence}`),
    `${verdictHeadline(event)}: ${printable(event.card.label)}`,
    ...details.filter((line) => line !== null).map((line) => `  ${line}`),
  ];
}

/** What makes it safe. A destination that has only some of the files is named with its number, never as if it had all. */
function describeProof({account, copies}: VerdictReached): string {
  const kept = account.found - account.leftOut;
  const size = `${countFiles(kept)}, ${formatBytes(account.bytes)}`;
  const named = copies.map((copy, index) => ({copy, name: nameCopy(copy, letterOf(index))}));
  const whole = named.filter(({copy}) => copy.proved >= kept).map(({name}) => name);
  const parts = named
    .filter(({copy}) => copy.proved < kept)
    .map(({copy, name}) => `${formatCount(copy.proved)} on ${name}`);
  if (parts.length === 0) return `${size}, each proved on ${joinWithAnd(whole)}`;
  const all = whole.map((name) => `all on ${name}`);
  const proved = copies.reduce((sum, copy) => sum + copy.proved, 0);
  // A safe card has two proofs of every file. Those that are not here are on drives that had the file before.
  const elsewhere = proved < 2 * kept ? '; the others where they lay already' : '';
  return `${size}, proved: ${[...all, ...parts].join(', ')}${elsewhere}`;
}

function describeProgress({account, copies}: VerdictReached): string {
  const kept = account.found - account.leftOut;
  if (copies.length === 0) return `none of ${countFiles(kept)} is proved`;
  const parts = copies.map((copy, index) => {
    const name = nameCopy(copy, letterOf(index));
    return `${formatCount(copy.proved)} of ${formatCount(kept)} on ${name}`;
  });
  return `files proved: ${parts.join(', ')}`;
}

function nameCopy({mediumRead}: CopySummary, letter: string): string {
  return mediumRead === 'cached' ? `${letter} (read back through a cache)` : letter;
}

/** Every rule that left something out is named (design, section 5). */
function describeLeftOut({account, leftOut}: VerdictReached): string {
  const verb = account.leftOut === 1 ? 'was' : 'were';
  const rules = leftOut.map(({rule, count}) => `${printable(rule)} ${formatCount(count)}`);
  return `${countFiles(account.leftOut)} ${verb} left out: ${rules.join(', ')}`;
}

function describeRecord({to, manifest}: CopySummary, letter: string): string {
  return manifest === null
    ? `no record on ${letter}: ${printable(to)}`
    : `record on ${letter}: ${printable(manifest)}`;
}

function describeCheck(copies: readonly CopySummary[]): string | null {
  const check = findCheck(copies);
  if (check === null) return null;
  return `check it without this program: ${checkCommand(check, [check.list]).join(' ')}`;
}

/** What a copy is checked with. */
export interface CopyCheck {
  /** The shoot folder, and the list below it, with `/` on Windows too as b3sum takes it. Printable. */
  readonly folder: string;
  readonly list: string;
  /** True when a POSIX shell takes both as they are printed. */
  readonly canPaste: boolean;
}

/** @returns how the first copy that has a list is checked; null when none has one. */
export function findCheck(copies: readonly CopySummary[]): CopyCheck | null {
  const copy = copies.find(({checksums}) => checksums !== null);
  if (copy === undefined || copy.checksums === null) return null;
  const {shoot, checksums} = copy;
  const below = checksums.startsWith(shoot) ? checksums.slice(shoot.length) : checksums;
  const list = (below.startsWith('\\') ? below.replaceAll('\\', '/') : below).replace(/^\/+/, '');
  // A folder on Windows, and names that are printed in other signs than they have.
  const isPlain = (text: string) => !text.includes('\\') && printable(text) === text;
  return {
    folder: printable(shoot),
    list: printable(list),
    canPaste: isPlain(shoot) && isPlain(list),
  };
}

/**
 * @param lists in the folder of the check.
 * @returns the words before the check, the check of the first list, and each further list; joined by blanks they are one line. In quotes nothing that a shoot's name may hold, like `$(…)`, means anything to a shell; what could not
 * be pasted is told in words.
 */
export function checkCommand(
  {folder, canPaste}: Pick<CopyCheck, 'folder' | 'canPaste'>,
  lists: readonly string[],
): readonly string[] {
  if (!canPaste) return [`in ${folder} run`, ...nameLists(lists)];
  return [`cd ${quote(folder)} &&`, ...nameLists(lists.map(quote))];
}

const nameLists = ([first = '', ...others]: readonly string[]): readonly string[] => [
  `b3sum -c ${first}`,
  ...others,
];

/** As one word of a POSIX shell (POSIX.1-2024, XCU 2.2.2: nothing is special between single quotes). */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
