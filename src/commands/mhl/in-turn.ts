/** Folders whose histories are being written: several cards of one run may go into one shoot folder. */
const busy = new Map<string, Promise<unknown>>();

/** Does the work when what was asked before for the same folder is done, however it ended: a generation follows the one before. Other processes are kept out by the lock of the shoot. */
export async function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = busy.get(folder) ?? Promise.resolve();
  const mine = before.then(work);
  const over = mine.catch(() => {});
  busy.set(folder, over);
  try {
    return await mine;
  } finally {
    if (busy.get(folder) === over) busy.delete(folder);
  }
}
