/** rclone's own servers on the loopback, and a configuration that knows them. */
import {appendFile, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import type {Lab} from './lab.ts';
import {findFreePort, isListening} from './loopback.ts';
import {waitUntil} from './wait.ts';

/** A server that runs. */
interface Running {
  readonly end: () => Promise<void>;
}

export type Served = 'sftp' | 'webdav';

const USER = 'studio';
const PASSWORD = 'geheim-0815';

/** The cloud of a rig. Remotes: `sftp:` and `webdav:` for its servers, `wrong:` with another password, `local:` and `crypt:` for folders, `cryptdav:` and `memo:` (hasher) over WebDAV. */
export class CloudServer {
  readonly env: Readonly<Record<string, string>>;
  /** What is served. */
  readonly folder: string;
  readonly #lab: Lab;
  readonly #config: string;
  readonly #ports = new Map<Served, number>();
  readonly #running = new Map<Served, Running>();

  private constructor(lab: Lab, folder: string) {
    this.#lab = lab;
    this.folder = folder;
    this.#config = join(lab.folder, 'rclone.conf');
    this.env = {RCLONE_CONFIG: this.#config, RCLONE_CACHE_DIR: join(lab.folder, 'rclone-cache')};
  }

  static async open(lab: Lab, folder: string): Promise<CloudServer> {
    await mkdir(folder, {recursive: true});
    const server = new CloudServer(lab, folder);
    const [good, wrong, key] = await Promise.all([PASSWORD, 'another', 'a key'].map(obscure));
    const ports = {sftp: await findFreePort(), webdav: await findFreePort()};
    server.#ports.set('sftp', ports.sftp).set('webdav', ports.webdav);
    const sftp = ['type = sftp', 'host = 127.0.0.1', `port = ${ports.sftp}`, `user = ${USER}`];
    const webdav = ['type = webdav', `url = http://127.0.0.1:${ports.webdav}`, 'vendor = other'];
    await server.#define('sftp', [...sftp, `pass = ${good}`]);
    await server.#define('wrong', [...sftp, `pass = ${wrong}`]);
    await server.#define('webdav', [...webdav, `user = ${USER}`, `pass = ${good}`]);
    await server.#define('local', ['type = alias', `remote = ${folder}`]);
    const inner = join(lab.folder, 'encrypted');
    await server.#define('crypt', ['type = crypt', `remote = ${inner}`, `password = ${key}`]);
    await server.#define('cryptdav', ['type = crypt', 'remote = webdav:enc', `password = ${key}`]);
    await server.#define('memo', ['type = hasher', 'remote = webdav:memo', 'hashes = md5,sha1']);
    lab.defer(async () => {
      for (const kind of ['sftp', 'webdav'] as const) await server.stop(kind);
    });
    return server;
  }

  /** Nothing is remembered by the server: what lies in the folder is what it tells. */
  async start(kind: Served): Promise<void> {
    const port = this.#ports.get(kind) ?? 0;
    const args = ['serve', kind, this.folder, '--addr', `127.0.0.1:${port}`, '--user', USER];
    const running = execa('rclone', [...args, '--dir-cache-time', '0s'], {
      reject: false,
      stdin: 'ignore',
      env: {RCLONE_PASS: PASSWORD, RCLONE_CONFIG: '/dev/null'},
      cancelSignal: this.#lab.signal,
    });
    this.#running.set(kind, {
      async end() {
        running.kill('SIGKILL');
        await running;
      },
    });
    await waitUntil(`the ${kind} server listens`, () => isListening(port));
  }

  /** As by a pulled cable: nothing is said to anybody. */
  async stop(kind: Served): Promise<void> {
    const running = this.#running.get(kind);
    this.#running.delete(kind);
    await running?.end();
  }

  async #define(name: string, lines: readonly string[]): Promise<void> {
    await appendFile(this.#config, `[${name}]\n${lines.join('\n')}\n\n`, {mode: 0o600});
  }
}

async function obscure(password: string): Promise<string> {
  const {stdout} = await execa('rclone', ['obscure', '-'], {input: password});
  return stdout;
}
