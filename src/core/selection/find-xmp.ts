/** Finds XMP in the bytes of a picture, where a program has written it as it is. */
import {readXmp, type XmpFacts} from './read-xmp.ts';

const PACKET_START = '<rdf:RDF';
const PACKET_END = '</rdf:RDF>';
/** What may stand around it and declare its names; UTF-16 units. */
const WRAPPER = '<x:xmpmeta';
const LONGEST_WRAPPER = 4096;
/** A picture has one, and its previews may have some. */
const MOST_PACKETS = 100;

/** @param bytes of a picture as Latin-1 text. @returns what each XMP in it says, in their order. */
export function* findXmp(bytes: string): Generator<XmpFacts> {
  let at = bytes.indexOf(PACKET_START);
  for (let found = 0; at >= 0 && found < MOST_PACKETS; found += 1) {
    const end = bytes.indexOf(PACKET_END, at);
    if (end < 0) return;
    const before = Math.max(0, at - LONGEST_WRAPPER);
    const wrapper = bytes.slice(before, at).lastIndexOf(WRAPPER);
    const start = wrapper < 0 ? at : before + wrapper;
    // XMP in files is UTF-8 (part 3, 1.1), whatever stands around it.
    const text = Buffer.from(bytes.slice(start, end + PACKET_END.length), 'latin1');
    yield readXmp(text.toString('utf8'));
    at = bytes.indexOf(PACKET_START, end);
  }
}
