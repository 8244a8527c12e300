import type {Program} from '../program.ts';
import type {Desk} from './desk.ts';

/** Ejects a card. Everything of a run is flushed and closed by the time a card can be asked to go. */
export async function ejectCard(
  {program, desk}: {readonly program: Program; readonly desk: Desk},
  path: string,
): Promise<void> {
  const find = () => desk.getSnapshot().cards.find((one) => one.path === path);
  const card = find();
  if (card === undefined) return;
  const ejected = await program.ejectVolume(card.volume);
  if (!ejected.ok) {
    const {cause} = ejected;
    // An answer can come late, when another card is there: it is not about that one.
    if (find()?.volume === card.volume) desk.dispatch({type: 'eject-failed', path, cause});
    return;
  }
  if (find()?.volume === card.volume) desk.dispatch({type: 'card-ejected', path});
  if (ejected.value === 'unmounted') desk.dispatch({type: 'told', cause: isUnmounted(card.label)});
}

const isUnmounted = (label: string) => ({
  code: 'unmounted',
  message: `${label} is unmounted, but its drive may still run`,
  next: 'Wait until its light is off before it is pulled out.',
});
