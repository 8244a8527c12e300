/** Reads a manifest that may come from anywhere. */
import {relativePath} from '../manifest.ts';
import {isHashText, isMhlFormat, type MhlFormat} from './formats.ts';
import type {MhlAction} from './manifest-model.ts';
import {childOf, childrenOf, readXml, type XmlElement} from './read-xml.ts';
import {MHL_NAMESPACE} from './write-manifest.ts';

/** A hash that a manifest states. Without an action nothing is compared with it. */
export interface StatedHash {
  readonly format: MhlFormat;
  readonly value: string;
  readonly action: MhlAction | undefined;
}

export interface StatedFile {
  readonly path: string;
  readonly hashes: readonly StatedHash[];
}

/** What matters of a manifest for the next generation. */
export interface ReadManifest {
  readonly files: readonly StatedFile[];
  readonly ignore: readonly string[];
  /** Name of the program that wrote it. */
  readonly tool: string;
}

/** @returns what the manifest states; undefined when it is no manifest of ASC MHL v2. Entries whose paths lead out of the folder, and hashes that are none, are passed over. */
export function readManifest(text: string): ReadManifest | undefined {
  const root = readXml(text);
  if (root?.name !== 'hashlist' || root.namespace !== MHL_NAMESPACE) return undefined;
  if (root.attributes.get('version') !== '2.0') return undefined;
  const processInfo = childOf(root, 'processinfo');
  const ignore = processInfo && childOf(processInfo, 'ignore');
  const hashes = childOf(root, 'hashes');
  const creator = childOf(root, 'creatorinfo');
  const tool = creator && childOf(creator, 'tool')?.text.trim();
  return {
    tool: tool ?? '',
    files: hashes === undefined ? [] : childrenOf(hashes, 'hash').flatMap(readFile),
    ignore: ignore === undefined ? [] : childrenOf(ignore, 'pattern').map(({text: one}) => one),
  };
}

function readFile(element: XmlElement): readonly StatedFile[] {
  const path = childOf(element, 'path')?.text ?? '';
  if (!relativePath.safeParse(path).success) return [];
  const hashes = element.children.flatMap(({name, namespace, text, attributes}): StatedHash[] => {
    const value = text.trim();
    if (namespace !== element.namespace || !isMhlFormat(name) || !isHashText(name, value)) {
      return [];
    }
    return [{format: name, value, action: actionOf(attributes.get('action'))}];
  });
  return [{path, hashes}];
}

function actionOf(text: string | undefined): MhlAction | undefined {
  return text === 'original' || text === 'verified' || text === 'failed' ? text : undefined;
}
