/** Errors of futimens(2) that say "not you" or "not here", not that the drive failed. */
export const NO_TIMES: ReadonlySet<string> = new Set([
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
]);
