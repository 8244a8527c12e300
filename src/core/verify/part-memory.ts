/** Which slices of a volume were read, and when: what `offload verify --part` goes on from. */
import * as z from 'zod';
import type {Slice} from './slices.ts';

const part = z.object({
  part: z.int().positive(),
  /** When its reading began: all of it was read then or later. */
  at: z.iso.datetime(),
  good: z.boolean(),
});

const memory = z.object({
  schema: z.literal('offload-verify/1'),
  /** Id from the volume's marker. */
  volume: z.string(),
  /** One for each number of slices; a whole volume is one slice of one. */
  courses: z.array(
    z.object({
      of: z.int().positive(),
      /** The last reading of each slice, in the order in which they were read. */
      parts: z.array(part),
    }),
  ),
});

export type PartMemory = z.infer<typeof memory>;
type Course = PartMemory['courses'][number];

export const nothingRead = (volume: string): PartMemory => ({
  schema: 'offload-verify/1',
  volume,
  courses: [],
});

/** @returns undefined when the text is damaged or speaks of another volume. */
export function parsePartMemory(text: string, volume: string): PartMemory | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = memory.safeParse(json);
  return parsed.success && parsed.data.volume === volume ? parsed.data : undefined;
}

const courseOf = ({courses}: PartMemory, of: number): Course =>
  courses.find((course) => course.of === of) ?? {of, parts: []};

/** @returns the slice after the one that was read last; the first when none was. */
export function nextSlice(known: PartMemory, of: number): Slice {
  const last = courseOf(known, of).parts.at(-1);
  return {part: last === undefined ? 1 : (last.part % of) + 1, of};
}

export function addReading(
  known: PartMemory,
  {part: number, of}: Slice,
  reading: {readonly at: string; readonly good: boolean},
): PartMemory {
  const others = courseOf(known, of).parts.filter((one) => one.part !== number);
  const course = {of, parts: [...others, {part: number, ...reading}]};
  return {...known, courses: [...known.courses.filter((one) => one.of !== of), course]};
}

export interface PartsRead {
  readonly read: number;
  /** Of these, the ones that were not all good. */
  readonly bad: number;
}

export function countParts(known: PartMemory, of: number): PartsRead {
  const {parts} = courseOf(known, of);
  return {read: parts.length, bad: parts.filter(({good}) => !good).length};
}

/** @returns the moment since which every copy was read back and good, ISO 8601; null when a slice of every course lacks that, or something was found bad after it. */
export function verifiedSince({courses}: PartMemory): string | null {
  const since = courses.flatMap(({of, parts}) => {
    const isWhole = parts.length === of && parts.every(({good}) => good);
    // Times of one form, `…Z`, sort as texts.
    return isWhole ? (parts.map(({at}) => at).sort()[0] ?? []) : [];
  });
  const bad = courses.flatMap(({parts}) => parts.flatMap(({at, good}) => (good ? [] : at)));
  const newest = since.sort().at(-1);
  return newest === undefined || bad.some((at) => at >= newest) ? null : newest;
}
