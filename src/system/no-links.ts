import {errnoOf} from '../core/cause.ts';

/**
 * Errors of link(2) that say "this file system has no hard links", not "this name is taken". EISDIR is what exFAT and FAT give on Windows: libuv's word for ERROR_INVALID_FUNCTION
 * (`uv_translate_sys_error`, src/win/error.c; nodejs/node#65817).
 */
const NO_LINKS = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
  'EXDEV',
  'EISDIR',
]);

/** True when a file that could not be linked can get its name by a rename. */
export function saysNoLinks(error: unknown): boolean {
  return NO_LINKS.has(errnoOf(error) ?? '');
}
