const MINUTE_MS = 60_000;
/** Timers can come a moment early, and the minute would still be the old one. */
const LATE_MS = 5;

/**
 * Calls back when the clock on the wall shows a new minute, without keeping the process alive.
 * @param now ms since 1970. @returns how to stop.
 */
export function callEachMinute(now: () => number, callBack: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(
      () => {
        callBack();
        wait();
      },
      MINUTE_MS - (now() % MINUTE_MS) + LATE_MS,
    );
    timer.unref();
  };
  wait();
  return () => clearTimeout(timer);
}
