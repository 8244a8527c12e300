/** A volume as the counting of copies sees it. */
export interface StatusVolume {
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  readonly role: 'working' | 'backup' | 'off-site' | null;
  /** Where it is kept, in the user's words; null when nobody said. */
  readonly place: string | null;
  /** False when it was never known on which physical drive it lies, or when it lies in memory: it counts as no drive then. */
  readonly hasKnownDrive: boolean;
}

/** Two places are one whatever their case. */
const foldPlace = (place: string): string => place.trim().normalize('NFC').toLowerCase();

/** @returns the places of the volumes, each once, as they were written first. */
export function placesOf(volumes: readonly StatusVolume[]): readonly string[] {
  const places = new Map<string, string>();
  for (const {place} of volumes) {
    if (place !== null && !places.has(foldPlace(place))) places.set(foldPlace(place), place);
  }
  return [...places.values()];
}

/**
 * True when one of the volumes is kept away from another one: it is the off-site one and not known to lie where another lies, or two places are known.
 */
export function hasOffSite(volumes: readonly StatusVolume[]): boolean {
  if (placesOf(volumes).length > 1) return true;
  return volumes.some(
    (one) =>
      one.role === 'off-site' &&
      volumes.some(
        (other) =>
          other !== one &&
          other.role !== 'off-site' &&
          (one.place === null ||
            other.place === null ||
            foldPlace(one.place) !== foldPlace(other.place)),
      ),
  );
}
