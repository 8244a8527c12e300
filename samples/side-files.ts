/** The small files beside pictures: ratings and print orders. */
import {type CardTime, toExifDate, toIsoDate} from './card-time.ts';
import {CAMERA} from './exif.ts';

/** @returns an XMP sidecar (ISO 16684-1) with the rating (1 to 5) and the colour label of a raw file. */
export function writeSidecar(about: {rating: number; label: string; at: CardTime}): Buffer {
  return Buffer.from(`<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmp:Rating="${about.rating}"
    xmp:Label="${about.label}"
    xmp:MetadataDate="${toIsoDate(about.at)}"
    photoshop:SidecarForExtension="CR2"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`);
}

/**
 * @param pictures paths below the card's root.
 * @returns an order of one print each, in the Digital Print Order Format 1.10 (Canon, Kodak, Fuji, Matsushita, 2000).
 */
export function writePrintOrder(pictures: readonly string[], at: CardTime): Buffer {
  const jobs = pictures.flatMap((path, index) => [
    '',
    '[JOB]',
    `PRT PID = ${String(index + 1).padStart(3, '0')}`,
    'PRT TYP = STD',
    'PRT QTY = 001',
    'IMG FMT = EXIF2 -J',
    `<IMG SRC = "../${path}">`,
  ]);
  const lines = [
    '[HDR]',
    'GEN REV = 01.10',
    `GEN CRT = "${CAMERA.model}"`,
    `GEN DTM = ${toExifDate(at).replace(' ', ':')}`,
    ...jobs,
  ];
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1');
}
