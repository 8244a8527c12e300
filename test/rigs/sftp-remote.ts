/** A cloud, as far as this computer can tell: a folder behind rclone's own SFTP server on the loopback, with a remote that only the environment knows (rclone.org/docs, "Environment variables"). */
import {randomBytes} from 'node:crypto';
import {mkdir} from 'node:fs/promises';
import {execa} from 'execa';
import type {Lab} from './lab.ts';
import {findFreePort, isListening} from './loopback.ts';
import {waitUntil} from './wait.ts';

export interface Remote {
  /** As it stands before the colon. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

const NAME = 'box';

/** Serves a folder. It ends with the lab. */
export async function serveSftp(lab: Lab, folder: string): Promise<Remote> {
  await mkdir(folder, {recursive: true});
  const port = await findFreePort();
  const password = randomBytes(12).toString('hex');
  const server = execa(
    'rclone',
    ['serve', 'sftp', folder, '--addr', `127.0.0.1:${port}`, '--user', 'studio'],
    {reject: false, stdin: 'ignore', env: {RCLONE_PASS: password, RCLONE_CONFIG: '/dev/null'}},
  );
  lab.defer(async () => {
    server.kill('SIGKILL');
    await server;
  });
  await waitUntil('the SFTP server listens', () => isListening(port));
  const {stdout: obscured} = await execa('rclone', ['obscure', '-'], {input: password});
  const prefix = `RCLONE_CONFIG_${NAME.toUpperCase()}`;
  return {
    name: NAME,
    env: {
      RCLONE_CONFIG: '/dev/null',
      [`${prefix}_TYPE`]: 'sftp',
      [`${prefix}_HOST`]: '127.0.0.1',
      [`${prefix}_PORT`]: String(port),
      [`${prefix}_USER`]: 'studio',
      [`${prefix}_PASS`]: obscured,
    },
  };
}
