/** What a remote can do, as `rclone backend features` tells it. */
import * as z from 'zod';

export interface RemoteFeatures {
  /** Objects appear when they are complete and never in part. Others are uploaded under a name of this program first. */
  readonly isBucket: boolean;
  /** A copy within the remote, without a download. */
  readonly copies: boolean;
  /** A new name within the remote. */
  readonly moves: boolean;
  /** Hashes that it can tell of its files; crypt has none of its own. */
  readonly hashes: readonly string[];
}

const form = z.looseObject({
  Hashes: z.array(z.string()).nullable(),
  Features: z.looseObject({
    BucketBased: z.boolean().default(false),
    Copy: z.boolean().default(false),
    Move: z.boolean().default(false),
  }),
});

/** @returns null for what is no answer of rclone. */
export function parseFeatures(text: string): RemoteFeatures | null {
  try {
    const {Hashes, Features} = form.parse(JSON.parse(text));
    const {BucketBased: isBucket, Copy: copies, Move: moves} = Features;
    return {isBucket, copies, moves, hashes: Hashes ?? []};
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** @param text what `rclone listremotes --long` prints: `name:   type`. @returns types by names. */
export function parseRemotes(text: string): ReadonlyMap<string, string> {
  const found = text.split('\n').flatMap((line) => {
    const [, name, type] = /^(.+?):\s+(\S+)\s*$/.exec(line) ?? [];
    return name === undefined || type === undefined ? [] : [[name, type] as const];
  });
  return new Map(found);
}

/** @param text what `rclone config show NAME` prints; it may hold secrets, and only these lines are taken of it. */
export function readShownConfig(text: string): {
  /** The remote that it wraps. */
  readonly wrapped: string | null;
  /** Those that a union or a combination is made of, as they stand there. */
  readonly upstreams: string | null;
  /** Its server is this computer, or the end of a tunnel that begins here. */
  readonly isLoopback: boolean;
} {
  const lineOf = (name: string) =>
    new RegExp(`^${name}\\s*=\\s*(.+?)\\s*$`, 'm').exec(text)?.[1] ?? null;
  const address = lineOf('host') ?? lineOf('url') ?? lineOf('endpoint') ?? '';
  const [wrapped, upstreams] = [lineOf('remote'), lineOf('upstreams')];
  return {wrapped, upstreams, isLoopback: LOOPBACK.test(address)};
}

/** @param text a remote as it is typed. @returns true when an option in it names a server on this computer: `:sftp,host=localhost:path`. */
export function namesLoopback({
  text,
  path,
}: {
  readonly text: string;
  readonly path: string;
}): boolean {
  const options = text.slice(0, text.length - path.length).matchAll(OPTION);
  return [...options].some(([, value = '']) => LOOPBACK.test(value.replaceAll('"', '')));
}

const OPTION = /,(?:host|url|endpoint)=("[^"]*"|[^,]*)/gi;

const LOOPBACK =
  /^(?:\w+:\/\/)?(?:[^@/]*@)?(?:localhost|0\.0\.0\.0|127(?:\.\d{1,3}){3}|\[?::1\]?)(?:[:/]|$)/i;
