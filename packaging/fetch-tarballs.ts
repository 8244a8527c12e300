/** Fetches archives from the registry, by npm itself: it knows the registry's address, proxies and certificates. */
import {createHash, timingSafeEqual} from 'node:crypto';
import {mkdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import type {Tarball} from './targets.ts';

const TIMEOUT_MS = 600_000;

/** Thrown where npm could not fetch: the registry cannot be reached, or does not have the package any more. */
export class NotFetched extends Error {
  override readonly name = 'NotFetched';
}

/**
 * Fetches what is not in the cache yet. What is there is hashed each time it is read.
 *
 * @throws NotFetched when npm fails.
 */
export async function fetchTarballs(
  tarballs: readonly Tarball[],
  {cache, signal}: {readonly cache: string; readonly signal?: AbortSignal},
): Promise<void> {
  await mkdir(cache, {recursive: true});
  const missing: string[] = [];
  for (const tarball of tarballs) {
    if (await isGood(tarball, cache)) continue;
    await rm(pathOf(tarball, cache), {force: true});
    missing.push(`${tarball.name}@${tarball.version}`);
  }
  if (missing.length === 0) return;
  const args = ['pack', '--silent', '--pack-destination', cache, ...new Set(missing)];
  const {failed, stderr, exitCode} = await execa('npm', args, {
    cwd: cache,
    stdin: 'ignore',
    reject: false,
    timeout: TIMEOUT_MS,
    env: quietEnv(),
    extendEnv: false,
    ...(signal === undefined ? {} : {cancelSignal: signal}),
  });
  if (failed) {
    const why = stderr.trim().split('\n').slice(-1)[0] || `npm ended with ${exitCode}`;
    throw new NotFetched(`${missing.join(' ')} could not be fetched from the registry: ${why}`);
  }
}

/** Without the settings that npm gives to what it runs: they are those of this project. */
function quietEnv(): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^npm_(?!config_)/i.test(name) ? [] : [[name, value] as const],
  );
  return {...Object.fromEntries(kept), npm_config_update_notifier: 'false'};
}

/** @returns its bytes. @throws Error when they are not those that the lock file names. */
export async function readGood(tarball: Tarball, cache: string): Promise<Buffer> {
  const bytes = await readFile(pathOf(tarball, cache));
  if (hasIntegrity(bytes, tarball.integrity)) return bytes;
  throw new Error(
    `${tarball.name} ${tarball.version} is not what the lock file names (${tarball.integrity}). Nothing was made of it.`,
  );
}

async function isGood({integrity, ...tarball}: Tarball, cache: string): Promise<boolean> {
  const bytes = await readFile(pathOf(tarball, cache)).catch(() => undefined);
  return bytes !== undefined && hasIntegrity(bytes, integrity);
}

/** Only sha512 is taken: lock files of this time have nothing else. */
export function hasIntegrity(bytes: Uint8Array, integrity: string): boolean {
  const wanted = /^sha512-([A-Za-z0-9+/]+={0,2})$/.exec(integrity)?.[1];
  if (wanted === undefined) return false;
  const hash = createHash('sha512').update(bytes).digest();
  const asked = Buffer.from(wanted, 'base64');
  return asked.length === hash.length && timingSafeEqual(asked, hash);
}

/** As `npm pack` names its files: `@img/colour` 1.1.0 is `img-colour-1.1.0.tgz`. */
function pathOf({name, version}: Pick<Tarball, 'name' | 'version'>, cache: string): string {
  return join(cache, `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`);
}
