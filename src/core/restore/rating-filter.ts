/** `rating>=3` as a word of what is asked for: of the files that the other words mean, those with such a rating. */

export interface RatingFilter {
  readonly sign: '>=' | '<=' | '=' | '>' | '<';
  /** From -1 (rejected) to 5. */
  readonly stars: number;
}

const SIGNS: ReadonlyMap<string, RatingFilter['sign']> = new Map([
  ['>=', '>='],
  ['<=', '<='],
  ['=', '='],
  ['>', '>'],
  ['<', '<'],
]);

/** @returns undefined for every other word. */
export function readRatingFilter(word: string): RatingFilter | undefined {
  const [, text = '', number = ''] =
    /^rating\s*(>=|<=|=|>|<)\s*(-1|[0-5])$/i.exec(word.trim()) ?? [];
  const sign = SIGNS.get(text);
  return sign === undefined ? undefined : {sign, stars: Number(number)};
}

export function hasRating(rating: number, {sign, stars}: RatingFilter): boolean {
  switch (sign) {
    case '>=':
      return rating >= stars;
    case '<=':
      return rating <= stars;
    case '=':
      return rating === stars;
    case '>':
      return rating > stars;
    case '<':
      return rating < stars;
  }
}
