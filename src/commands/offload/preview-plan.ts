import {basename} from 'node:path';
import type {Emit} from '../../core/events.ts';
import type {PreparedCard} from './prepare-card.ts';

/** Tells for every file of a card where it would go. Nothing was written for it. */
export function previewPlan({ref, plan}: PreparedCard, emit: Emit): void {
  for (const {file, steps} of plan.files) {
    for (const {lane, target, kind} of steps) {
      emit({
        type: 'copy-planned',
        card: ref,
        path: file.path,
        to: lane.destination.to,
        target: `${basename(lane.root)}/${target}`,
        size: file.size,
        present: kind !== 'write',
      });
    }
  }
}
