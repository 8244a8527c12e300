/**
 * @param below gives a whole number from 0 up to, and not with, the one it is given.
 * @returns `count` of the files, each set as likely as every other (Fisher and Yates, as Durstenfeld has it), in their order; all when there are fewer.
 */
export function sampleFiles<T>(
  files: readonly T[],
  count: number,
  below: (end: number) => number,
): readonly T[] {
  const order = files.map((_, index) => index);
  const taken = Math.min(count, files.length);
  for (let at = 0; at < taken; at++) {
    const other = at + below(order.length - at);
    const [a, b] = [order[at], order[other]];
    if (a === undefined || b === undefined) throw new RangeError('no such number');
    order[at] = b;
    order[other] = a;
  }
  const chosen = new Set(order.slice(0, taken));
  return files.filter((_, index) => chosen.has(index));
}
