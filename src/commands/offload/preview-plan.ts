import {basename, join} from 'node:path';
import type {Emit} from '../../core/events.ts';
import type {PreparedCard} from './prepare-card.ts';

/** Tells for every file of a card where it would go, and what is odd about the dates and names that the layout took from it. Nothing was written for it. */
export function previewPlan({ref, plan, notes}: PreparedCard, emit: Emit): void {
  for (const {code, message, path} of notes) {
    const about = path === undefined ? ref.path : join(ref.path, path);
    const next = 'Look at the names below before you offload the card.';
    emit({type: 'noticed', level: 'warning', code, message, path: about, next});
  }
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
