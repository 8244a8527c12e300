import {failed, ok, type Result} from '../cause.ts';
import {type Fields, isFields, listOf, numberOf, parseJson, textOf} from './fields.ts';

/** The tables of `windows-script.ts`, with absent values as null. */
export interface WindowsFacts {
  readonly letters: readonly WindowsLetter[];
  readonly volumes: readonly WindowsVolume[];
  readonly partitions: readonly WindowsPartition[];
  readonly disks: readonly WindowsDisk[];
  readonly physicalDisks: readonly WindowsPhysicalDisk[];
  readonly spaces: readonly WindowsSpace[];
}

/** A drive letter, network drives included. */
export interface WindowsLetter {
  /** `W:`. */
  readonly letter: string;
  readonly driveType: number | null;
  /** `\\nas\photos` of a network drive. */
  readonly share: string | null;
  readonly fileSystem: string | null;
}

export interface WindowsVolume {
  /** `\\?\Volume{…}\`. */
  readonly id: string;
  /** Where it is mounted: `W:\`, `C:\mnt\photos\`; the id when it is nowhere. */
  readonly name: string;
  readonly fileSystem: string | null;
  readonly label: string | null;
  readonly serial: number | null;
  /** Bytes; null for a card reader without a card and for a locked volume. */
  readonly size: number | null;
  readonly driveType: number | null;
}

export interface WindowsPartition {
  readonly disk: number;
  readonly accessPaths: readonly string[];
  readonly mbrType: number | null;
  readonly gptType: string | null;
}

export interface WindowsDisk {
  readonly number: number;
  readonly uniqueId: string | null;
  readonly model: string | null;
  readonly busType: number | null;
  readonly location: string | null;
}

export interface WindowsPhysicalDisk {
  /** The disk's number as text. */
  readonly deviceId: string;
  readonly model: string | null;
  readonly mediaType: number | null;
}

/** A virtual disk of Storage Spaces and the physical disks that it lies on. */
export interface WindowsSpace {
  readonly uniqueId: string;
  readonly deviceIds: readonly string[];
}

const texts = (value: unknown) => listOf(value).flatMap((each) => textOf(each) ?? []);

function toLetter(row: Fields): WindowsLetter | undefined {
  const letter = textOf(row.DeviceID);
  if (letter === null) return undefined;
  const {DriveType, ProviderName, FileSystem} = row;
  return {
    letter,
    driveType: numberOf(DriveType),
    share: textOf(ProviderName),
    fileSystem: textOf(FileSystem),
  };
}

function toVolume(row: Fields): WindowsVolume | undefined {
  const id = textOf(row.DeviceID);
  if (id === null) return undefined;
  return {
    id,
    name: textOf(row.Name) ?? id,
    fileSystem: textOf(row.FileSystem),
    label: textOf(row.Label),
    serial: numberOf(row.SerialNumber),
    size: numberOf(row.Capacity),
    driveType: numberOf(row.DriveType),
  };
}

function toPartition(row: Fields): WindowsPartition | undefined {
  const disk = numberOf(row.DiskNumber);
  if (disk === null) return undefined;
  const {AccessPaths, MbrType, GptType} = row;
  return {
    disk,
    accessPaths: texts(AccessPaths),
    mbrType: numberOf(MbrType),
    gptType: textOf(GptType),
  };
}

function toDisk(row: Fields): WindowsDisk | undefined {
  const number = numberOf(row.Number);
  if (number === null) return undefined;
  return {
    number,
    uniqueId: textOf(row.UniqueId),
    model: textOf(row.FriendlyName),
    busType: numberOf(row.BusType),
    location: textOf(row.Location),
  };
}

function toPhysicalDisk(row: Fields): WindowsPhysicalDisk | undefined {
  const deviceId = textOf(row.DeviceId);
  if (deviceId === null) return undefined;
  return {deviceId, model: textOf(row.FriendlyName), mediaType: numberOf(row.MediaType)};
}

function toSpace(row: Fields): WindowsSpace | undefined {
  const uniqueId = textOf(row.UniqueId);
  return uniqueId === null ? undefined : {uniqueId, deviceIds: texts(row.DeviceIds)};
}

/** @returns `unreadable-answer` when the text is not the script's answer. Rows that are not understood are left out. */
export function parseWindowsFacts(json: string): Result<WindowsFacts> {
  const answer = parseJson(json);
  if (!isFields(answer) || !('Volumes' in answer)) {
    return failed({
      code: 'unreadable-answer',
      message: 'PowerShell does not tell the volumes',
      next: 'Run `Get-Volume` in PowerShell to see what it says.',
    });
  }
  const rows = <T>(value: unknown, read: (row: Fields) => T | undefined): readonly T[] =>
    listOf(value).flatMap((row) => (isFields(row) ? (read(row) ?? []) : []));
  return ok({
    letters: rows(answer.Letters, toLetter),
    volumes: rows(answer.Volumes, toVolume),
    partitions: rows(answer.Partitions, toPartition),
    disks: rows(answer.Disks, toDisk),
    physicalDisks: rows(answer.PhysicalDisks, toPhysicalDisk),
    spaces: rows(answer.Spaces, toSpace),
  });
}
