/** What rclone says while it works: one JSON object a line with `--use-json-log`, and plain text where it forgets that (always before 1.68, at the end of a failure). */
import * as z from 'zod';

export type LogLine =
  /** A sample with absolute numbers: bytes that were sent, and all that are to be. */
  | {
      readonly kind: 'stats';
      readonly bytes: number;
      readonly totalBytes: number;
      readonly transfers: number;
      /** Names that are on their way. */
      readonly now: readonly string[];
    }
  /** One file was copied, as rclone believes. */
  | {readonly kind: 'copied'; readonly path: string}
  | {readonly kind: 'error'; readonly path: string | null; readonly message: string}
  | {readonly kind: 'note'; readonly message: string}
  /** No JSON: kept for the message of a failure. */
  | {readonly kind: 'text'; readonly message: string};

const number = z.number().nonnegative().catch(0);

const form = z.looseObject({
  level: z.string().catch('info'),
  msg: z.string().catch(''),
  object: z.string().optional().catch(undefined),
  stats: z
    .looseObject({
      bytes: number,
      totalBytes: number,
      transfers: number,
      transferring: z
        .array(z.looseObject({name: z.string().catch('')}))
        .nullish()
        .catch(null),
    })
    .optional()
    .catch(undefined),
});

/** @returns what a line of rclone's says; null for an empty one. */
export function parseLogLine(line: string): LogLine | null {
  const text = line.trim();
  if (text === '') return null;
  const parsed = readJson(text);
  if (parsed === null) return {kind: 'text', message: withoutTime(text)};
  const {level, msg, object, stats} = parsed;
  if (stats !== undefined) {
    const {bytes, totalBytes, transfers, transferring} = stats;
    const now = (transferring ?? []).map(({name}) => name).filter((name) => name !== '');
    return {kind: 'stats', bytes, totalBytes, transfers, now};
  }
  if (/^(?:error|critical|alert|emergency|fatal)$/i.test(level))
    return {kind: 'error', path: object ?? null, message: msg};
  if (object !== undefined && /^Copied \(/.test(msg)) return {kind: 'copied', path: object};
  return {kind: 'note', message: msg};
}

function readJson(text: string): z.infer<typeof form> | null {
  if (!text.startsWith('{')) return null;
  try {
    return form.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** `2026/11/23 16:15:58 ERROR : ` says nothing to a person. */
const withoutTime = (text: string): string =>
  text.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (?:[A-Z]+\s*: )?/, '');
