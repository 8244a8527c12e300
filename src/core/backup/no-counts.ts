/** What a run counts, before anything is done. */
export const NO_COUNTS = {
  copied: 0,
  replaced: 0,
  patched: 0,
  moved: 0,
  adopted: 0,
  retimed: 0,
  archived: 0,
  purged: 0,
  alarms: 0,
  held: 0,
  failed: 0,
  cached: 0,
} as const;
