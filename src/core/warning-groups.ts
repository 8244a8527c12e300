/** Warnings of one kind are told together: two hundred of them must not bury the verdict. */
import {formatCount} from './format-amounts.ts';
import {printable} from './printable.ts';
import type {Warning} from './verdict.ts';
import {countFiles} from './words.ts';

/** Files that are told one by one, and files that a group names. */
const MOST_ALONE = 3;
/** Lines of one kind whose sentences differ. */
const MOST_LINES = 5;

/** @returns a sentence for each warning or group of warnings, printable, in the order in which the kinds come first. */
export function describeWarnings(warnings: readonly Warning[]): readonly string[] {
  const kinds = new Map<string, Warning[]>();
  for (const warning of warnings) {
    const kind = kinds.get(warning.code);
    if (kind === undefined) kinds.set(warning.code, [warning]);
    else kind.push(warning);
  }
  return [...kinds.values()].flatMap(describeKind);
}

function describeKind(kind: readonly Warning[]): readonly string[] {
  const same = new Map<string, Warning[]>();
  for (const warning of kind) {
    const {message, path} = warning;
    // What is about no file cannot be said of several.
    const key = path === undefined ? `${same.size} ${message}` : message;
    const group = same.get(key);
    if (group === undefined) same.set(key, [warning]);
    else group.push(warning);
  }
  const lines = [...same.values()].flatMap(describeSame);
  const told = lines.slice(0, MOST_LINES);
  const covered = told.reduce((sum, {count}) => sum + count, 0);
  const rest = kind.length - covered;
  const texts = told.map(({text}) => text);
  if (rest === 0) return texts;
  return [...texts, `and ${formatCount(rest)} more of this kind, which the record names`];
}

interface Line {
  readonly text: string;
  /** Warnings that it tells. */
  readonly count: number;
}

/** One sentence that is said of all of them; it begins with a verb. */
function describeSame(group: readonly Warning[]): readonly Line[] {
  const [first] = group;
  if (first === undefined || group.length <= MOST_ALONE) {
    return group.map((warning) => ({text: describeOne(warning), count: 1}));
  }
  const named = group.slice(0, MOST_ALONE).map(({path = ''}) => printable(path));
  const more = formatCount(group.length - named.length);
  const who = `${named.join(', ')} and ${more} more`;
  const text = `${countFiles(group.length)} (${who}): each ${printable(first.message)}`;
  return [{text, count: group.length}];
}

function describeOne({message, path}: Warning): string {
  const about = path === undefined ? '' : `${printable(path)}: `;
  return `${about}${printable(message)}`;
}
