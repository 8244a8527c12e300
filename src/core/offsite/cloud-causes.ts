/** What stands in the way of a cloud copy, from rclone's own words. Its messages have no codes, so they are told apart by their texts; what is not known stays as it is. */
import type {Cause} from '../cause.ts';

/** How a call of rclone ended. */
export interface RcloneFailure {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** What it said last, the newest last: errors of its log and lines that are no JSON. */
  readonly words: readonly string[];
  /** Paths and places that the words may hold: a folder called `Quota 403` says nothing of the cloud. */
  readonly names?: readonly string[];
}

interface Kind {
  readonly code: string;
  readonly words: RegExp;
  readonly message: string;
  readonly next: string;
  /** Nothing else will go well in this run. */
  readonly isFinal: boolean;
}

/** The first that fits. A quota comes before a refusal: some services tell both with the status 403. */
const KINDS: readonly Kind[] = [
  {
    code: 'cloud-full',
    words:
      /quota|insufficient.?storage|507\b|no space left|not enough (?:free )?space|storage.?(?:cap|limit)|cap.?exceeded|insufficient_space|over_?limit|disk full|ENOSPC/i,
    message: 'the cloud is full, or its quota is used up',
    next: 'Free space there or get more of it, then run the same job again: what is proved stays, the rest goes on.',
    isFinal: true,
  },
  {
    code: 'rclone-config-locked',
    words: /decrypt config|configuration password|RCLONE_CONFIG_PASS/i,
    message: "rclone's configuration is locked with a password",
    next: 'Give the password in the environment variable RCLONE_CONFIG_PASS, or let RCLONE_PASSWORD_COMMAND ask for it.',
    isFinal: true,
  },
  {
    code: 'remote-unknown',
    words: /didn't find section in config file|didn't find backend called/i,
    message: 'rclone has no remote of that name',
    next: 'rclone listremotes lists those that it has; rclone config makes one.',
    isFinal: true,
  },
  {
    code: 'cloud-credentials',
    words:
      /\b401\b|\b403\b|unauthori[sz]ed|forbidden|access.?denied|unable to authenticate|authentication fail|not authenticated|invalid.?access.?key|signature.?does.?not.?match|invalid_grant|bad_auth_token|expired_(?:auth_)?token|token expired|empty token|couldn't fetch token|login incorrect|permission denied \(publickey|knownhosts|ssh-agent/i,
    message: 'the cloud does not let this user in, or lets it not do that',
    next: 'Check the key, the password or the token with rclone config (rclone config reconnect NAME: for those that are given in a browser), then run the same job again.',
    isFinal: true,
  },
  {
    code: 'cloud-unreachable',
    words:
      /no such host|connection refused|network is unreachable|no route to host|i\/o timeout|deadline exceeded|TLS handshake timeout|connection reset|broken pipe|connection lost|unexpected EOF|\bEOF\b|dial tcp|server misbehaving|couldn't connect|use of closed network connection/i,
    message: 'the cloud cannot be reached, or the connection broke',
    next: 'Check the network, then run the same job again: what is proved stays, the rest goes on.',
    isFinal: true,
  },
  {
    code: 'cloud-read-only',
    words: /read-only file system|EROFS/i,
    message: 'the remote takes no writes',
    next: 'Look at the remote, then run the same job again.',
    isFinal: true,
  },
  {
    code: 'cloud-differs',
    words: /immutable file modified/i,
    message: 'another file of that name lies in the cloud',
    next: 'Nothing was replaced. Look at both, then run the same job again.',
    isFinal: false,
  },
];

const OTHER = {
  code: 'cloud-failed',
  message: 'rclone failed',
  next: 'Look at its words, then run the same job again: what is proved stays, the rest goes on.',
} as const;

/** Signs of rclone's own words that are told. */
const LONGEST_WORDS = 300;

/** @returns why it failed, with rclone's own words, and without what could be a secret. */
export function causeOfFailure({exitCode, words, names = []}: RcloneFailure): Cause {
  const told = words.map(withoutSecrets).filter((text) => text !== '');
  const newest = told.toReversed();
  const bare = withoutNames(names);
  for (const {code, words: pattern, message, next} of KINDS) {
    const found = newest.find((text) => pattern.test(bare(text)));
    if (found !== undefined) return {code, message: `${message} (rclone: ${cut(found)})`, next};
  }
  const last = newest[0] ?? (exitCode === null ? 'it was stopped' : `it ended with ${exitCode}`);
  return {code: OTHER.code, message: `${OTHER.message}: ${cut(last)}`, next: OTHER.next};
}

/** Only names that sound like trouble are taken out: a file called `e` would leave no words. */
function withoutNames(names: readonly string[]): (text: string) => string {
  const parts = new Set(names.flatMap((name) => [name, ...name.split('/')]));
  const odd = [...parts].filter((part) => KINDS.some(({words}) => words.test(part)));
  // The longest first: a part of a path stands in it.
  odd.sort((a, b) => b.length - a.length);
  return (text) => odd.reduce((rest, name) => rest.replaceAll(name, '…'), text);
}

/** @returns true for words of a connection that is gone. */
export const soundsUnreachable = (words: string): boolean =>
  KINDS.some(({code, words: pattern}) => code === 'cloud-unreachable' && pattern.test(words));

/** No byte went for this time though rclone tried: it would go on trying for hours. */
export const stalled = (seconds: number, words: readonly string[]): Cause => {
  const last = words.map(withoutSecrets).findLast((text) => soundsUnreachable(text));
  return {
    code: 'cloud-unreachable',
    message: `no byte went to the cloud for ${seconds} s${last === undefined ? '' : ` (rclone: ${cut(last)})`}`,
    next: 'Check the network, then run the same job again: what is proved stays, the rest goes on.',
  };
};

/** True when the rest of a run would fail in the same way. */
export const isFinalCause = ({code}: Pick<Cause, 'code'>): boolean =>
  KINDS.some((kind) => kind.code === code && kind.isFinal);

const cut = (text: string): string =>
  text.length <= LONGEST_WORDS ? text : `${text.slice(0, LONGEST_WORDS)}…`;

/** Names and passwords in addresses, signatures behind them, and what headers and options carry. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(:\/\/)[^/\s@"']*@/g, '$1…@')
    .replace(/\?[^\s"']+/g, '?…')
    .replace(/\b((?:Authorization:\s*)?(?:Bearer|Basic)|Authorization:)\s+\S+/gi, '$1 …')
    .replace(
      /\b([\w-]*(?:pass(?:word|wd)?|secret|token|signature|api[_-]?key|access[_-]?key(?:[_-]?id)?)[\w-]*)(\\?["']?\s*[:=]\s*\\?["']?)(?!\s)[^\s,;"'}]+/gi,
      '$1$2…',
    )
    .trim();
}

/** What rclone says by its exit code (rclone.org/docs, "Exit code"): the folder, or the file, is not there. */
export const isNotThere = (exitCode: number | null): boolean => exitCode === 3 || exitCode === 4;
