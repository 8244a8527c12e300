import type {OffloadEvent} from '../core/events.ts';

/** One reader of a run's events. */
export interface Sink {
  /** Takes an event at once; must not wait. May throw: {@link fanOutEvents} switches it off then. */
  write(event: OffloadEvent): void;
  /** Resolves when everything that was taken has been shown. Called once, after the last event. */
  end(): Promise<void>;
}

/** Told once for each sink that failed; what it throws itself is ignored. */
export type OnSinkError = (error: unknown, sink: Sink) => void;

/**
 * One sink that forwards to several. A sink that throws gets no more events; the others and the copying go on. `end` ends all of
 * them, the failed ones too, because a screen must be left in any case.
 * @returns a sink whose `write` never throws and whose `end` never rejects.
 */
export function fanOutEvents(sinks: readonly Sink[], onSinkError: OnSinkError): Sink {
  const failed = new Set<Sink>();

  const switchOff = (sink: Sink, error: unknown) => {
    if (failed.has(sink)) return;
    failed.add(sink);
    try {
      onSinkError(error, sink);
    } catch {
      // Nobody is left to tell, and the copying must go on.
    }
  };

  return {
    write(event) {
      for (const sink of sinks) {
        if (failed.has(sink)) continue;
        try {
          sink.write(event);
        } catch (error) {
          switchOff(sink, error);
        }
      }
    },
    async end() {
      await Promise.all(
        sinks.map(async (sink) => {
          try {
            await sink.end();
          } catch (error) {
            switchOff(sink, error);
          }
        }),
      );
    },
  };
}
