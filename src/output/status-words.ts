/** Volumes and how shoots are kept, in lines for a person. */
import type {ShootStatus, VolumeKnown} from '../core/events.ts';
import {formatBytes, formatCount} from '../core/format-amounts.ts';
import {describeCopyAge, nameCopy, type OffSiteCopy} from '../core/offsite/offsite-words.ts';
import {printable} from '../core/printable.ts';
import {unreachable} from '../core/unreachable.ts';
import {countFiles} from '../core/words.ts';
import {localTime, padEnd, padStart} from './catalog-words.ts';

/** Cells of the columns, as in the lists of the catalog. */
const NAME_CELLS = 26;
const ROLE_CELLS = 8;
const FILES_CELLS = 13;
const BYTES_CELLS = 9;

/** Three lines for a volume: what it is, what fits on it, and its id. */
export function describeVolume(event: VolumeKnown): readonly string[] {
  const {volume, name, role, place, fileSystem, size, free, lastProof} = event;
  const where = place === null ? 'place unknown' : `place: ${printable(place)}`;
  const space =
    size === null
      ? 'size unknown'
      : free === null
        ? formatBytes(size)
        : `${formatBytes(free)} free of ${formatBytes(size)}`;
  const proof = lastProof === null ? 'no proof is recorded' : `last proof ${localTime(lastProof)}`;
  return [
    `${padEnd(printable(name), NAME_CELLS)} ${role.padEnd(ROLE_CELLS)}  ${describePlace(event)}`,
    `  ${where}, ${fileSystem === '' ? 'file system unknown' : printable(fileSystem)}, ${space}, ${proof}`,
    `  ${printable(volume)}`,
  ];
}

function describePlace({state, path, asOf}: VolumeKnown): string {
  const at = path === null ? '' : printable(path);
  switch (state) {
    case 'connected':
      return `connected at ${at}`;
    case 'away':
      return `not connected, as of ${localTime(asOf)}`;
    case 'doubted':
      return `IN DOUBT at ${at}`;
    default:
      return unreachable(state);
  }
}

/** A shoot, the volumes that have it, and what is missing. */
export function describeStatus(event: ShootStatus, at: Date): readonly string[] {
  const {shoot, files, letGo, bytes, reached, missing, next, volumes} = event;
  const amounts = `${padStart(countFiles(files), FILES_CELLS)} ${padStart(formatBytes(bytes), BYTES_CELLS)}`;
  const lines = [
    `${padEnd(printable(shoot), NAME_CELLS)} ${amounts}  ${reached ? '3-2-1 reached' : '3-2-1 NOT REACHED'}`,
    `  ${describeCounts(event)}`,
    ...volumes.map(describeShare),
    ...(event.offSite === null ? [] : [describeOffSite(event.offSite, files, at)]),
  ];
  if (letGo > 0) {
    const verb = letGo === 1 ? 'was' : 'were';
    lines.push(
      `  not counted: ${countFiles(letGo)} that ${verb} deleted or replaced on the working drive; archives of backups have ${letGo === 1 ? 'it' : 'them'} until their grace time is over`,
    );
  }
  if (missing !== null) lines.push(`  missing: ${printable(missing)}`);
  if (next !== null) lines.push(`  next: ${printable(next)}`);
  return lines;
}

function describeCounts({copies, drives, places, oldestProof, lastProof}: ShootStatus): string {
  const many = (count: number, one: string, more: string) =>
    count === 1 ? `1 ${one}` : `${formatCount(count)} ${more}`;
  const counts = `${many(copies, 'proved copy', 'proved copies')} on ${many(drives, 'drive', 'drives')}`;
  const at = places.length === 0 ? 'places unknown' : `places: ${places.map(printable).join(', ')}`;
  if (lastProof === null || oldestProof === null) return `${counts}, ${at}, no proof is recorded`;
  const [from, to] = [localTime(oldestProof), localTime(lastProof)];
  const oldest = from === to ? '' : `, the oldest ${from}`;
  return `${counts}, ${at}, last proof ${to}${oldest}`;
}

function describeOffSite(copy: OffSiteCopy, files: number, at: Date): string {
  const {connected} = copy;
  const part = copy.files < files ? `${formatCount(copy.files)} of ${countFiles(files)}, ` : '';
  const when = `${describeCopyAge(copy, at.getTime())}, read back ${localTime(copy.lastProof)}`;
  return `  off-site: ${part}${nameCopy(copy)}, ${when}${connected ? ', connected' : ''}`;
}

function describeShare({
  name,
  role,
  place,
  connected,
  asOf,
  files,
}: ShootStatus['volumes'][number]) {
  const about = [role === 'none' ? '' : role, place === null ? '' : printable(place)];
  const when = connected ? 'connected' : `not connected, as of ${localTime(asOf)}`;
  const words = [...about.filter((one) => one !== ''), when].join(', ');
  return `${padEnd(`  on ${printable(name)}`, NAME_CELLS)} ${padStart(countFiles(files), FILES_CELLS)}  ${words}`;
}
