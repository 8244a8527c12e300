import {
  endReading,
  initialKeyReading,
  type KeyRead,
  readKeys,
  waitForInput,
} from '../../src/core/session/read-keys.ts';
import type {TerminalInput} from './open-terminal.ts';

/**
 * Reads keys until it is told to stop. Not Ink's `useInput`: that one knows no paste, takes a name that arrives in one piece for one
 * key, and does not wait for the rest of a sequence that was cut.
 * @returns how to stop: no listener and no timer is left, and the stream no longer keeps the process alive.
 */
export function listenForKeys(stdin: TerminalInput, onKey: (key: KeyRead) => void): () => void {
  let reading = initialKeyReading;
  let timer: NodeJS.Timeout | undefined;
  let isListening = true;
  const tell = (keys: readonly KeyRead[]) => {
    for (const key of keys) if (isListening) onKey(key);
  };
  const endPending = () => {
    const keys = endReading(reading);
    reading = initialKeyReading;
    tell(keys);
  };
  const read = (chunk: Uint8Array | string) => {
    clearTimeout(timer);
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    const read = readKeys(bytes, reading);
    reading = read.reading;
    const waitMs = waitForInput(reading);
    if (waitMs !== null) timer = setTimeout(endPending, waitMs);
    tell(read.keys);
  };
  stdin.on('data', read);
  // A terminal that is closed while it is read: SIGHUP says so too.
  stdin.on('error', ignore);
  stdin.resume();
  return () => {
    isListening = false;
    clearTimeout(timer);
    stdin.off('data', read);
    stdin.off('error', ignore);
    stdin.pause();
  };
}

function ignore(): void {}
