import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import type {ReactNode} from 'react';

/** @returns the frame of a component in a terminal of that width, without colours and without blanks at the line ends. */
export function renderFrame(node: ReactNode, columns: number): string {
  return plainFrame(renderToString(node, {columns}));
}

/** @returns the text without escape sequences and without blanks at the line ends. */
export function plainFrame(output: string): string {
  const lines = stripVTControlCharacters(output).split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}
