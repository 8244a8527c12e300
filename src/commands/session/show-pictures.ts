import type {Program} from '../program.ts';
import {makeThumbnails} from '../survey/make-thumbnails.ts';
import type {Desk} from './desk.ts';
import type {Surroundings} from './surroundings.ts';

interface ShowPictures {
  readonly program: Program;
  readonly desk: Desk;
  readonly surroundings: Surroundings;
}

/** Pixels of a picture: two of them stand in one line of text, so that two rows of pictures have room in 24 lines. */
const WIDTH = 24;
const HEIGHT = 14;

/** Makes the strip of a card's pictures, one by one. Ends early when the strip is closed. */
export async function showPictures(
  {program, desk, surroundings}: ShowPictures,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const {thumbnails} = program.settings.settings;
  if (!thumbnails) desk.dispatch({type: 'told', cause: switchedOff});
  const listing = thumbnails ? await surroundings.listingOf(path) : undefined;
  if (listing !== undefined) {
    await makeThumbnails(program, {
      real: path,
      listing,
      width: WIDTH,
      height: HEIGHT,
      signal,
      onThumbnail: (thumbnail) => desk.dispatch({type: 'thumbnail-made', card: path, thumbnail}),
    });
  }
  if (!signal.aborted) desk.dispatch({type: 'thumbnails-complete', card: path});
}

const switchedOff = {
  code: 'thumbnails-off',
  message: 'pictures are switched off in the settings',
  next: 'Remove "thumbnails" from settings.json to see them.',
};
