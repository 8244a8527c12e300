/** Pictures with metadata, made for rules that choose among them. */
import {seededBytes} from './run-offload.ts';

export interface MadeXmp {
  readonly rating?: number;
  readonly pick?: number;
  /** Text and colour of the label. */
  readonly label?: string;
  readonly colour?: string;
  readonly keywords?: readonly string[];
  readonly hierarchy?: readonly string[];
  readonly extension?: string;
  readonly toolkit?: string;
  /** With the moment at which a program wrote it. */
  readonly changed?: boolean;
}

const NAMES = [
  ['rdf', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'],
  ['xmp', 'http://ns.adobe.com/xap/1.0/'],
  ['xmpDM', 'http://ns.adobe.com/xmp/1.0/DynamicMedia/'],
  ['photoshop', 'http://ns.adobe.com/photoshop/1.0/'],
  ['dc', 'http://purl.org/dc/elements/1.1/'],
  ['lr', 'http://ns.adobe.com/lightroom/1.0/'],
]
  .map(([prefix, name]) => `xmlns:${prefix}="${name}"`)
  .join(' ');

/** @returns XMP as Lightroom Classic 15 writes it (attributes for values, bags for lists). Texts go in as they are. */
export function madeXmp(made: MadeXmp): string {
  const {rating, pick, label, colour, keywords, hierarchy, extension, toolkit = 'XMP Core'} = made;
  const values: ReadonlyArray<readonly [name: string, value: string | number | undefined]> = [
    ['xmp:Rating', rating],
    ['xmpDM:pick', pick],
    ['xmp:Label', label],
    ['photoshop:LabelColor', colour],
    ['photoshop:SidecarForExtension', extension],
    ['xmp:MetadataDate', made.changed === true ? '2026-11-22T20:00:00+01:00' : undefined],
  ];
  const attributes = values
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
  const list = (name: string, texts: readonly string[] | undefined) =>
    texts === undefined
      ? ''
      : `<${name}><rdf:Bag>${texts.map((text) => `<rdf:li>${text}</rdf:li>`).join('')}</rdf:Bag></${name}>`;
  const inside = list('dc:subject', keywords) + list('lr:hierarchicalSubject', hierarchy);
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="${toolkit}"><rdf:RDF ${NAMES}><rdf:Description rdf:about=""${attributes}>${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;
}

/** @returns a JPEG's segments with XMP in them, and bytes of its own behind. */
export function madeJpeg(made: MadeXmp, length = 5000): Buffer {
  const body = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${madeXmp(made)}`, 'utf8');
  const head = Buffer.alloc(6);
  head.writeUInt16BE(0xffd8, 0);
  head.writeUInt16BE(0xffe1, 2);
  head.writeUInt16BE(body.length + 2, 4);
  const scan = Buffer.from([0xff, 0xda, 0, 2]);
  return Buffer.concat([head, body, scan, seededBytes(JSON.stringify(made), length)]);
}
