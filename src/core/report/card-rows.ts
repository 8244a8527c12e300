/** The table of a report: one row for each file of the card, what was left out included. `docs/report.md` explains the columns. */
import {letterOf} from '../card-state.ts';
import {type Cell, formatLine} from '../csv-line.ts';
import type {Manifest} from '../manifest.ts';
import type {PhotoFacts} from '../photo/photo-facts.ts';
import {describeCamera} from './exif-line.ts';
import type {FileState, ReportFile} from './file-state.ts';

/** Excel takes a table for UTF-8 only when it begins with this mark. */
export const TABLE_MARK = '\uFEFF';

const WORDS: Readonly<Record<FileState, string>> = {
  proved: 'proved',
  partly: 'not on every drive',
  missing: 'not copied',
  lost: 'lost',
};

const ABOUT_TAKING = [
  'taken',
  'taken_zone_minutes',
  'taken_source',
  'camera',
  'make',
  'model',
  'serial',
  'lens',
  'exposure',
  'aperture',
  'iso',
  'focal_length',
  'film_seconds',
] as const;

/** @returns the first line, with its line feed. */
export function headerRow({destinations}: Pick<Manifest, 'destinations'>): string {
  const drives = destinations.flatMap((_, index) => {
    const letter = letterOf(index).toLowerCase();
    return [`copy_${letter}`, `how_${letter}`, `read_back_${letter}`, `proved_at_${letter}`];
  });
  const columns = ['card_path', 'status', 'bytes', 'modified', 'blake3', 'retries', ...drives];
  return line([...columns, ...ABOUT_TAKING, 'salvaged', 'problem']);
}

/** @returns the line of one file, with its line feed. */
export function fileRow(
  {destinations}: Pick<Manifest, 'destinations'>,
  {file, state}: ReportFile,
  facts: PhotoFacts | undefined,
): string {
  const copies = destinations.flatMap(({id, shoot}): Cell[] => {
    const copy = file.copies.find(({destination}) => destination === id);
    if (copy === undefined) return [null, null, null, null];
    const how = copy.source === 'copy' ? 'from another copy' : copy.origin;
    return [below(shoot, copy.target), how, copy.mediumRead, copy.provedAt];
  });
  const {failures = [], salvaged = []} = file;
  return line([
    file.path,
    WORDS[state],
    file.size,
    formatModified(file.mtimeNs),
    file.blake3,
    file.retries,
    ...copies,
    ...describeTaking(facts),
    nullIfEmpty(salvaged.map(({target}) => target).join('; ')),
    nullIfEmpty(failures.map(({message}) => message).join('; ')),
  ]);
}

/** @returns the line of what was not copied by a rule, with its line feed. */
export function leftOutRow(
  {destinations}: Pick<Manifest, 'destinations'>,
  {path, rule}: {readonly path: string; readonly rule: string},
): string {
  const empty = Array.from({length: 4 + 4 * destinations.length + ABOUT_TAKING.length}, () => null);
  return line([path, 'left out', ...empty, null, `left out: ${rule}`]);
}

function describeTaking(facts: PhotoFacts | undefined): readonly Cell[] {
  if (facts === undefined) return ABOUT_TAKING.map(() => null);
  const {takenAt} = facts;
  return [
    takenAt?.local.replace('T', ' ') ?? null,
    takenAt?.offsetMinutes ?? null,
    takenAt?.source ?? null,
    nullIfEmpty(describeCamera(facts)),
    ...[facts.make, facts.model, facts.serial, facts.lens].map(nullIfEmpty),
    nullIfEmpty(withSeconds(facts.exposure)),
    ...[facts.aperture, facts.iso, facts.focalLength].map(nullIfEmpty),
    facts.durationSeconds,
  ];
}

/** A spreadsheet takes `1/4` for the first of April. */
const withSeconds = (exposure: string): string =>
  /^[\d./]+$/.test(exposure) ? `${exposure} s` : exposure;

/** @returns ISO 8601 in UTC to the millisecond; the number itself where no calendar has it. */
function formatModified(mtimeNs: string): string {
  const date = new Date(Number(BigInt(mtimeNs) / 1_000_000n));
  return Number.isNaN(date.getTime()) ? mtimeNs : date.toISOString();
}

/** As the platform of the shoot writes it. */
function below(shoot: string, target: string): string {
  const separator = /^[A-Za-z]:\\|^\\\\/.test(shoot) ? '\\' : '/';
  return `${shoot}${separator}${target.replaceAll('/', separator)}`;
}

const nullIfEmpty = (text: string): string | null => (text === '' ? null : text);
const line = (cells: readonly Cell[]): string => `${formatLine(cells)}\n`;
