/**
 * libuv of Node 20 cuts times to whole µs, towards 1970 (`uv__fs_to_timespec`, src/unix/fs.c), and a double of today's seconds has steps of 0.24 µs: the nearest one may lie just before the µs
 * that is meant, which would lose a whole one. Where that is so, the middle of the µs is asked for.
 * @returns seconds for utimes(2) by node. A negative number means "now" to node (`toUnixTimestamp`, lib/internal/fs/utils.js); as a text it means what it says.
 */
export function modifiedSeconds(mtimeNs: bigint): number | string {
  const seconds = toSeconds(mtimeNs);
  return seconds < 0 ? `${seconds}` : seconds;
}

function toSeconds(mtimeNs: bigint): number {
  const seconds = Number(mtimeNs) / 1e9;
  const micros = Number(mtimeNs / 1000n);
  return cutToMicros(seconds) === micros ? seconds : (micros + (micros < 0 ? -0.5 : 0.5)) / 1e6;
}

function cutToMicros(seconds: number): number {
  const whole = Math.trunc(seconds);
  return whole * 1e6 + Math.trunc(Math.trunc((seconds - whole) * 1e9) / 1000);
}
