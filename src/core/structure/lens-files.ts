import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type FileParts, groupBy, partsOf} from './file-parts.ts';

/** Insta360 writes the film of each lens into a file of its own, `VID_20220110_121609_00_657.insv` and `…_10_657.insv`, at its highest resolutions; at lower ones and with one lens there is one file. */
const LENS = /^((?:PRO_)?VID_\d{8}_\d{6})_(00|10)_(\d{3})$/;

/** Of the films on the card so many must have both. */
const USUAL = 0.9;
const FEWEST_PAIRS = 2;

/** `lens-missing`: one of two lenses, where nearly all films have both. */
export const findMissingLenses: CardCheck = (files) => {
  const parts = files.map(partsOf).filter(({ext}) => ext === 'INSV');
  const films = [...groupBy(parts, filmOf).values()];
  const lone = films.filter((film) => film.length === 1);
  const pairs = films.length - lone.length;
  if (pairs < FEWEST_PAIRS || (lone.length > 1 && pairs < films.length * USUAL)) return [];
  return lone.flatMap(([file]): Warning[] =>
    file === undefined
      ? []
      : [
          {
            code: 'lens-missing',
            path: file.path,
            message: `has the picture of one lens only, and the other films have both. ${ABSENT}`,
          },
        ],
  );
};

function filmOf({folder, stem}: FileParts): string | undefined {
  const [, taken, , number] = LENS.exec(stem) ?? [];
  return taken === undefined ? undefined : `${folder}${taken} ${number}`;
}
