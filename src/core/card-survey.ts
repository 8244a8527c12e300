/** What a card holds, as far as its listing and a few of its pictures tell. */
export interface CardSurvey {
  /** Files that an offload would copy. */
  readonly files: number;
  /** Bytes of them. */
  readonly bytes: number;
  /** How many of each kind, most first: `{kind: 'CR3', count: 612}`. The kind is the extension in capitals; `other` for files without one. */
  readonly kinds: readonly KindCount[];
  /** Models of the cameras in the first and the last picture: `Canon EOS R6`; each once. */
  readonly cameras: readonly string[];
  /** When the first and the last picture were taken, `2026-11-22T14:02:11` as the camera's clock said; null when nothing tells. */
  readonly firstTaken: string | null;
  readonly lastTaken: string | null;
  /** The name that a shoot without a name gets: the date of the first picture in the order of paths, `2026-11-22`; null when there is no file. */
  readonly shootDate: string | null;
  /** Folders and files that could not be listed. */
  readonly unreadable: number;
}

export interface KindCount {
  readonly kind: string;
  readonly count: number;
}
