/**
 * The devices of a ZFS pool from `zpool status -P POOL`: with -P every device stands as a full path at the start of a line of the
 * `config:` table (zpool-status(8)). Logs, caches and spares are taken along: too many disks never make two copies of one.
 * @returns undefined when the table is missing or a device is a file.
 */
export function parsePoolDevices(text: string): readonly string[] | undefined {
  const config = text.split(/^config:\s*$/m)[1]?.split(/^errors:/m)[0];
  if (config === undefined) return undefined;
  const paths = [...config.matchAll(/^\s+(\/\S+)\s/gm)].flatMap((match) => match[1] ?? []);
  if (paths.length === 0 || paths.some((path) => !path.startsWith('/dev/'))) return undefined;
  return [...new Set(paths)];
}
