/** What is checked alike in every file with jobs: of backups, of clouds and of Lightroom catalogs. */
import * as z from 'zod';
import {isTreePath} from '../tree-path.ts';
import {isDays, isInterval, isQuietHours} from './typed-trigger.ts';

/** Below a volume: never absolute, no empty part, no `.` and `..`. Empty for the whole volume. */
export const folderForm = z
  .string()
  .refine((text) => text === '' || isTreePath(text), 'is no folder below a volume');

/** Hours. */
export const intervalForm = z.number().refine(isInterval, 'is no time between runs');

/** @param least days. */
export const daysForm = (least: number) =>
  z.number().refine((days) => isDays(days, least), 'is no number of days');

export const triggerForm = z.looseObject({
  arrival: z.boolean().default(false),
  everyHours: intervalForm.nullable().default(null),
  quiet: z
    .looseObject({from: z.string(), to: z.string()})
    .refine(isQuietHours, 'are no quiet hours')
    .nullable()
    .default(null),
});

/** What a person calls a volume, and where it was: to name one that is away, and to find a marker that does not lie at the root of a volume. */
const volumePlace = z.looseObject({name: z.string(), path: z.string()});
export type VolumePlace = Readonly<z.infer<typeof volumePlace>>;

/** By id of the volume. */
export const volumesForm = z.record(z.string(), volumePlace).default({});
