/** Why a volume was not ejected, each with what to do. */
import type {Cause} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {joinWithAnd} from '../../core/words.ts';

/** @param programs names of those that use it; empty when nobody tells. */
export function inUse({mountPoint}: Volume, programs: readonly string[] = []): Cause {
  const who = programs.length === 0 ? 'a program' : joinWithAnd(programs);
  return {
    code: 'EBUSY',
    path: mountPoint,
    message: `${who} still ${programs.length > 1 ? 'use' : 'uses'} it`,
    next: 'Close the program that uses it (a window with its pictures, a terminal that stands in it), then eject it again.',
  };
}

export function isSystemVolume({mountPoint}: Volume): Cause {
  return {
    code: 'system-volume',
    path: mountPoint,
    message: 'it belongs to the system of this computer and is never ejected',
    next: 'Nothing needs to be done.',
  };
}

export function isNoDrive({mountPoint}: Volume): Cause {
  return {
    code: 'not-ejectable',
    path: mountPoint,
    message: 'it is no card and no drive of this computer, so there is nothing to eject',
    next: 'Nothing needs to be done.',
  };
}

export function isNotAllowed({mountPoint}: Volume): Cause {
  return {
    code: 'EPERM',
    path: mountPoint,
    message: 'this user may not unmount it',
    next: 'Eject it in the file manager, which can ask for a password.',
  };
}

export function isStillMounted({mountPoint}: Volume): Cause {
  return {
    code: 'still-mounted',
    path: mountPoint,
    message: 'the system says that it was unmounted, but it is still there',
    next: 'Close what uses it and eject it again; do not pull it before it is gone.',
  };
}

/** @param why what the tool said. */
export function couldNotEject({mountPoint}: Volume, why: string): Cause {
  return {
    code: 'eject-failed',
    path: mountPoint,
    message: `it could not be ejected (${why})`,
    next: 'Eject it in the file manager; do not pull it before it is gone.',
  };
}
