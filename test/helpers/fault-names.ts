/** Every way in which one call of a run can go wrong, and which calls it can hit. */
import type {ToolCall} from './call-names.ts';
import {type Call, changes} from './faulty-files.ts';

const ERRNOS = ['EIO', 'ENOSPC', 'EROFS', 'ENODEV', 'EACCES', 'EMFILE'] as const;

/** Every way in which one call can go wrong. */
export const FAULTS = [
  /** The call fails, this once. */
  ...ERRNOS,
  /** The volume is full, read-only or gone: this call and all later ones fail that such a volume refuses. */
  'ENOSPC-on',
  'EROFS-on',
  'ENODEV-on',
  /** A read or a write does only a part of what it is asked. */
  'short',
  /** One bit of what is read or written is another one. */
  'flips',
  /** The bytes that are said to be written or flushed are not on the disk. */
  'lies',
  /** A name is given, the old one is not taken away, and the call fails. */
  'half-named',
  /** The call never returns. When nothing else goes on any more, the program is killed. */
  'hangs',
  /** The program is killed: no call after it is made, and none returns. */
  'dies-before',
  'dies-half',
  'dies-after',
] as const;
export type FaultName = (typeof FAULTS)[number];

export type AnyCall = Call | ToolCall;

export const isTool = (call: AnyCall): call is ToolCall => call.method === 'tool';
const isChange = (call: AnyCall): boolean => isTool(call) || changes(call);
const isTransfer = ({method}: AnyCall): boolean => method === 'read' || method === 'write';

/** @returns whether the fault can hit such a call and do something that another one does not. */
export function canHit(fault: FaultName, call: AnyCall): boolean {
  switch (fault) {
    case 'ENOSPC-on':
      return takesSpace(call);
    case 'EROFS-on':
      return !isTool(call) && changes(call);
    case 'ENODEV-on':
      return !isTool(call) && call.method !== 'close';
    case 'short':
    case 'flips':
      return isTransfer(call);
    case 'lies':
      return call.method === 'write' || call.method === 'sync';
    case 'half-named':
      return call.method === 'publish';
    case 'dies-before':
    case 'dies-after':
      return isChange(call);
    case 'dies-half':
      return call.method === 'write' || call.method === 'publish';
    default:
      return true;
  }
}

const takesSpace = ({method}: AnyCall): boolean =>
  method === 'write' || method === 'createFile' || method === 'makeFolder';

/** @returns whether a call fails on a volume that is full, read-only or gone. */
export function isRefused(fault: FaultName, call: Call): boolean {
  if (fault === 'ENOSPC-on') return takesSpace(call);
  if (fault === 'EROFS-on') return changes(call);
  return call.method !== 'close';
}

/** @returns the errno with which calls fail; EIO for a fault that is named otherwise. */
export const errnoOf = (fault: FaultName): string =>
  ERRNOS.find((errno) => fault === errno || fault === `${errno}-on`) ?? 'EIO';
