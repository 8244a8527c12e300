import type {VolumeTools} from './volume-tools.ts';

/** ms. Long enough for the folders of one command line, short enough for a drive that is plugged in. */
const REMEMBERED_MS = 2000;

interface Asked {
  /** When the answer came, by the clock of the caller; null while it is on its way. */
  at: number | null;
  readonly answer: ReturnType<VolumeTools['run']>;
}

/** @returns tools that ask the platform once for what is asked again before two seconds have gone by since the answer: card and destinations often lie on few disks, and PowerShell takes seconds for each. */
export function rememberAnswers(tools: VolumeTools, now: () => number): VolumeTools {
  const answers = new Map<string, Asked>();
  return {
    ...tools,
    run(command, args) {
      const question = JSON.stringify([command, ...args]);
      const known = answers.get(question);
      if (known !== undefined && (known.at === null || now() - known.at < REMEMBERED_MS)) {
        return known.answer;
      }
      const asked: Asked = {
        at: null,
        answer: tools.run(command, args).finally(() => {
          asked.at = now();
        }),
      };
      answers.set(question, asked);
      return asked.answer;
    },
  };
}
