/** How much a phrase asks of the eye; the screens choose the colour. */
export type Tone = 'plain' | 'quiet' | 'decision' | 'failure';

/** Printable words for a place whose width is not known here. */
export interface Phrase {
  readonly tone: Tone;
  /** The same in fewer and fewer words; the first that has room is shown. */
  readonly forms: readonly string[];
}
