import {useCallback, useSyncExternalStore} from 'react';

export interface TerminalSize {
  /** Cells. */
  readonly columns: number;
  readonly rows: number;
}

/** The classic terminal, for streams that do not know their size. */
const CLASSIC: TerminalSize = {columns: 80, rows: 24};

/** @returns the size of the terminal behind a stream; draws again when it is resized. */
export function useTerminalSize(stream: NodeJS.WriteStream): TerminalSize {
  const subscribe = useCallback(
    (listener: () => void) => {
      stream.on('resize', listener);
      return () => {
        stream.off('resize', listener);
      };
    },
    [stream],
  );
  const columns = useSyncExternalStore(subscribe, () => stream.columns || CLASSIC.columns);
  const rows = useSyncExternalStore(subscribe, () => stream.rows || CLASSIC.rows);
  return {columns, rows};
}
