import type {VolumeTools} from './volume-tools.ts';

/** ms. Long enough for the folders of one command line, short enough for a drive that is plugged in. */
const REMEMBERED_MS = 2000;

interface Asked<T> {
  /** When the answer came, by the clock of the caller; null while it is on its way. */
  at: number | null;
  readonly answer: Promise<T>;
}

/** @returns the same question, which gives its last answer before two seconds have gone by since that came. @param now ms by a clock that only runs forwards. */
export function rememberAnswer<T>(ask: () => Promise<T>, now: () => number): () => Promise<T> {
  let known: Asked<T> | undefined;
  return () => {
    if (known !== undefined && (known.at === null || now() - known.at < REMEMBERED_MS)) {
      return known.answer;
    }
    const asked: Asked<T> = {
      at: null,
      answer: ask().finally(() => {
        asked.at = now();
      }),
    };
    known = asked;
    return asked.answer;
  };
}

/** @returns tools that ask the platform once for what is asked again before two seconds have gone by since the answer: card and destinations often lie on few disks, and PowerShell takes seconds for each. */
export function rememberAnswers(tools: VolumeTools, now: () => number): VolumeTools {
  const questions = new Map<string, VolumeTools['run']>();
  return {
    ...tools,
    run(command, args) {
      const question = JSON.stringify([command, ...args]);
      const known = questions.get(question) ?? rememberAnswer(() => tools.run(command, args), now);
      questions.set(question, known);
      return known(command, args);
    },
  };
}
