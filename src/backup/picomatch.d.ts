/** The little of picomatch 4 that is used here; it brings no types. */
declare module 'picomatch' {
  interface Options {
    readonly dot?: boolean;
    readonly windows?: boolean;
    readonly nonegate?: boolean;
    readonly noextglob?: boolean;
    readonly strictBrackets?: boolean;
  }
  /** @throws TypeError and SyntaxError for what is no glob. */
  function picomatch(glob: string, options?: Options): (path: string) => boolean;
  export default picomatch;
}
