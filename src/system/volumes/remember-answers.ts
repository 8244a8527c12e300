import type {VolumeTools} from './volume-tools.ts';

/** ms. Long enough for the folders of one command line, short enough for a drive that is plugged in. */
const REMEMBERED_MS = 2000;

/** @returns tools that ask the platform once for what is asked again within two seconds: card and destinations often lie on few disks. */
export function rememberAnswers(tools: VolumeTools, now: () => number): VolumeTools {
  const answers = new Map<string, {at: number; answer: ReturnType<VolumeTools['run']>}>();
  return {
    ...tools,
    run(command, args) {
      const question = JSON.stringify([command, ...args]);
      const known = answers.get(question);
      if (known !== undefined && now() - known.at < REMEMBERED_MS) return known.answer;
      const answer = tools.run(command, args);
      answers.set(question, {at: now(), answer});
      return answer;
    },
  };
}
