/** `offload cards`, `offload shoots`, `offload find TEXT`: what the catalog knows. Reads no drive, so drives that are away are there too. */
import type {Cause} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import type {RunEnd} from '../offload.ts';
import {askCatalog, type HasCatalog} from './ask-catalog.ts';

const COMPLETE: RunEnd = {outcome: 'complete', exitCode: 0};

/** Emits one `card-known` for each card, newest first. */
export function cards(program: HasCatalog, emit: Emit): Promise<RunEnd> {
  return askCatalog(program, emit, {
    ask: (catalog) => catalog.listCards(),
    tell(known, {path}) {
      for (const card of known) emit({type: 'card-known', ...card});
      if (known.length === 0) emit({type: 'noticed', level: 'info', ...emptyCause(path)});
      return COMPLETE;
    },
  });
}

/** Emits one `shoot-known` for each shoot, newest first. */
export function shoots(program: HasCatalog, emit: Emit): Promise<RunEnd> {
  return askCatalog(program, emit, {
    ask: (catalog) => catalog.listShoots(),
    tell(known, {path}) {
      for (const shoot of known) emit({type: 'shoot-known', ...shoot});
      if (known.length === 0) emit({type: 'noticed', level: 'info', ...emptyCause(path)});
      return COMPLETE;
    },
  });
}

/** Files that are shown: more do not help a person, and a program can ask for more of the name. */
const FOUND_AT_ONCE = 1000;

/**
 * Emits one `file-found` for each file that has the text in its path or name, or a hash that begins with it, newest first.
 * @param limit files at the most.
 * @returns exit code 1 when nothing is found, as grep does.
 */
export function find(
  program: HasCatalog,
  text: string,
  emit: Emit,
  limit: number = FOUND_AT_ONCE,
): Promise<RunEnd> {
  return askCatalog(program, emit, {
    ask: (catalog) => catalog.findFiles(text, limit),
    tell({files, more}) {
      for (const file of files) emit({type: 'file-found', ...file});
      if (more) emit({type: 'noticed', level: 'info', ...moreCause(limit)});
      if (files.length > 0) return COMPLETE;
      emit({type: 'noticed', level: 'info', ...nothingCause(text)});
      return {outcome: 'complete', exitCode: 1};
    },
  });
}

/** What fills an empty catalog. */
export const emptyCause = (path: string): Cause => ({
  code: 'catalog-empty',
  path,
  message: 'the catalog is empty',
  next: 'Offloads are recorded in it when they end. Read earlier ones from the drives with offload catalog rebuild PATH…',
});

const moreCause = (limit: number): Cause => ({
  code: 'more-found',
  message: `only the newest ${limit} files are shown`,
  next: 'Give more of the name or path.',
});

const nothingCause = (text: string): Cause => ({
  code: 'nothing-found',
  message: `no file is known with ${JSON.stringify(text)} in its name or path, and none with a hash that begins so`,
  next: 'Drives that were written on another computer are read with offload catalog rebuild PATH…',
});
