/** Remotes as rclone names them (rclone.org/docs, "Syntax of remote paths"): `name:path`, or a connection string `:type,option=value:path`. */
import {type Cause, failed, ok, type Result} from '../cause.ts';

export interface Remote {
  /** All of it, as it was typed. */
  readonly text: string;
  /** Name in rclone's configuration; of a connection string its type. What a person calls it. */
  readonly name: string;
  /** Below the remote; empty for its root. */
  readonly path: string;
  /** The type of a connection string; null for one of the configuration, which only rclone knows. */
  readonly type: string | null;
}

/** Letters, digits and a few signs, as rclone allows them; never beginning with a dash, which would be an option. One letter is a drive on Windows. */
const NAME = /^[\w.+@][\w.+@ -]*$/u;
const NAMED = /^([^:,]{2,200})((?:,[^:]*)?):(.*)$/su;
const ON_THE_FLY = /^:([a-z][\w-]*)((?:,.*)?):([^:]*)$/su;

/**
 * Options of a connection string that say where, and nothing that anybody could log on with. Every other one is refused: arguments are shown to every user of a computer by its list of processes.
 * Names are those of rclone's pages on each storage system.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  'acl',
  'case_insensitive',
  'disable_hashcheck',
  'endpoint',
  'env_auth',
  'host',
  'key_file',
  'key_use_agent',
  'known_hosts_file',
  'location',
  'md5sum_command',
  'nounc',
  'port',
  'provider',
  'region',
  'server_side_encryption',
  'sha1sum_command',
  'shared_with_me',
  'shell_type',
  'storage_class',
  'upload_cutoff',
  'url',
  'use_agent',
  'user',
  'vendor',
]);

/** Name and password, or a signature, in an address: `https://me:word@host`, `?sig=…`. */
const SECRET_ADDRESS = /:\/\/[^/\s]*@|[?&][^=\s]+=/;

/** @returns the remote, or `remote-path` for what is none, or `remote-secret` for one that may hold a secret. */
export function parseRemote(text: string): Result<Remote> {
  if (/\p{Cc}/u.test(text)) return failed(notARemote(text, 'holds a control character'));
  const flying = ON_THE_FLY.exec(text);
  const [, name = '', options = '', path = ''] = flying ?? NAMED.exec(text) ?? [];
  if (name === '') return failed(notARemote(text, 'is no remote of rclone'));
  if (flying === null && !NAME.test(name))
    return failed(notARemote(text, 'is no remote of rclone'));
  const secret = findSecret(options);
  if (secret !== undefined) return failed(holdsSecret(secret));
  if (SECRET_ADDRESS.test(path)) return failed(holdsSecret('an address with a password'));
  const problem = findPathProblem(path);
  if (problem !== undefined) return failed(notARemote(text, problem));
  return ok({
    text: trimEnd(text, path),
    name,
    path: trimSlashes(path),
    type: flying === null ? null : name,
  });
}

const trimSlashes = (path: string): string => path.replace(/\/+$/, '');

/** `name:/` is the root of a file system and stays. */
const trimEnd = (text: string, path: string): string =>
  /^\/+$/.test(path) ? text : trimSlashes(text);

/** @returns the first option that may hold a secret. */
function findSecret(options: string): string | undefined {
  for (const option of options.split(',').slice(1)) {
    const [key = '', ...value] = option.split('=');
    if (!HARMLESS.has(key.trim().toLowerCase())) return `the option ${key.trim() || '(empty)'}`;
    if (SECRET_ADDRESS.test(value.join('='))) return `the address of ${key.trim()}`;
  }
  return undefined;
}

function findPathProblem(path: string): string | undefined {
  const parts = path.split('/');
  if (parts.some((part) => part === '..' || part === '.')) return 'holds . or ..';
  if (parts.some((part) => /^_(?:archive|offload-incoming)$/i.test(part)))
    return 'leads into a folder that belongs to offload itself';
  return undefined;
}

/** @param below parts joined by `/`; empty for the remote itself. */
export function joinRemote({text}: Pick<Remote, 'text'>, below: string): string {
  if (below === '') return text;
  return text.endsWith(':') || text.endsWith('/') ? text + below : `${text}/${below}`;
}

/** True when one lies in the other, or both are one place, as far as their texts tell. */
export function overlapRemotes(one: Remote, other: Remote): boolean {
  const [a, b] = [`${one.text.replace(/:$/, ':/')}/`, `${other.text.replace(/:$/, ':/')}/`];
  const [x, y] = [a.replace(/:\/+/, ':').toLowerCase(), b.replace(/:\/+/, ':').toLowerCase()];
  return x.startsWith(y) || y.startsWith(x);
}

// The text is not repeated: it may be the very secret that must not stand in a log.
const holdsSecret = (what: string): Cause => ({
  code: 'remote-secret',
  message: `the remote holds ${what}: it could be a secret, and arguments are seen by every user of this computer`,
  next: "Keep it in rclone's own configuration (rclone config) or in its environment variables, and name the remote: --remote NAME:path.",
});

const notARemote = (text: string, why: string): Cause => ({
  code: 'remote-path',
  message: `${JSON.stringify(text.replace(/[,@].*/s, '…'))} ${why}`,
  next: 'Name a remote of rclone and a path on it: --remote b2:bucket/photos. rclone listremotes lists those that you have; rclone config makes one.',
});
