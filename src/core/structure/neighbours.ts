/** Neighbours on each side that say what is usual. */
const REACH = 10;
/** Of the neighbours so many must be whole. */
const USUAL = 0.9;

/**
 * @param all in the camera's order.
 * @param fewest neighbours; fewer say nothing, because a camera was switched in between.
 * @returns those that are not whole where nearly all around them are, with the whole ones around.
 */
export function findUnusual<T>(
  all: readonly T[],
  isWhole: (one: T) => boolean,
  fewest: number,
): readonly {readonly one: T; readonly whole: readonly T[]}[] {
  return all.flatMap((one, index) => {
    if (isWhole(one)) return [];
    const around = [
      ...all.slice(Math.max(0, index - REACH), index),
      ...all.slice(index + 1, index + 1 + REACH),
    ];
    const whole = around.filter(isWhole);
    const isUsual = around.length >= fewest && whole.length >= Math.ceil(around.length * USUAL);
    return isUsual ? [{one, whole}] : [];
  });
}
