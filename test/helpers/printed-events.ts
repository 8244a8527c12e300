/** What a run tells, and what of it is printed. */
import type {OffloadEvent} from '../../src/core/events.ts';
import {plainLines} from '../../src/output/plain-lines.ts';

/** @returns a listener; `lines` fills with what is printed as a result, as with `--quiet`. */
export function printedEvents(onEvent: (event: OffloadEvent) => void = () => {}) {
  const events: OffloadEvent[] = [];
  const lines: string[] = [];
  const sink = plainLines({
    writeResult: (line) => void lines.push(line),
    writeDiagnostic: () => {},
    now: () => new Date(),
    quiet: true,
  });
  const print = (event: OffloadEvent) => sink.write(event);
  const emit = (event: OffloadEvent) => {
    events.push(event);
    print(event);
    onEvent(event);
  };
  return {events, lines, emit, print};
}
