import {createHmac, randomBytes} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {errnoOf} from '../core/cause.ts';
import type {SignText} from '../core/manifest.ts';

/** In the data folder of this program, readable by its user only. */
export const SECRET_NAME = 'secret.key';

/** As many bytes as SHA-256 gives (RFC 2104, section 3). */
const SECRET_BYTES = 32;

export const makeSecret = (): Buffer => randomBytes(SECRET_BYTES);

/**
 * The secret by which this computer knows its own journals and manifests again: whoever can write on a drive can write a record, and a run that goes on must
 * not take the word of a stranger for what the card gave.
 * @param folder the data folder, absolute; it is made when it is missing.
 * @returns the secret, a new one where there is none; one for this run only where the folder cannot be written or holds something else. Never rejects for a disk.
 */
export async function readOwnSecret(folder: string): Promise<Buffer> {
  const path = join(folder, SECRET_NAME);
  try {
    return (await readSecret(path)) ?? makeSecret();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    if (errnoOf(error) !== 'ENOENT') return makeSecret();
  }
  const secret = makeSecret();
  try {
    await mkdir(folder, {recursive: true, mode: 0o700});
    await writeFile(path, secret, {flag: 'wx', mode: 0o600, flush: true});
    return secret;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    // Another process made it a moment ago, or nothing can be kept here.
    return errnoOf(error) === 'EEXIST' ? await readMade(path, secret) : secret;
  }
}

/** Who makes a file has not filled it yet at the first look; then this run has a secret of its own. */
async function readMade(path: string, secret: Buffer): Promise<Buffer> {
  try {
    return (await readSecret(path)) ?? secret;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return secret;
  }
}

async function readSecret(path: string): Promise<Buffer | undefined> {
  const bytes = await readFile(path);
  return bytes.length === SECRET_BYTES ? bytes : undefined;
}

/** HMAC-SHA256 (RFC 2104), 64 hex digits. */
export const signWith =
  (secret: Buffer): SignText =>
  (text) =>
    createHmac('sha256', secret).update(text, 'utf8').digest('hex');
