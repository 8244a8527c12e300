import type {Emit} from '../../core/events.ts';
import {isWholeVolume} from '../card-part.ts';
import type {Program} from '../program.ts';
import type {PreparedCard} from './prepare-card.ts';

/** Ejects a card that is safe: everything is flushed and its files are closed. A card that stays is told and changes no verdict. */
export async function ejectCard(
  program: Program,
  {source, ref}: PreparedCard,
  emit: Emit,
): Promise<void> {
  const tell = (level: 'info' | 'warning', code: string, message: string, next: string) =>
    emit({type: 'noticed', level, code, path: source.path, message, next});
  if (!isWholeVolume(source)) {
    tell('info', 'not-ejectable', `${ref.label} is a folder and stays`, 'Nothing is to be done.');
    return;
  }
  const ejected = await program.ejectVolume(source.volume);
  if (!ejected.ok) {
    const {code, message, next} = ejected.cause;
    tell('warning', code, `${ref.label} is not ejected: ${message}`, next);
    return;
  }
  if (ejected.value === 'safe-to-pull') {
    tell('info', 'ejected', `${ref.label} is ejected`, 'It may be pulled out.');
    return;
  }
  const next =
    'Wait until its light is off, and look whether another volume of it is still open, before it is pulled out.';
  tell('info', 'unmounted', `${ref.label} is unmounted`, next);
}
