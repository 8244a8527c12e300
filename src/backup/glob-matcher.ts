import picomatch from 'picomatch';
import {judgeGlobs, LEAVES_ALL_OUT, refusal} from '../core/backup/leave-out-globs.ts';
import {LEAVE_NOTHING, type LeaveOut} from '../core/backup/mirror-leave-out.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {nameOf} from '../core/backup/walk-order.ts';
import {failed, ok, type Result} from '../core/cause.ts';

/** Hidden files are files; paths are parted by `/` on every platform; nothing but the signs of a shell means anything. */
const OPTIONS = {
  dot: true,
  windows: false,
  nonegate: true,
  noextglob: true,
  strictBrackets: true,
};

interface Glob {
  readonly matches: (path: string) => boolean;
  readonly wholePath: boolean;
  readonly foldersOnly: boolean;
}

/**
 * Makes the globs of a job one question. Capitals count.
 * @returns what is left out: a folder that matches with all that is in it; `bad-filter` for nonsense.
 */
export function matchGlobs(texts: readonly string[]): Result<LeaveOut> {
  const problem = judgeGlobs(texts);
  if (problem !== null) return failed(problem);
  if (texts.length === 0) return ok(LEAVE_NOTHING);
  const globs: Glob[] = [];
  for (const text of texts) {
    const glob = compile(text);
    if (glob === undefined) {
      const what = `the filter ${JSON.stringify(text)} is no pattern`;
      return failed(refusal(what, 'Use *, ?, [a-z] and {a,b} only.'));
    }
    globs.push(glob);
  }
  const leaveOut: LeaveOut = (path, isFolder) => isLeftOut(globs, path, isFolder);
  if (SAMPLES.every((path) => leaveOut(path, false))) {
    const {what, next} = LEAVES_ALL_OUT;
    return failed(
      refusal(`the filter ${texts.map((text) => JSON.stringify(text)).join(', ')} ${what}`, next),
    );
  }
  return ok(leaveOut);
}

/** Unlike each other: what leaves all of them out leaves everything out. */
const SAMPLES: readonly TreePath[] = ['IMG_0412.CR3', 'notes', 'ä b.tar.gz', '.q', '7', '%_-+'];

function compile(text: string): Glob | undefined {
  const foldersOnly = text.endsWith('/');
  const pattern = foldersOnly ? text.slice(0, -1) : text;
  // Parentheses are letters of names (`IMG (1).jpg`); a class is negated as a shell does it.
  const plain = pattern.replace(/[()]/g, '\\$&').replaceAll('[!', '[^');
  try {
    const matches = picomatch(plain, OPTIONS);
    matches('probe');
    return {matches, wholePath: pattern.includes('/'), foldersOnly};
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function isLeftOut(globs: readonly Glob[], path: TreePath, isFolder: boolean): boolean {
  const name = nameOf(path);
  return globs.some(
    ({matches, wholePath, foldersOnly}) =>
      (isFolder || !foldersOnly) && matches(wholePath ? path : name),
  );
}
