/** Writes a manifest: the XML schema `urn:ASC:MHL:v2.0`, with the rules of the specification that the schema does not hold. */
import {MHL_FORMATS} from './formats.ts';
import type {
  FolderHash,
  MhlFile,
  MhlFolder,
  MhlHash,
  MhlManifest,
  MhlReference,
} from './manifest-model.ts';
import {escapeXml} from './xml-text.ts';

export const MHL_NAMESPACE = 'urn:ASC:MHL:v2.0';

/** Of the element in which a file's BLAKE3 stands: readers of ASC MHL pass metadata over. */
export const BLAKE3_NAMESPACE = 'urn:offload:blake3';

/** @returns the manifest's text. */
export function writeManifest(manifest: MhlManifest): string {
  const {createdAt, host, tool, comment, ignore, references} = manifest;
  const entries = inPostOrder(manifest).map((entry) =>
    'hashes' in entry ? writeFile(entry) : writeFolder(entry),
  );
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<hashlist version="2.0" xmlns="${MHL_NAMESPACE}">`,
    '  <creatorinfo>',
    `    <creationdate>${escapeXml(createdAt)}</creationdate>`,
    `    <hostname>${escapeXml(host)}</hostname>`,
    `    <tool version="${escapeXml(tool.version)}">${escapeXml(tool.name)}</tool>`,
    ...(comment === undefined ? [] : [`    <comment>${escapeXml(comment)}</comment>`]),
    '  </creatorinfo>',
    '  <processinfo>',
    `    <process>${manifest.how}</process>`,
    `    <roothash>${writeHashes(manifest.root)}</roothash>`,
    '    <ignore>',
    ...ignore.map((pattern) => `      <pattern>${escapeXml(pattern)}</pattern>`),
    '    </ignore>',
    '  </processinfo>',
    // The schema knows no empty list.
    ...(entries.length === 0 ? [] : ['  <hashes>', ...entries, '  </hashes>']),
    ...(references.length === 0 ? [] : writeReferences(references)),
    '</hashlist>',
  ];
  return `${lines.join('\n')}\n`;
}

/** A folder comes behind all that lies in it; names in the order of code points, as the reference implementation has them. */
function inPostOrder({files, folders}: MhlManifest): readonly (MhlFile | MhlFolder)[] {
  const keyOf = (entry: MhlFile | MhlFolder) =>
    [...entry.path.split('/'), ...('hashes' in entry ? [] : [BEHIND_ALL])].map(codePoints);
  return [...files, ...folders]
    .map((entry) => ({entry, key: keyOf(entry)}))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({entry}) => entry);
}

const BEHIND_ALL = '\u{10FFFF}';

/** UTF-16 puts pairs before U+E000: bytes of UTF-8 sort like code points. */
const encoder = new TextEncoder();
const codePoints = (name: string) => encoder.encode(name);

function compareKeys(a: readonly Uint8Array[], b: readonly Uint8Array[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareBytes(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (const [index, byte] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (byte !== other) return byte - other;
  }
  return a.length - b.length;
}

function writeFile({path, size, mtimeNs, hashes, blake3}: MhlFile): string {
  return [
    '    <hash>',
    `      <path size="${size}"${writeTime(mtimeNs)}>${escapeXml(path)}</path>`,
    ...inOrder(hashes).map((hash) => `      ${writeHash(hash)}`),
    ...(blake3 === undefined
      ? []
      : [`      <metadata><blake3 xmlns="${BLAKE3_NAMESPACE}">${blake3}</blake3></metadata>`]),
    '    </hash>',
  ].join('\n');
}

const inOrder = (hashes: readonly MhlHash[]) =>
  MHL_FORMATS.flatMap((format) => hashes.find((hash) => hash.format === format) ?? []);

const writeHash = ({format, value, action, at}: MhlHash) =>
  `<${format} action="${action}" hashdate="${escapeXml(at)}">${value}</${format}>`;

function writeFolder({path, hash}: MhlFolder): string {
  return [
    '    <directoryhash>',
    `      <path>${escapeXml(path)}</path>`,
    `      ${writeHashes(hash)}`,
    '    </directoryhash>',
  ].join('\n');
}

/** Both are there and empty where no hash is: the reference implementation looks for them in every generation. */
function writeHashes(hash: FolderHash | undefined): string {
  if (hash === undefined) return '<content/><structure/>';
  const {format, content, structure} = hash;
  return `<content><${format}>${content}</${format}></content><structure><${format}>${structure}</${format}></structure>`;
}

/** Whole seconds, UTC. A clock can say anything: `xs:dateTime` has years of four digits. */
function writeTime(mtimeNs: bigint): string {
  const time = new Date(Number(mtimeNs / 1_000_000n));
  const year = time.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) return '';
  return ` lastmodificationdate="${time.toISOString().slice(0, 19)}+00:00"`;
}

function writeReferences(references: readonly MhlReference[]): readonly string[] {
  return [
    '  <references>',
    ...references.flatMap(({path, c4}) => [
      '    <hashlistreference>',
      `      <path>${escapeXml(path)}</path>`,
      `      <c4>${c4}</c4>`,
      '    </hashlistreference>',
    ]),
    '  </references>',
  ];
}
