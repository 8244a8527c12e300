/**
 * Errors of a read that say "this part of the medium", not "this device is gone" or "you may not". Linux gives other codes than EIO past the cache: ENODATA for a
 * medium error, EREMOTEIO for one of the target, EILSEQ for protection, ETIMEDOUT for no answer in time (`blk_errors` in the kernel's block/blk-core.c). libuv makes EIO of what Windows
 * calls a CRC error (`uv_translate_sys_error`).
 */
const READ_ERRORS = new Set(['EIO', 'ENODATA', 'EREMOTEIO', 'EILSEQ', 'ETIMEDOUT']);

/** ENOLINK (transport) and EBADE (nexus) of the same table, which libuv has no names for. */
const UNNAMED = /^Unknown system error -(?:67|52)$/;

/** @param code of a cause. @returns true when another try, or one in smaller parts, may succeed. */
export function isReadError(code: string): boolean {
  return READ_ERRORS.has(code) || UNNAMED.test(code);
}
