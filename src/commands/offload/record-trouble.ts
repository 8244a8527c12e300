import type {Proofs} from '../../../verify/gather-evidence.ts';
import type {FileFailed, FileSalvaged} from '../../core/events.ts';
import type {RecordedFile} from '../../core/manifest.ts';

interface Trouble {
  readonly failures: readonly FileFailed[];
  readonly salvaged: readonly FileSalvaged[];
  readonly proofs: Proofs;
  /** Ids of the destinations by `--to`. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * @returns what a manifest says of a file that failed, by its card path: the last failure of each destination that has no proved copy of it, and where its readable parts are kept.
 */
export function rememberTrouble({
  failures,
  salvaged,
  proofs,
  ids,
}: Trouble): (path: string) => Pick<RecordedFile, 'failures' | 'salvaged'> {
  const idOf = (to: string) => ids.get(to) ?? to;
  const failed = new Map<string, Map<string | undefined, FileFailed>>();
  for (const failure of failures) {
    const {path, to} = failure;
    const copies = proofs.get(path);
    // What failed first and was proved later did not fail. Every destination has it, or the card is still at fault.
    const isMended = to === undefined ? copies?.size === ids.size : copies?.has(to) === true;
    if (isMended) continue;
    const known = failed.get(path) ?? new Map<string | undefined, FileFailed>();
    failed.set(path, known.set(to, failure));
  }
  const parts = new Map<string, FileSalvaged[]>();
  for (const one of salvaged) parts.set(one.path, [...(parts.get(one.path) ?? []), one]);
  return (path) => {
    const found = [...(failed.get(path)?.values() ?? [])].map(({to, code, message, next}) => ({
      ...(to === undefined ? {} : {destination: idOf(to)}),
      code,
      message,
      next,
    }));
    const kept = (parts.get(path) ?? []).map(({to, target, map, bytes, missing}) => ({
      destination: idOf(to),
      target,
      map,
      bytes,
      missing,
    }));
    return {
      ...(found.length === 0 ? {} : {failures: found}),
      ...(kept.length === 0 ? {} : {salvaged: kept}),
    };
  };
}
