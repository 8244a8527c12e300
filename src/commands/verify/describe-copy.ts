import {join} from 'node:path';
import type {CheckedCopy} from '../../../verify/verify-shoot.ts';
import type {CopyChecked} from '../../core/events.ts';
import {unreachable} from '../../core/unreachable.ts';
import type {Change} from '../../core/verify/judge-change.ts';

const CHANGED: Readonly<Record<Change, {readonly message: string; readonly next: string}>> = {
  rotten: {
    message:
      'its bytes are not the ones that were proved, and nobody wrote to it: the drive lost it',
    next: 'Bring it back with offload verify --heal, and check this drive.',
  },
  edited: {
    message: 'it was changed since it was proved, as programs do with such files',
    next: 'If nobody edited it, bring the first version back with offload restore.',
  },
  altered: {
    message: 'it was changed since it was proved, and no program should change such a file',
    next: 'Look who changed it; the first version can be brought back with offload restore.',
  },
};

/** @returns what is told of a copy that was read; undefined when it was not. @param change of a changed one. */
export function describeCopy(
  {target, file, state}: CheckedCopy,
  {shoot, change}: {readonly shoot: string; readonly change: Change | undefined},
): CopyChecked | undefined {
  const {path: cardPath, size} = file;
  const about = {type: 'copy-checked', path: join(shoot, target), cardPath, size} as const;
  switch (state.kind) {
    case 'good':
      return {...about, state: 'good', mediumRead: state.mediumRead};
    case 'missing':
      return {
        ...about,
        state: 'missing',
        message: 'it is not there any more',
        next: 'If nobody deleted it, bring it back with offload verify --heal.',
      };
    case 'changed': {
      const kind = change ?? 'altered';
      const {mediumRead} = state;
      return {...about, state: 'changed', change: kind, mediumRead, ...CHANGED[kind]};
    }
    case 'unreadable':
      return {
        ...about,
        state: 'unreadable',
        message: state.message,
        next: 'Check the drive, and bring it back with offload verify --heal.',
      };
    case 'stopped':
      return undefined;
    default:
      return unreachable(state);
  }
}
