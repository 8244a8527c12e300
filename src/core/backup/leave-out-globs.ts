/** Globs of a job: what can be said of them from their text alone. */
import type {Cause} from '../cause.ts';

/** Nobody writes a longer one; a matcher may need long for it. */
const LONGEST = 500;
const MOST = 100;
/** Stars in one name, and `**` in one path: regular expressions try every way to share a name among them. Three in a name of 255 characters are a few million ways, four are minutes. */
const MOST_STARS = 3;
const MOST_DEEP = 2;

/**
 * Looks at what a job is to leave out. A glob without `/` is matched with names in any folder, one with `/` with paths below the source folder, one that ends in `/` with folders only;
 * `*`, `?`, `**`, `[a-z]` and `{a,b}` stand for what they do in a shell.
 * @returns the first nonsense (`bad-filter`), or null.
 */
export function judgeGlobs(globs: readonly string[]): Cause | null {
  if (globs.length > MOST) {
    return refusal(`${globs.length} filters are more than ${MOST}`, 'Join some: {*.tmp,*.bak}.');
  }
  for (const glob of globs) {
    const problem = findProblem(glob);
    if (problem !== undefined)
      return refusal(`the filter ${JSON.stringify(glob)} ${problem.what}`, problem.next);
  }
  return null;
}

interface Problem {
  readonly what: string;
  readonly next: string;
}

export const refusal = (message: string, next: string): Cause => ({
  code: 'bad-filter',
  message,
  next,
});

export const LEAVES_ALL_OUT: Problem = {
  what: 'leaves everything out',
  next: 'Name what is to be left out: *.tmp, Cache/, 2019/**.',
};

function findProblem(glob: string): Problem | undefined {
  if (glob.trim() === '') {
    return {what: 'is empty', next: 'Leave it away, or name what is to be left out: *.tmp.'};
  }
  if (glob.length > LONGEST) return {what: 'is too long', next: 'Use several short ones.'};
  if (/\p{Cc}/u.test(glob)) {
    return {what: 'holds a control character', next: 'Write a ? in its place.'};
  }
  if (glob.includes('\\')) {
    return {what: 'holds a backslash', next: 'Write / between folders, and ? for any character.'};
  }
  if (/^\/|^[A-Za-z]:|^~/.test(glob)) {
    return {
      what: 'is not below the source folder',
      next: 'Write it from the source folder on: 2019/Cache/, not the whole path.',
    };
  }
  if (glob.split('/').some((part) => part === '.' || part === '..')) {
    return {what: 'holds . or ..', next: 'Write the path from the source folder on: 2019/Cache/.'};
  }
  if (glob.includes('//')) {
    return {what: 'holds an empty part', next: 'Write one / between folders.'};
  }
  if (glob.startsWith('!') || /[@!+*?]\(/.test(glob)) {
    return {
      what: 'says what is to be kept, or a pattern of patterns',
      next: 'Name what is to be left out, with *, ?, [a-z] and {a,b} only.',
    };
  }
  const parts = glob.split('/');
  const stars = parts.map((part) => (part === '**' ? 0 : (part.match(/\*+/g)?.length ?? 0)));
  if (Math.max(...stars) > MOST_STARS) {
    return {what: 'has too many * in one name', next: `Use ${MOST_STARS} at most: *Cache*.tmp.`};
  }
  if (parts.filter((part) => part === '**').length > MOST_DEEP) {
    return {what: 'has too many **', next: `Use ${MOST_DEEP} at most: **/Cache/**.`};
  }
  if (!isBalanced(glob)) {
    return {
      what: 'has a bracket without its other half',
      next: 'Close it, or write a ? in its place.',
    };
  }
  return isAll(glob) ? LEAVES_ALL_OUT : undefined;
}

/** Brackets in a class stand for themselves. */
function isBalanced(glob: string): boolean {
  let open = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const one = glob[at];
    if (one === '[') {
      // A `]` right behind the beginning belongs to the class (POSIX, "RE Bracket Expression").
      const from = glob[at + 1] === '!' || glob[at + 1] === '^' ? at + 3 : at + 2;
      const end = glob.indexOf(']', from);
      if (end === -1) return false;
      at = end;
    } else if (one === ']') return false;
    else if (one === '{') open += 1;
    else if (one === '}') {
      open -= 1;
      if (open < 0) return false;
    }
  }
  return open === 0;
}

const isAll = (glob: string): boolean => /^[*/]+$/.test(glob);
