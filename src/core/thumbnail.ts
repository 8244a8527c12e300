import type {CardPath} from './card.ts';

/** A small picture, ready to be drawn with half blocks: two rows of pixels in one line of text. */
export interface Thumbnail {
  /** The picture on the card. */
  readonly path: CardPath;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** `width * height` colours, row by row, each 0xRRGGBB; null when the picture has no preview that can be read. */
  readonly pixels: readonly number[] | null;
}
