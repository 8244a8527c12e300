import type {Cause} from './cause.ts';
import {printable} from './printable.ts';

/** @returns what happened and what to do, as printable sentences on one line; the path in front unless the message names it. */
export function causeText({path, message, next}: Omit<Cause, 'code'>): string {
  const about = path === undefined || message.includes(path) ? '' : `${printable(path)}: `;
  return about + printable(`${endSentence(message)} ${next}`.trim());
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
