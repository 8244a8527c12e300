/** A share of another computer, as far as this one can tell: a folder behind the SFTP server of OpenSSH, mounted by sshfs over the loopback. */
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import type {Lab} from './lab.ts';
import {findFreePort, isListening} from './loopback.ts';
import {isMounted, unmount} from './mounts.ts';
import {CannotRun} from './rig.ts';
import {call} from './tools.ts';
import {waitUntil} from './wait.ts';

/** Debian's openssh-sftp-server. */
const SFTP_SERVER = '/usr/lib/openssh/sftp-server';

export interface Share {
  /** Where it is mounted, absolute. */
  readonly mountPoint: string;
  /** The folder behind it, absolute. */
  readonly folder: string;
  /** The other computer goes away: calls into the share fail or never return. */
  cut(): Promise<void>;
}

/**
 * Serves a folder and mounts it. Both go with the lab.
 * @throws CannotRun where FUSE cannot be used.
 */
export async function mountShare(lab: Lab, folder: string): Promise<Share> {
  const port = await findFreePort();
  const mountPoint = join(lab.folder, 'share');
  await mkdir(folder, {recursive: true});
  await mkdir(mountPoint, {recursive: true});
  const listen = `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr`;
  // In a group of its own, so that the servers it forks go with it.
  const server = execa('socat', [listen, `EXEC:${SFTP_SERVER}`], {
    reject: false,
    stdin: 'ignore',
    detached: true,
  });
  const cut = async () => {
    try {
      if (server.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
    await server;
  };
  lab.defer(cut);
  lab.defer(() => unmount(mountPoint));
  await waitUntil('the server listens', () => isListening(port));
  const options = ['-f', '-o', `directport=${port}`];
  const client = execa('sshfs', [...options, `127.0.0.1:${folder}`, mountPoint], {
    reject: false,
    stdin: 'ignore',
  });
  let ended: string | undefined;
  void client.then(({stderr}) => {
    ended = stderr;
  });
  await waitUntil('the share is mounted', async () => {
    if (ended !== undefined) throw new CannotRun(`sshfs does not mount here: ${ended}`);
    return await isMounted(mountPoint);
  });
  await call('stat', [mountPoint]);
  return {mountPoint, folder, cut};
}
