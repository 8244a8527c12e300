import type {CardFile} from '../../../src/core/card.ts';
import type {CardCheck} from '../../../src/core/structure/card-check.ts';
import {file} from '../survey/files.ts';

/** Files of a listing by their names in one folder. */
export const inFolder = (folder: string, ...names: readonly string[]): readonly CardFile[] =>
  names.map((name) => file(`${folder}/${name}`));

/** `code path`, for each warning of a check. */
export const codesOf = (check: CardCheck, files: readonly CardFile[]): readonly string[] =>
  check(files).map(({code, path}) => (path === undefined ? code : `${code} ${path}`));

export const pad = (number: number, digits = 4): string => String(number).padStart(digits, '0');

export const range = (from: number, to: number): readonly number[] =>
  Array.from({length: to - from + 1}, (_, index) => from + index);
