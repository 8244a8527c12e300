/** A second reader of ASC MHL histories, written on its own: reads, counts and hashes as the rules of the format say, and shares no code with the program. */
import {createHash} from 'node:crypto';
import {lstat, readdir, readFile} from 'node:fs/promises';
import {join, relative} from 'node:path';
import {xxhash3, xxhash64, xxhash128} from 'hash-wasm';

const FORMATS = ['c4', 'md5', 'sha1', 'xxh128', 'xxh3', 'xxh64'];

export function c4(bytes: Uint8Array): string {
  let number = BigInt(`0x${createHash('sha512').update(bytes).digest('hex')}`);
  const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let text = '';
  for (let digit = 0; digit < 88; digit++) {
    text = letters[Number(number % 58n)] + text;
    number /= 58n;
  }
  return `c4${text}`;
}

export async function hashOf(format: string, bytes: Uint8Array): Promise<string> {
  switch (format) {
    case 'c4':
      return c4(bytes);
    case 'md5':
    case 'sha1':
      return createHash(format).update(bytes).digest('hex');
    case 'xxh64':
      return await xxhash64(bytes);
    case 'xxh3':
      return await xxhash3(bytes);
    case 'xxh128':
      return await xxhash128(bytes);
    default:
      throw new Error(`no format: ${format}`);
  }
}

/** The bytes behind a hash's text. */
function binary(format: string, text: string): Buffer {
  if (format !== 'c4') return Buffer.from(text, 'hex');
  const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  const number = [...text.slice(2)].reduce(
    (sum, one) => sum * 58n + BigInt(letters.indexOf(one)),
    0n,
  );
  return Buffer.from(number.toString(16).padStart(128, '0'), 'hex');
}

const plainText = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#9;', '\t')
    .replaceAll('&#10;', '\n')
    .replaceAll('&#13;', '\r')
    .replaceAll('&amp;', '&');

export interface Entry {
  readonly format: string;
  readonly value: string;
  readonly action: string | undefined;
}

export interface Generation {
  readonly name: string;
  readonly text: string;
  readonly process: string;
  readonly ignore: readonly string[];
  readonly root: ReadonlyMap<string, {content: string; structure: string}>;
  readonly files: ReadonlyMap<string, readonly Entry[]>;
  readonly folders: ReadonlyMap<string, ReadonlyMap<string, {content: string; structure: string}>>;
  readonly references: readonly {path: string; c4: string}[];
}

function hashesIn(text: string): readonly Entry[] {
  return [...text.matchAll(/<(c4|md5|sha1|xxh128|xxh3|xxh64)([^>]*)>([^<]*)<\/\1>/g)].map(
    ([, format = '', attributes = '', value = '']) => ({
      format,
      value,
      action: /action="(\w+)"/.exec(attributes)?.[1],
    }),
  );
}

const inside = (text: string, name: string) =>
  new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(text)?.[1] ?? '';

function folderHashes(text: string): Map<string, {content: string; structure: string}> {
  const structures = hashesIn(inside(text, 'structure'));
  return new Map(
    hashesIn(inside(text, 'content')).map(({format, value}) => [
      format,
      {content: value, structure: structures.find((one) => one.format === format)?.value ?? ''},
    ]),
  );
}

function readGeneration(name: string, text: string): Generation {
  const entries = (kind: string) => [
    ...text.matchAll(
      new RegExp(`<${kind}>\\s*<path[^>]*>([^<]*)</path>([\\s\\S]*?)</${kind}>`, 'g'),
    ),
  ];
  const unique = <T>(pairs: [string, T][]) => {
    const map = new Map(pairs);
    if (map.size < pairs.length) throw new Error('a path stands twice');
    return map;
  };
  return {
    name,
    text,
    process: inside(text, 'process'),
    ignore: [...inside(text, 'ignore').matchAll(/<pattern>([^<]*)<\/pattern>/g)].map(
      ([, one = '']) => plainText(one),
    ),
    root: folderHashes(inside(text, 'roothash')),
    files: unique(
      entries('hash').map(([, path = '', rest = '']) => [
        plainText(path),
        hashesIn(rest.replace(/<metadata>[\s\S]*<\/metadata>/, '')),
      ]),
    ),
    folders: unique(
      entries('directoryhash').map(([, path = '', rest = '']) => [
        plainText(path),
        folderHashes(rest),
      ]),
    ),
    references: entries('hashlistreference').map(([, path = '', rest = '']) => ({
      path: plainText(path),
      c4: inside(rest, 'c4'),
    })),
  };
}

/** @returns all generations of a history, oldest first. @param root the folder that it is of. */
export async function readGenerations(root: string): Promise<readonly Generation[]> {
  const names = (await readdir(join(root, 'ascmhl'))).filter((name) =>
    /^\d{4,}.*\.mhl$/.test(name),
  );
  return await Promise.all(
    names
      .sort()
      .map(async (name) =>
        readGeneration(name, await readFile(join(root, 'ascmhl', name), 'utf8')),
      ),
  );
}

/**
 * Checks a history as a careful reader does.
 * @returns what is wrong, empty when it holds: `chain …`, `form …`, `missing …`, `new …`, `changed …`, `folder …`.
 */
export async function checkHistory(root: string): Promise<readonly string[]> {
  const generations = await readGenerations(root);
  const faults = [...(await checkChain(root, generations)), ...generations.flatMap(checkForm)];
  const ignore = new Set(generations.at(-1)?.ignore ?? []);
  const isIgnored = (name: string) =>
    ignore.has(name) || name.startsWith('._') || name.startsWith('.offload-');
  const tree: {files: string[]; folders: string[]} = {files: [], folders: []};
  const nested: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const name of await readdir(folder)) {
      if (isIgnored(name)) continue;
      const path = join(folder, name);
      if (!(await lstat(path)).isDirectory()) tree.files.push(relative(root, path));
      else {
        tree.folders.push(relative(root, path));
        if ((await readdir(path)).includes('ascmhl')) nested.push(relative(root, path));
        await walk(path);
      }
    }
  };
  await walk(root);
  const isNested = (path: string) => nested.some((one) => path.startsWith(`${one}/`));
  const own = tree.files.filter((path) => !isNested(path));
  for (const {files} of generations) {
    for (const path of files.keys()) if (!tree.files.includes(path)) faults.push(`missing ${path}`);
  }
  const originals = new Map<string, Map<string, string>>();
  for (const {files} of generations) {
    for (const [path, entries] of files) {
      const known = originals.get(path);
      const first = known ?? new Map<string, string>();
      if (known === undefined && entries.every(({action}) => action === 'original')) {
        originals.set(path, first);
      }
      for (const {format, value, action} of entries) {
        if (action !== 'failed' && !first.has(format)) first.set(format, value);
      }
    }
  }
  for (const path of own) {
    const first = originals.get(path);
    if (first === undefined) faults.push(`new ${path}`);
    for (const [format, value] of first ?? []) {
      const actual = await hashOf(format, await readFile(join(root, path)));
      if (actual !== value) faults.push(`changed ${path} (${format})`);
    }
  }
  const last = generations.at(-1);
  for (const [path, hashes] of [...(last?.folders ?? []), ['', last?.root ?? new Map()] as const]) {
    for (const [format, {content, structure}] of hashes) {
      const actual = await hashFolder(join(root, path), format, isIgnored);
      if (actual.content !== content) faults.push(`folder ${path}: content`);
      if (actual.structure !== structure) faults.push(`folder ${path}: structure`);
    }
  }
  return faults;
}

/** Straight from the words of the format: lists over the immediate children, sorted as texts, joined as bytes. */
async function hashFolder(
  folder: string,
  format: string,
  isIgnored: (name: string) => boolean,
): Promise<{content: string; structure: string}> {
  const contents: string[] = [];
  const structures: string[] = [];
  for (const name of await readdir(folder)) {
    if (isIgnored(name)) continue;
    const path = join(folder, name);
    const isFolder = (await lstat(path)).isDirectory();
    const plain = isFolder ? '' : await hashOf(format, await readFile(path));
    const own = isFolder
      ? await hashFolder(path, format, isIgnored)
      : {content: plain, structure: plain};
    contents.push(own.content);
    const named = Buffer.concat([Buffer.from(name, 'utf8'), binary(format, own.structure)]);
    structures.push(await hashOf(format, named));
  }
  const list = (hashes: string[]) =>
    hashOf(format, Buffer.concat(hashes.sort().map((hash) => binary(format, hash))));
  return {content: await list(contents), structure: await list(structures)};
}

async function checkChain(root: string, generations: readonly Generation[]): Promise<string[]> {
  const text = await readFile(join(root, 'ascmhl/ascmhl_chain.xml'), 'utf8');
  const faults: string[] = [];
  if (!text.includes('<ascmhldirectory xmlns="urn:ASC:MHL:DIRECTORY:v2.0">'))
    faults.push('chain form');
  const links = [
    ...text.matchAll(
      /<hashlist sequencenr="(\d+)">\s*<path>([^<]*)<\/path>\s*<c4>(\w+)<\/c4>\s*<\/hashlist>/g,
    ),
  ];
  if (links.length !== generations.length) faults.push('chain length');
  for (const [index, [, number, name = '', hash]] of links.entries()) {
    if (Number(number) !== index + 1) faults.push(`chain ${number}: gap`);
    const bytes = await readFile(join(root, 'ascmhl', plainText(name)));
    if (c4(bytes) !== hash) faults.push(`chain ${number}: c4`);
    if (generations[index]?.name !== plainText(name)) faults.push(`chain ${number}: name`);
  }
  return faults;
}

/** What the schema does not hold. */
function checkForm({name, text, files, folders, ignore, references}: Generation): string[] {
  const faults: string[] = [];
  const fault = (what: string) => void faults.push(`form ${name}: ${what}`);
  if (!/^\d{4,}_.+_\d{4}-\d\d-\d\d_\d{6}Z\.mhl$/.test(name)) fault('name');
  if (text.startsWith('\uFEFF') || text.includes('\r')) fault('bytes');
  for (const pattern of ['.DS_Store', 'ascmhl', 'ascmhl/']) {
    if (!ignore.includes(pattern)) fault(`ignores no ${pattern}`);
  }
  if (ignore.some((one) => one.slice(0, -1).includes('/'))) fault('an anchored pattern');
  for (const path of [...files.keys(), ...folders.keys(), ...references.map((one) => one.path)]) {
    if (path.startsWith('/') || /(?:^|\/)\.\.?(?:\/|$)/.test(path)) fault(`path ${path}`);
  }
  for (const [path, entries] of files) {
    if (entries.length === 0) fault(`${path} has no hash`);
    const formats = entries.map(({format}) => format);
    const order = FORMATS.filter((format) => formats.includes(format));
    if (order.join() !== formats.join()) fault(`${path}: order of ${formats.join()}`);
    for (const {format, value, action} of entries) {
      if (action === undefined) fault(`${path} has no action`);
      if (format !== 'c4' && value !== value.toLowerCase()) fault(`${path} in upper case`);
    }
  }
  for (const [, inner = ''] of text.matchAll(/<metadata>([\s\S]*?)<\/metadata>/g)) {
    if (!/^<blake3 xmlns="[^"]+">[0-9a-f]{64}<\/blake3>$/.test(inner)) fault('metadata');
  }
  return faults;
}
