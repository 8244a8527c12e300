/** @param code an errno of the system. @returns an error as the system's calls throw it, for what only this program can see. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), {code});
}
