/** Sets of off-site drives on temporary folders: W is the source, B and O take turns. */
import {addSet, type TypedSet} from '../../../src/commands/offsite/change-sets.ts';
import {type BackupTrial, listen, programOf, type Told, typed} from '../backup/backup-trial.ts';

export const DAY = 24 * 3_600_000;

type Change = Partial<Omit<TypedSet, 'job'>> & {readonly job?: Partial<TypedSet['job']>};

export const typedSet = ({job = {}, ...change}: Change = {}): TypedSet => ({
  job: typed(job),
  place: undefined,
  swapAfter: undefined,
  add: [],
  drop: [],
  ...change,
});

/** The set `vault` of B and O, from W, kept in the bank. */
export async function addVault(trial: BackupTrial, change: Change = {}): Promise<Told> {
  const {w, b, o} = trial;
  const set = typedSet({place: 'bank', ...change, job: {from: w, to: [b, o], ...change.job}});
  return await listen((emit) => addSet(programOf(trial), {name: 'vault', typed: set}, emit));
}
