/**
 * Reads out of XMP what a photographer said of a picture. XMP may come from anywhere: nothing is declared, fetched or expanded, a document type ends the reading, depth, tags and keywords are
 * bounded, and time grows with the length alone. Attributes and elements are both legal (XMP specification part 1, 7.9.2.2).
 */
import {NO_FACTS, type PictureFacts, toPick, toRating} from './picture-facts.ts';
import {decodeXml, readXmlTag, skipXmlSection} from './xml-tags.ts';

export interface XmpFacts extends PictureFacts {
  /** `photoshop:SidecarForExtension` in capitals: which of several files of one name a sidecar belongs to. */
  readonly extension: string | undefined;
}

export const NOTHING_SAID: XmpFacts = {...NO_FACTS, extension: undefined};

const XMP = 'http://ns.adobe.com/xap/1.0/';
const XMP_DM = 'http://ns.adobe.com/xmp/1.0/DynamicMedia/';
const PHOTOSHOP = 'http://ns.adobe.com/photoshop/1.0/';
const LIGHTROOM = 'http://ns.adobe.com/lightroom/1.0/';
const DUBLIN = 'http://purl.org/dc/elements/1.1/';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const META = 'adobe:ns:meta/';

const DESCRIPTION = `${RDF} Description`;
const ROOT = `${RDF} RDF`;
const LISTS = new Set([`${RDF} Bag`, `${RDF} Seq`, `${RDF} Alt`]);
const KEYWORD_LISTS = new Set([`${DUBLIN} subject`, `${LIGHTROOM} hierarchicalSubject`]);

/** Far more than any XMP has. */
const DEEPEST = 200;
const MOST_KEYWORDS = 5000;
/** UTF-16 units. */
const LONGEST_TEXT = 1000;

/** @returns what the first description of the text says. */
export function readXmp(text: string): XmpFacts {
  const said = new Said();
  const prefixes = new Map<string, string>();
  /** Names of the open elements, as `namespace local`. */
  const open: string[] = [];
  const nameOf = (qualified: string): string => {
    const cut = qualified.indexOf(':');
    if (cut < 0) return qualified;
    return `${prefixes.get(qualified.slice(0, cut)) ?? ''} ${qualified.slice(cut + 1)}`;
  };
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skipped = skipXmlSection(text, at);
    if (skipped === 'open') break;
    if (skipped !== undefined) {
      at = skipped;
      continue;
    }
    if (text.startsWith('<!', at)) return NOTHING_SAID;
    const tag = readXmlTag(text, at + 1);
    if (tag === undefined) break;
    at = tag.end;
    if (tag.isEnd) {
      open.pop();
      continue;
    }
    for (const [name, value] of tag.attributes) {
      if (name.startsWith('xmlns:')) prefixes.set(name.slice('xmlns:'.length), value);
    }
    const name = nameOf(tag.name);
    // What describes the picture itself; what it was made of is described further inside.
    const isDescribed = open.at(-1) === ROOT && name === DESCRIPTION;
    if (isDescribed || name === `${META} xmpmeta`) {
      for (const [one, value] of tag.attributes) said.take(nameOf(one), value);
    }
    if (!tag.isEmpty) {
      const end = text.indexOf('<', at);
      const inside = text.slice(at, end < 0 ? at : Math.min(end, at + LONGEST_TEXT));
      if (open.at(-1) === DESCRIPTION && open.at(-2) === ROOT) said.take(name, inside);
      if (isKeyword(open, name)) said.addKeyword(inside);
      if (open.length >= DEEPEST) break;
      open.push(name);
    }
  }
  return said.conclude();
}

/** An entry of a list of keywords of the picture itself. */
const isKeyword = (open: readonly string[], name: string): boolean =>
  name === `${RDF} li` &&
  LISTS.has(open.at(-1) ?? '') &&
  KEYWORD_LISTS.has(open.at(-2) ?? '') &&
  open.at(-3) === DESCRIPTION &&
  open.at(-4) === ROOT;

class Said {
  readonly #values = new Map<string, string>();
  readonly #keywords = new Set<string>();
  #hasKeywords = false;

  /** Of several descriptions the first counts. */
  take(name: string, value: string): void {
    if (KEYWORD_LISTS.has(name)) this.#hasKeywords = true;
    else if (!this.#values.has(name)) this.#values.set(name, value.slice(0, LONGEST_TEXT));
  }

  addKeyword(text: string): void {
    const keyword = decodeXml(text).trim();
    if (keyword !== '' && this.#keywords.size < MOST_KEYWORDS) this.#keywords.add(keyword);
  }

  conclude(): XmpFacts {
    const isWhole = this.#isOfAdobe();
    return {
      rating: readRating(this.#values.get(`${XMP} Rating`)) ?? (isWhole ? 0 : undefined),
      pick: this.#readPick(),
      labels: this.#readLabels() ?? (isWhole ? [] : undefined),
      keywords: this.#hasKeywords || isWhole ? [...this.#keywords] : undefined,
      extension: this.#values.get(`${PHOTOSHOP} SidecarForExtension`)?.trim().toUpperCase(),
    };
  }

  /**
   * Adobe's programs leave away what a picture has not: the rating of one without stars, its label, its keywords. They are known by their toolkit and by the moment at which they wrote
   * (`xmp:MetadataDate`, part 1, 8.4), which cameras and phones with that toolkit do not have. Flags are in XMP since Lightroom Classic 13.2 only, and then all of them.
   */
  #isOfAdobe(): boolean {
    const toolkit = this.#values.get(`${META} xmptk`) ?? '';
    return toolkit.startsWith('Adobe XMP Core') && this.#values.has(`${XMP} MetadataDate`);
  }

  #readPick(): PictureFacts['pick'] {
    const pick = this.#values.get(`${XMP_DM} pick`)?.trim() ?? '';
    if (/^-?[01]$/.test(pick)) return toPick(Number(pick));
    const good = this.#values.get(`${XMP_DM} good`)?.trim().toLowerCase();
    if (good === 'true') return 1;
    return good === 'false' ? -1 : undefined;
  }

  /** The colour is the same in every language; the text is what the user sees. */
  #readLabels(): readonly string[] | undefined {
    const found = [`${PHOTOSHOP} LabelColor`, `${XMP} Label`].flatMap((name) => {
      const value = this.#values.get(name);
      return value === undefined ? [] : [decodeXml(value).trim()];
    });
    if (found.length === 0) return undefined;
    return [...new Set(found.filter((one) => one !== '' && one.toLowerCase() !== 'none'))];
  }
}

function readRating(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*-?\d(?:\.\d{1,6})?\s*$/.test(text)) return undefined;
  return toRating(Number(text));
}
