/** Ends every `switch` over a tag: the build breaks here when a tag is not handled, and a forged value throws. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
