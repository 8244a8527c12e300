import type {Cause} from '../cause.ts';
import type {DoctorFinding} from '../events.ts';

/** What the doctor says of one thing. */
export type Finding = Omit<DoctorFinding, 'type'>;

interface About {
  readonly area: string;
  /** A drive or a job, where there are several of the kind. */
  readonly about?: string;
}

export const good = ({area, about}: About, message: string): Finding => ({
  area,
  about: about ?? null,
  state: 'good',
  message,
  next: null,
});

/** It works, and could be better. */
export const look = (where: About, message: string, next: string): Finding => ({
  ...good(where, message),
  state: 'look',
  next,
});

/** Something is in danger, or will fail. */
export const bad = (where: About, message: string, next: string): Finding => ({
  ...good(where, message),
  state: 'bad',
  next,
});

/** @returns a cause as a finding, with its path where it has one. */
export const fromCause = (
  where: About,
  state: 'look' | 'bad',
  {path, message, next}: Cause,
): Finding => {
  const words = path === undefined ? message : `${path}: ${message}`;
  return {...good(where, words), state, next};
};
