import type {Result} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {unknownVolume} from '../../core/volumes/disk-facts.ts';
import {parseWindowsFacts, type WindowsFacts} from '../../core/volumes/windows-facts.ts';
import {POWERSHELL_ARGUMENTS} from '../../core/volumes/windows-script.ts';
import {findWindowsVolume, listWindowsVolumes} from '../../core/volumes/windows-volumes.ts';
import {namesOfThisComputer} from './this-computer.ts';
import type {VolumeTools} from './volume-tools.ts';

/** PowerShell takes seconds: whoever asks while an answer is on its way shares it. Older answers are not kept, cards come and go. */
const underway = new WeakMap<VolumeTools, Promise<Result<WindowsFacts>>>();

async function askPowershell(tools: VolumeTools): Promise<Result<WindowsFacts>> {
  const answer = await tools.run('powershell', POWERSHELL_ARGUMENTS);
  return answer.ok ? parseWindowsFacts(answer.value) : answer;
}

function shareAnswer(tools: VolumeTools): Promise<Result<WindowsFacts>> {
  const running = underway.get(tools);
  if (running !== undefined) return running;
  const started = askPowershell(tools).finally(() => underway.delete(tools));
  underway.set(tools, started);
  return started;
}

/** @param path absolute, with links followed. */
export async function describeWindowsVolume(path: string, tools: VolumeTools): Promise<Volume> {
  const facts = await shareAnswer(tools);
  if (!facts.ok) return unknownVolume(path, facts.cause.message);
  return findWindowsVolume(path, facts.value, namesOfThisComputer());
}

export async function listMountedWindowsVolumes(tools: VolumeTools): Promise<readonly Volume[]> {
  const facts = await shareAnswer(tools);
  return facts.ok ? listWindowsVolumes(facts.value, namesOfThisComputer()) : [];
}
