/** A destination in a folder of a volume is recorded as `<id of the volume>:<folder>`. */
const WITH_FOLDER = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):/i;

/** @returns the id of the volume that holds a destination. @param id as records have it. */
export const volumeOf = (id: string): string => WITH_FOLDER.exec(id)?.[1] ?? id;
