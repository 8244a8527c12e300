/** Does something with each, so many at the same time. Rejects with the first fault when all that was begun is done. */
export async function inParallel<T>(
  things: readonly T[],
  atOnce: number,
  act: (thing: T) => Promise<void>,
): Promise<void> {
  const waiting = things.values();
  const work = async () => {
    for (const thing of waiting) await act(thing);
  };
  const ends = await Promise.allSettled(Array.from({length: atOnce}, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
