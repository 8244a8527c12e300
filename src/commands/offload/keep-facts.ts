import type {Emit, Fact} from '../../core/events.ts';
import {isFact} from '../../core/events.ts';
import type {Clock} from '../../system/clock.ts';

/** The facts of a run about one card, as they became durable. */
export interface KeptFacts {
  readonly facts: readonly Fact[];
  /** @returns when a copy was proved (ISO 8601). @throws for a copy that no fact proves. */
  readonly provedAt: (to: string, path: string) => string;
  /** Keeps the facts and passes everything on. */
  readonly emit: Emit;
}

export function keepFacts(emit: Emit, clock: Clock): KeptFacts {
  const facts: Fact[] = [];
  const times = new Map<string, string>();
  const keyOf = (to: string, path: string) => JSON.stringify([to, path]);
  return {
    facts,
    provedAt(to, path) {
      const time = times.get(keyOf(to, path));
      if (time === undefined) throw new Error(`no fact proves ${path} on ${to}`);
      return time;
    },
    emit(event) {
      // That a copy is written is for the journal; the verdict asks only what is proved and what went wrong.
      if (isFact(event) && event.type !== 'file-copied') facts.push(event);
      if (event.type === 'file-proved') {
        times.set(keyOf(event.to, event.path), clock.now().toISOString());
      }
      emit(event);
    },
  };
}
