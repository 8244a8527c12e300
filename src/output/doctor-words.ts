/** Findings of the doctor in lines for a person. */
import type {DoctorFinding} from '../core/events.ts';
import {printable} from '../core/printable.ts';

const STATES: Readonly<Record<DoctorFinding['state'], string>> = {
  good: 'good',
  look: 'LOOK',
  bad: 'BAD ',
};

const AREA_CELLS = 12;

/** A line for the finding, and one for what to do. */
export function describeFinding(event: DoctorFinding): readonly string[] {
  const {area, about, state, message, next} = event;
  const what = about === null ? printable(message) : `${printable(about)}: ${printable(message)}`;
  const first = `${STATES[state]}  ${printable(area).padEnd(AREA_CELLS)} ${what}`;
  return next === null ? [first] : [first, `${' '.repeat(AREA_CELLS + 7)}${printable(next)}`];
}
