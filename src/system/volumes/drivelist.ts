import {failed, ok, type Result} from '../../core/cause.ts';
import {flagOf, isFields, listOf, numberOf, textOf} from '../../core/volumes/fields.ts';

/** What the optional package drivelist 12 tells of a whole disk. */
export interface DetectedDrive {
  /** `/dev/sdb`, `/dev/disk4`, `\\.\PhysicalDrive1`. */
  readonly device: string;
  /** Label, vendor and model in one text. */
  readonly description: string | null;
  readonly mountPoints: readonly string[];
  /** Bytes. */
  readonly size: number | null;
  readonly isSystem: boolean | null;
  readonly isRemovable: boolean | null;
  readonly isUsb: boolean | null;
  /** `USB`, `SATA`, `UNKNOWN`… */
  readonly busType: string | null;
}

function toDrive(value: unknown): DetectedDrive | undefined {
  const device = isFields(value) ? textOf(value.device) : null;
  if (!isFields(value) || device === null) return undefined;
  return {
    device,
    description: textOf(value.description),
    mountPoints: listOf(value.mountpoints).flatMap((mount) =>
      isFields(mount) ? (textOf(mount.path) ?? []) : [],
    ),
    size: numberOf(value.size),
    isSystem: flagOf(value.isSystem),
    isRemovable: flagOf(value.isRemovable),
    isUsb: flagOf(value.isUSB),
    busType: textOf(value.busType),
  };
}

/** Kept from the compiler: the package is optional, so its types may be missing too. */
const PACKAGE: string = 'drivelist';

/** @returns the disks, or `no-drivelist` when the package is missing, was not built for this computer, or fails. */
export async function listDrives(): Promise<Result<readonly DetectedDrive[]>> {
  try {
    const loaded: unknown = await import(PACKAGE);
    const list = isFields(loaded) ? loaded.list : undefined;
    if (typeof list !== 'function') throw new TypeError('it has no list()');
    const drives: unknown = await list();
    return ok(listOf(drives).flatMap((drive) => toDrive(drive) ?? []));
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return failed({
      code: 'no-drivelist',
      message: `drivelist does not work here (${why}): which drives are removable, and the names of some, cannot be seen`,
      next: 'Nothing else depends on it. To have it, run `npm rebuild drivelist`.',
    });
  }
}
