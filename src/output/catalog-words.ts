import type {CardKnown, CatalogRebuilt, FileFound, ShootKnown} from '../core/events.ts';
import {formatBytes, formatCount} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {countFiles} from '../core/words.ts';

/** @returns the lines that a person reads of what the catalog knows. */
export function describeKnown(event: CardKnown | ShootKnown | FileFound): readonly string[] {
  switch (event.type) {
    case 'card-known':
      return [`${printable(event.label)}  ${countFiles(event.files)}  ${formatBytes(event.bytes)}`];
    case 'shoot-known':
      return [`${printable(event.shoot)}  ${countFiles(event.files)}  ${formatBytes(event.bytes)}`];
    case 'file-found':
      return [printable(event.path), ...event.copies.map(({path}) => `  ${printable(path)}`)];
  }
}

/** @returns how a rebuild ended. */
export function describeRebuild({catalog, manifests, files}: CatalogRebuilt): readonly string[] {
  return [
    `${formatCount(manifests)} records with ${countFiles(files)} are in ${printable(catalog)}`,
  ];
}
