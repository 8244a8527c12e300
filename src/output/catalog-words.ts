/** What the catalog knows, in lines for a person: columns of fixed width, because each event is printed as it comes. */
import type {CardKnown, CatalogRebuilt, FileFound, ShootKnown} from '../core/events.ts';
import {formatBytes, formatCount} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {countFiles} from '../core/words.ts';
import {countCells} from '../core/wrap-words.ts';

/** Cells of the first column: the longest labels of FAT and exFAT have 11 signs, names of shoots a few more. */
const NAME_CELLS = 26;
const FILES_CELLS = 13;
const BYTES_CELLS = 9;

/** @returns the lines that a person reads of what the catalog knows. */
export function describeKnown(event: CardKnown | ShootKnown | FileFound): readonly string[] {
  switch (event.type) {
    case 'card-known':
      return describeCard(event);
    case 'shoot-known':
      return describeShoot(event);
    case 'file-found':
      return describeFound(event);
  }
}

function describeCard(event: CardKnown): readonly string[] {
  const {label, cameras, offloads, shoot, lastOffload, safe} = event;
  const count = offloads === 1 ? '1 offload' : `${formatCount(offloads)} offloads`;
  const details = [...cameras.map(printable), `${count}, the last into ${printable(shoot)}`];
  return [`${amounts(label, event)}  ${localTime(lastOffload)}  ${ended(safe)}`, indent(details)];
}

function describeShoot(event: ShootKnown): readonly string[] {
  const {shoot, cards, firstOffload, lastOffload, safe, volumes} = event;
  const from = cards === 1 ? '1 card' : `${formatCount(cards)} cards`;
  return [
    `${amounts(shoot, event)}  ${localTime(lastOffload)}  ${ended(safe)}`,
    indent([`${from} since ${localTime(firstOffload)}`]),
    ...volumes.map(({name, path, files}) => {
      const where = `${padEnd(`  on ${printable(name)}`, NAME_CELLS)} ${padStart(countFiles(files), FILES_CELLS)}`;
      return `${where}  ${printable(path)}`;
    }),
  ];
}

function describeFound({path, label, shoot, size, copies}: FileFound): readonly string[] {
  return [
    `${printable(path)}  ${formatBytes(size)}  card ${printable(label)}, shoot ${printable(shoot)}`,
    ...copies.map(
      (copy) =>
        `  ${printable(copy.path)}  on ${printable(copy.name)}, proved ${localTime(copy.provedAt)}`,
    ),
    ...(copies.length === 0 ? ['  no proved copy is known'] : []),
  ];
}

/** @returns how a rebuild ended. */
export function describeRebuild(event: CatalogRebuilt): readonly string[] {
  const {catalog, manifests, offloads, files, mirrored, problems} = event;
  const records = manifests === 1 ? '1 record' : `${formatCount(manifests)} records`;
  const of = offloads === 1 ? '1 offload' : `${formatCount(offloads)} offloads`;
  const lines = [`${records} of ${of} with ${countFiles(files)} are in ${printable(catalog)}`];
  if (mirrored > 0) {
    const copies = mirrored === 1 ? '1 copy' : `${formatCount(mirrored)} copies`;
    lines.push(`  ${copies} that backups made`);
  }
  if (problems > 0) {
    const bad = problems === 1 ? '1 record is' : `${formatCount(problems)} records are`;
    lines.push(`  ${bad} damaged, of another program or in doubt, and left out`);
  }
  return lines;
}

const amounts = (name: string, {files, bytes}: {readonly files: number; readonly bytes: number}) =>
  `${padEnd(printable(name), NAME_CELLS)} ${padStart(countFiles(files), FILES_CELLS)} ${padStart(formatBytes(bytes), BYTES_CELLS)}`;

/** How it ended then: nothing is known of the drives now. */
const ended = (safe: boolean): string => (safe ? 'ended SAFE' : 'ended NOT SAFE');

const indent = (parts: readonly string[]): string => `  ${parts.join(', ')}`;

/** @param at ISO 8601. @returns `2026-11-22 19:04` on this computer's clock. */
export function localTime(at: string): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

export const padEnd = (text: string, cells: number): string =>
  text + ' '.repeat(Math.max(0, cells - countCells(text)));
export const padStart = (text: string, cells: number): string =>
  ' '.repeat(Math.max(0, cells - countCells(text))) + text;
