import type {PhysicalDrives} from '../drive.ts';

/** What a mount table says of a network file system. */
export interface NetworkMount {
  readonly fileSystem: string;
  readonly source: string;
  /** Options of the mount, joined by commas; `addr=` is the server's address for nfs and cifs. */
  readonly options: string;
}

/** Sources of these name one server. The others name a cluster, a cloud, a virtual machine's host, or nothing. */
const NAMES_A_SERVER =
  /^(nfs4?|cifs|smb3|smbfs|afpfs|webdav|(fuse\.)?(sshfs|davfs2?|curlftpfs)|unc)$/;

/** `//user@nas/photos`, `\\nas\photos`, `https://nas:5006/photos`, `[fe80::1]:/photos`, `me@nas:photos`. */
const HOST_FORMS = [
  /^(?:[a-z]+:)?\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:]+)/i,
  /^\\\\([^\\]+)/,
  /^(?:[^/@]*@)?(\[[^\]]+\]|[^/:]+):/,
];

/** macOS names a server that Bonjour found `NAS._smb._tcp.local`. */
const BONJOUR_SERVICE = /\._[a-z]+\._tcp\./;

function tidyHost(host: string): string {
  return host
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(BONJOUR_SERVICE, '.')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** The server that a source names, or undefined. */
export function findHost(source: string): string | undefined {
  for (const form of HOST_FORMS) {
    const host = form.exec(source)?.[1];
    if (host !== undefined) return tidyHost(host);
  }
  return undefined;
}

/** `fuse-t` is a driver of macOS that answers as a server on the same machine; `wsl$` is Windows's name for its own Linux. */
const ALWAYS_HERE = /^(localhost|.*\.localhost|127\..*|::1|0\.0\.0\.0|fuse-t|wsl\$)$/;

function isHere(host: string, ownNames: readonly string[]): boolean {
  if (ALWAYS_HERE.test(host)) return true;
  const isAddress = host.includes(':') || /^[\d.]+$/.test(host);
  return ownNames
    .map((name) => name.toLowerCase())
    .some((own) => own === host || (!isAddress && own.split('.')[0] === host.split('.')[0]));
}

/**
 * The server as the physical drive: whatever it holds counts as one. Its name and its address both stand in the ids, so that a
 * server mounted once by name and once by address is still one.
 * @param ownNames names and addresses of this computer: a share of its own disks is no other drive.
 */
export function networkDrives(mount: NetworkMount, ownNames: readonly string[]): PhysicalDrives {
  const host = NAMES_A_SERVER.test(mount.fileSystem) ? findHost(mount.source) : undefined;
  if (host === undefined) return {known: false, why: 'the mount does not name one server'};
  const address = /(?:^|,)addr=([^,]+)/.exec(mount.options)?.[1];
  const hosts = [...new Set(address === undefined ? [host] : [host, tidyHost(address)])];
  if (hosts.some((name) => isHere(name, ownNames)))
    return {known: false, why: 'it is a share of this computer, on a disk that is not told'};
  return {known: true, ids: hosts.map((name) => `net:${name}`).sort()};
}
