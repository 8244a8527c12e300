/** The rules of the house (drawing "Rooms of the house" in the design), read off the text of a source file. */

export interface SourceFile {
  /** From the project's root, parts joined by `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
  /** What stands between `import` and `from`; empty for a dynamic import. */
  readonly names: string;
}

const BELOW_ENGINE = ['core', 'system', 'catalog'];

/** Rooms by their folder, and the rooms that each may import from. */
const ROOMS: Readonly<Record<string, {readonly folder: string; readonly from: readonly string[]}>> =
  {
    core: {folder: 'src/core/', from: ['core']},
    system: {folder: 'src/system/', from: ['core', 'system']},
    catalog: {folder: 'src/catalog/', from: BELOW_ENGINE},
    engine: {folder: 'src/engine/', from: [...BELOW_ENGINE, 'engine']},
    verify: {folder: 'verify/', from: [...BELOW_ENGINE, 'verify']},
    backup: {folder: 'src/backup/', from: [...BELOW_ENGINE, 'backup']},
    offsite: {folder: 'src/offsite/', from: [...BELOW_ENGINE, 'offsite']},
    output: {folder: 'src/output/', from: ['core', 'output']},
    commands: {
      folder: 'src/commands/',
      from: [...BELOW_ENGINE, 'engine', 'verify', 'backup', 'offsite', 'output', 'commands'],
    },
    components: {folder: 'components/', from: ['core', 'components']},
    cli: {
      folder: 'src/cli.tsx',
      from: [
        ...BELOW_ENGINE,
        'engine',
        'verify',
        'backup',
        'offsite',
        'output',
        'commands',
        'components',
      ],
    },
  };

/** Of these rooms only types may be imported. */
const TYPES_FROM: Readonly<Record<string, readonly string[]>> = {components: ['output']};

/** Packages that belong to some rooms only; the others may be used by any room but the core. */
const PACKAGES_OF_CORE = new Set(['zod']);
const USERS_OF_PATH = new Set(['src/core/drive-paths.ts', 'src/core/windows-paths.ts']);
const PACKAGES_OF_SCREENS = new Set(['react', 'ink', '@inkjs/ui']);

function roomOf(path: string): string | undefined {
  return Object.entries(ROOMS).find(([, {folder}]) => path.startsWith(folder))?.[0];
}

/**
 * Comments, regular expressions, strings and templates. A `/` begins an expression where no value can end before it; a template ends at the next backtick, which is wrong
 * for one within another and does no harm here.
 */
const TOKENS =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|(?<=(?:[(,=:[!&|?{};>]|\breturn|\n)\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/*\\\n[])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*\/[a-z]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

const isQuoted = (token: string) => token.startsWith("'") || token.startsWith('"');

/** The code with its strings, without comments and regular expressions. */
function withoutComments(text: string): string {
  return text.replace(TOKENS, (token) => (isQuoted(token) || token.startsWith('`') ? token : ' '));
}

/** The code alone: of strings nothing is left, of templates only what they compute. */
export function withoutStrings(text: string): string {
  return text.replace(TOKENS, (token) => {
    if (!token.startsWith('`')) return isQuoted(token) ? "''" : ' ';
    return [...token.matchAll(/\$\{([^}]*)\}/g)].map(([, code]) => ` (${code}) `).join('');
  });
}

const STATIC = /(?<![.\w$])(?:import|export)\s+(?:([\w\s{},*$]+?)\s+from\s+)?['"]([^'"\n]+)['"]/g;
const DYNAMIC = /(?<![.\w$])import\s*\(\s*([^)]*?)\s*[,)]/g;

/** Every import of a text: static, type-only, dynamic, and the `export … from`. */
export function findImports(text: string): readonly Import[] {
  const code = withoutComments(text);
  const statics = [...code.matchAll(STATIC)].map(([, names = '', from = '']): Import => {
    return {from, names, typeOnly: /^type\s+[\w{*]/.test(names)};
  });
  const dynamics = [...code.matchAll(DYNAMIC)].map(([, argument = '']): Import => {
    const literal = /^['"]([^'"]+)['"]$/.exec(argument)?.[1] ?? findConstant(code, argument);
    return {from: literal ?? `(${argument})`, names: '', typeOnly: false};
  });
  return [...statics, ...dynamics];
}

/** The string that a constant of the same file stands for: an optional package is named so, because the compiler would ask for it otherwise. */
function findConstant(code: string, name: string): string | undefined {
  if (!/^[\w$]+$/.test(name)) return undefined;
  return new RegExp(`\\bconst ${name}(?:: string)? = ['"]([^'"]+)['"];`).exec(code)?.[1];
}

/** A path that an import names, from the project's root; undefined when it names a package. */
function resolveImport(path: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined;
  return new URL(from, `file:///${path}`).pathname.slice(1);
}

/** @returns every rule that the file breaks, in words; empty when it breaks none. */
export function findFaults(file: SourceFile): readonly string[] {
  const room = roomOf(file.path);
  if (room === undefined) return [`${file.path} is in no room of the house`];
  const imports = findImports(file.text).flatMap((one) => findImportFault(file.path, room, one));
  return [...imports, ...findForbiddenWords(file, room)].map((fault) => `${file.path} ${fault}`);
}

function findImportFault(path: string, room: string, {from, typeOnly, names}: Import): string[] {
  if (from.startsWith('(')) return [`imports ${from}, which nobody can check`];
  const target = resolveImport(path, from);
  if (target === undefined) return findPackageFault(path, room, from, names);
  const other = roomOf(target);
  if (other === undefined) return [`imports ${from}, which is in no room`];
  if (ROOMS[room]?.from.includes(other) === true) return [];
  if (TYPES_FROM[room]?.includes(other) === true) {
    return typeOnly ? [] : [`imports more than types from ${other} (${from})`];
  }
  return [`is in ${room} and imports from ${other} (${from})`];
}

function findPackageFault(path: string, room: string, from: string, names: string): string[] {
  const bare = from.replace(/^node:/, '');
  if (bare === 'child_process') return ['imports child_process'];
  if (bare === 'process' && room !== 'cli') return ['imports process'];
  if (/^fs(?:\/|$)/.test(bare) && /\b(?:cp|cpSync|copyFile|copyFileSync)\b/.test(names)) {
    return ['imports a copy function of fs'];
  }
  const isAllowedInCore =
    PACKAGES_OF_CORE.has(from) || (from === 'node:path' && USERS_OF_PATH.has(path));
  if (room === 'core' && !isAllowedInCore) return [`is in core and imports ${from}`];
  const isForScreens = PACKAGES_OF_SCREENS.has(from) || from.startsWith('react/');
  const hasScreens = room === 'components' || room === 'cli';
  return isForScreens && !hasScreens ? [`is in ${room} and imports ${from}`] : [];
}

/** Not a member of something else: `.process` is nobody's process. */
const named = (word: string) => new RegExp(`(?<![.\\w$])${word}(?![\\w$])`);

const FORBIDDEN: ReadonlyArray<readonly [what: string, pattern: RegExp]> = [
  ['copies with fs.copyFile or fs.cp', /\b(?:copyFile|copyFileSync|cpSync)\b|\bfs\w*\.cp\b/],
  ['asks for a shell', /\bshell\s*:/],
  ['calls exec', /(?<![.\w$])exec(?:Sync|File|FileSync)?\s*\(/],
  ['loads with require', /(?<![.\w$])require\s*\(\s*['"]/],
  ['reaches for globals', named('globalThis')],
];

/** Only the file that ends the program may say these. */
const FOR_CLI: ReadonlyArray<readonly [what: string, pattern: RegExp]> = [
  ['names process', named('process')],
  ['calls exit', /(?<![\w$])exit\s*\(/],
  ['uses console', named('console')],
];

function findForbiddenWords({text}: SourceFile, room: string): string[] {
  const code = withoutStrings(text);
  const patterns = room === 'cli' ? FORBIDDEN : [...FORBIDDEN, ...FOR_CLI];
  return patterns.flatMap(([what, pattern]) => (pattern.test(code) ? [what] : []));
}
