/** One call of rclone, with what it said of trouble. */
import type {Cause} from '../core/cause.ts';
import {causeOfFailure} from '../core/offsite/cloud-causes.ts';
import {rcloneMissing} from '../core/offsite/cloud-gate.ts';
import {type LogLine, parseLogLine} from '../core/offsite/cloud-log.ts';
import type {RcloneCall, RcloneEnd, RunRclone} from '../system/rclone.ts';

/** Lines of rclone's own words that are kept for the message of a failure. */
const KEPT_WORDS = 40;

export interface Ended {
  readonly end: RcloneEnd;
  readonly words: readonly string[];
  /** What it was given: paths and remotes. */
  readonly names: readonly string[];
}

/** Runs rclone and keeps what it says of trouble. */
export async function callRclone(
  rclone: RunRclone,
  call: Omit<RcloneCall, 'onLine'>,
  onLog: (line: LogLine) => void = () => {},
): Promise<Ended> {
  const words: string[] = [];
  const onLine = (text: string) => {
    const line = parseLogLine(text);
    if (line === null) return;
    if (line.kind !== 'stats' && line.kind !== 'copied') {
      const path = line.kind === 'error' && line.path !== null ? `${line.path}: ` : '';
      words.push(path + line.message);
      if (words.length > KEPT_WORDS) words.shift();
    }
    onLog(line);
  };
  const args = [...call.args, '--use-json-log'];
  const end = await rclone({...call, args, onLine});
  const names = [...call.args, ...(call.input ?? '').split('\n')];
  return {end, words, names};
}

/** @returns why a call failed; null when it did not. */
export function causeOf({end, words, names}: Ended): Cause | null {
  if (end.kind === 'not-started') return rcloneMissing;
  if (end.exitCode === 0) return null;
  return causeOfFailure({exitCode: end.exitCode, words, names});
}

export const oddAnswer = (command: string): Cause => ({
  code: 'rclone-odd',
  message: `rclone ${command} gave an answer that is not understood`,
  next: 'Update rclone from https://rclone.org/downloads/, then run the same job again.',
});
