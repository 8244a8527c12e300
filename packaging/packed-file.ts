/** A file on its way into an archive. */
export interface PackedFile {
  /** From the archive's root, parts joined by `/`; no part is `.` or `..`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** True when it may be started. */
  readonly isProgram: boolean;
}

/** All files get this time, as npm gives it to its own: the same content makes the same archive, byte for byte. */
export const PACKED_TIME = new Date('1985-10-26T08:15:00Z');
