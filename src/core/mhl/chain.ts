/** The chain of a history: every manifest with its C4 (ASC MHL specification v1.0, "Chain File"; the XML schema `urn:ASC:MHL:DIRECTORY:v2.0`). */
import {isHashText} from './formats.ts';
import {generationOf} from './manifest-names.ts';
import {childOf, childrenOf, readXml} from './read-xml.ts';
import {escapeXml} from './xml-text.ts';

const CHAIN_NAMESPACE = 'urn:ASC:MHL:DIRECTORY:v2.0';

export interface ChainLink {
  /** 1, 2, 3 … without gaps. */
  readonly number: number;
  /** Name of the manifest, which lies beside the chain. */
  readonly name: string;
  /** C4 of its bytes. */
  readonly c4: string;
}

/** @returns the chain's text. */
export function writeChain(links: readonly ChainLink[]): string {
  const lines = links.flatMap(({number, name, c4}) => [
    `  <hashlist sequencenr="${number}">`,
    `    <path>${escapeXml(name)}</path>`,
    `    <c4>${c4}</c4>`,
    '  </hashlist>',
  ]);
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<ascmhldirectory xmlns="${CHAIN_NAMESPACE}">`,
    ...lines,
    '</ascmhldirectory>',
  ].join('\n')}\n`;
}

/** @returns the links in their order; undefined when it is no chain, has a gap, or names something else than manifests beside it. */
export function readChain(text: string): readonly ChainLink[] | undefined {
  const root = readXml(text);
  if (root?.name !== 'ascmhldirectory' || root.namespace !== CHAIN_NAMESPACE) return undefined;
  const links = childrenOf(root, 'hashlist')
    .map((element) => ({
      number: Number(element.attributes.get('sequencenr')),
      name: childOf(element, 'path')?.text ?? '',
      c4: childOf(element, 'c4')?.text.trim() ?? '',
    }))
    .sort((a, b) => a.number - b.number);
  const isWhole = links.every(
    ({number, name, c4}, index) =>
      number === index + 1 &&
      generationOf(name) === number &&
      !/[/\\\p{Cc}]/u.test(name) &&
      isHashText('c4', c4),
  );
  return isWhole && links.length > 0 ? links : undefined;
}
