import type {AlsoDue} from './backup/run-jobs.ts';

/** What runs besides the jobs of drives when `backup run --due` and `backup watch` look. Loaded when they do: a run by hand has no use for it. */
export const ALSO_DUE: readonly AlsoDue[] = [
  async (program, listening) => {
    const {runDueLightroom} = await import('./lightroom/index.ts');
    return await runDueLightroom(program, listening);
  },
  async (program, listening) => {
    const {runDueClouds} = await import('./offsite/cloud/index.ts');
    return await runDueClouds(program, listening);
  },
];
