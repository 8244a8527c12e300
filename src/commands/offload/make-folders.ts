import {causeFrom} from '../../core/cause.ts';
import {type CopyRun, loseLane} from '../../engine/copy-run.ts';
import type {PreparedCard} from './prepare-card.ts';

/** Keeps the card's folders, the empty ones too. */
export async function makeFolders(run: CopyRun, {plan, lanes}: PreparedCard): Promise<void> {
  for (const lane of lanes) {
    for (const folder of plan.folders.get(lane) ?? []) {
      if (run.signal.aborted) return;
      if (lane.lost !== undefined) break;
      try {
        await lane.makeFolder(folder);
      } catch (error) {
        const cause = causeFrom(error, 'making a folder', lane.absolute(folder));
        const loss = await lane.findLoss(error);
        if (loss !== undefined) loseLane(run, lane, loss);
        // The files that belong into it have failed already; of an empty one only the name is missing.
        else run.emit({type: 'noticed', level: 'warning', ...cause});
      }
    }
  }
}
