/**
 * True when a program is not there and something else was started in its place: for a name that no `.exe` is found for, the package cross-spawn, which execa starts programs with, starts the
 * command prompt of Windows (`parseNonShell`, cross-spawn/lib/parse.js), which ends with 1 and says so in the user's language. Elsewhere the system says ENOENT by itself.
 * @param command what was asked for. @param started the `spawnfile` of the child process.
 */
export function isMissing(command: string, started: string): boolean {
  return command !== started && /(?:^|\\)cmd\.exe$/i.test(started);
}
