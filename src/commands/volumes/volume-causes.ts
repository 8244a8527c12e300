/** What stands in the way of a volume, and what to do about it. */
import type {Cause} from '../../core/cause.ts';
import type {ConnectedVolume} from '../../core/volumes/known-volumes.ts';
import {joinWithAnd} from '../../core/words.ts';

const ADOPT =
  'If it is a drive of its own, give it an id of its own: offload volumes adopt PATH. Its copies count when an offload has proved them there. If not, disconnect it.';

/** @returns why it is not certain which volume this is; undefined when it is. */
export function doubtCause(
  one: ConnectedVolume,
  connected: readonly ConnectedVolume[],
): Cause | undefined {
  const {folder: path, name, id, trust} = one;
  switch (trust) {
    case 'fits':
      return undefined;
    case 'twin': {
      const places = connected.filter((other) => other.id === id).map(({folder}) => folder);
      return {
        code: 'volume-twins',
        path,
        message: `the marker of ${name} is on ${joinWithAnd(places)}: one is a clone of the other`,
        next: 'Disconnect the clone, or give it an id of its own: offload volumes adopt PATH. Until then no copy on either counts.',
      };
    }
    case 'other-file-system':
    case 'other-size': {
      const what = trust === 'other-size' ? 'a volume of another size' : 'another file system';
      return {
        code: 'volume-doubtful',
        path,
        message: `this has the marker of ${name} and is ${what}: it is a clone, or it was formatted anew and the marker was copied back`,
        next: ADOPT,
      };
    }
  }
}

export const noMarker = (path: string): Cause => ({
  code: 'volume-unmarked',
  path,
  message: 'no marker of offload lies there',
  next: 'Give the drive a name or a role first: offload volumes name PATH NAME.',
});

export const notInDoubt = (path: string): Cause => ({
  code: 'volume-not-in-doubt',
  path,
  message:
    'its marker fits it and no other connected volume has the same one, so there is nothing to adopt',
  next: 'A new id would make its own records unknown. To look at a clone, connect it.',
});

export const noDrive = (path: string, what: 'card' | 'system'): Cause => ({
  code: `volume-is-${what}`,
  path,
  message:
    what === 'card'
      ? 'this is a card, and nothing is ever written to a card'
      : "this is the computer's own disk, which is no drive for copies as a whole",
  next:
    what === 'card'
      ? 'Name a drive for copies.'
      : 'Name a folder on it that was a destination of an offload.',
});

export const markerTaken = (path: string): Cause => ({
  code: 'marker-unreadable',
  path,
  message: 'a file .offload-volume.json that this version cannot read lies on the drive',
  next: 'Look at it; rename it if it is of no use.',
});

export const emptyName = (what: 'name' | 'place'): Cause => ({
  code: 'usage',
  message: what === 'name' ? 'the name is empty or too long' : 'the place is too long',
  next: 'Give it up to 100 signs that a person can tell from others.',
});

export const unknownVolume = (text: string): Cause => ({
  code: 'volume-unknown',
  message: `no volume is known by ${JSON.stringify(text)}`,
  next: 'offload volumes lists them with their ids.',
});

export const ambiguousVolume = (text: string, ids: readonly string[]): Cause => ({
  code: 'volume-ambiguous',
  message: `${ids.length} volumes are called ${JSON.stringify(text)}: ${joinWithAnd(ids)}`,
  next: 'Name one by its id.',
});

export const stillConnected = (name: string, path: string): Cause => ({
  code: 'volume-connected',
  path,
  message: `${name} is connected, so it would be known again at once`,
  next: 'Disconnect it first.',
});
