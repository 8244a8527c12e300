import {platform} from 'node:os';

/** ms. A person waits three seconds for a look. On a cold Windows PowerShell alone takes longer, and exiftool unpacks itself first. */
export const LATE_MS = platform() === 'win32' ? 15_000 : 2800;

/** @returns what the work comes to, or the other answer after that time: the work goes on, and nobody waits for it. */
export async function withinTime<T>(work: Promise<T>, ms: number, otherwise: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise()), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
