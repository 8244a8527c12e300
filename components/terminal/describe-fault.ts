import {printable} from '../../src/core/printable.ts';

/** @returns what stands in the place of a screen that threw: its keys still work, and the copying does not need it. */
export function describeFault(error: unknown): readonly string[] {
  return [
    'offload has a fault and cannot show this. What is being copied goes on; Ctrl-C stops it.',
    printable(String(error)),
  ];
}
