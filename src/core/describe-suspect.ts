import type {Cause} from './cause.ts';
import {formatCount} from './format-amounts.ts';
import {joinWithAnd} from './words.ts';

/**
 * @param names what a person calls the destinations on the drive. @param count copies on it that did not match.
 * @returns the warning that it is no accident any more, `drive-suspect`.
 */
export function describeSuspect(names: readonly string[], count: number): Cause {
  return {
    code: 'drive-suspect',
    message: `${formatCount(count)} copies on ${joinWithAnd(names)} did not match when they were read back: the cable, the port, the drive or this computer's memory fails`,
    next: "Change the cable and the port, then the drive, and test this computer's memory. Memory that fails can change the card's bytes before they are hashed, and only --verify full finds that: run it before you format the card.",
  };
}
