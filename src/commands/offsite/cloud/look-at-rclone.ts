/** The user's rclone: its version, and what a remote of its can do. */
import {join} from 'node:path';
import {failed, ok, type Result} from '../../../core/cause.ts';
import {
  namesLoopback,
  parseFeatures,
  parseRemotes,
  type RemoteFeatures,
  readShownConfig,
} from '../../../core/offsite/cloud-features.ts';
import {
  judgeVersion,
  parseRcloneVersion,
  type RcloneVersion,
  rcloneMissing,
  rcloneOdd,
} from '../../../core/offsite/cloud-gate.ts';
import {parseRemote, type Remote} from '../../../core/offsite/cloud-remote.ts';
import {
  endOf,
  isCryptRemote,
  type RemoteChain,
  type RemoteEnd,
  readUpstreams,
  readWrapped,
  remembersHashes,
} from '../../../core/offsite/remote-chain.ts';
import {callRclone, causeOf, oddAnswer} from '../../../offsite/call-rclone.ts';
import type {Program} from '../../program.ts';
import {openClouds} from './cloud-desk.ts';

/** @returns its version; `rclone-missing` where there is none. */
export async function lookAtRclone(program: Program): Promise<Result<{version: string}>> {
  const version = await readVersion(program);
  return version.ok ? ok({version: version.value.text}) : version;
}

async function readVersion(
  {rclone}: Program,
  signal?: AbortSignal,
): Promise<Result<RcloneVersion>> {
  const end = await rclone({args: ['version'], ...(signal === undefined ? {} : {signal})});
  if (end.kind === 'not-started') return failed(rcloneMissing);
  const version = parseRcloneVersion(end.output);
  return version === null ? failed(rcloneOdd(end.output)) : ok(version);
}

/** @returns the remote of each job with the types that it is made of, the outermost first; null where rclone does not tell. Asks no remote. */
export async function listCloudNeeds(
  program: Program,
): Promise<
  readonly {readonly job: string; readonly remote: string; readonly type: string | null}[]
> {
  const clouds = await openClouds(program);
  if (!clouds.ok) return [];
  const needs = [];
  for (const {name: job, remote: text} of clouds.value.jobs.jobs) {
    const remote = parseRemote(text);
    const {types} = remote.ok ? await findChain(program, remote.value) : {types: []};
    // The innermost says which service it is.
    needs.push({job, remote: text, type: types.at(-1) ?? null});
  }
  return needs;
}

export interface OpenedRemote extends RemoteChain {
  readonly version: RcloneVersion;
  /** Without hashes that rclone only remembers. */
  readonly features: RemoteFeatures;
  /** `cryptcheck` can prove what lies there. */
  readonly isCrypt: boolean;
}

/** @returns what rclone says of the remote, when this version may be used with it; some remotes are logged on to for that. */
export async function openRemote(
  program: Program,
  remote: Remote,
  signal: AbortSignal,
): Promise<Result<OpenedRemote>> {
  const version = await readVersion(program, signal);
  if (!version.ok) return version;
  const {types, ends} = await findChain(program, remote);
  const old = judgeVersion(version.value, types);
  if (old !== null) return failed(old);
  const ended = await callRclone(program.rclone, {
    args: ['backend', 'features', remote.text, '--low-level-retries', '3'],
    signal,
  });
  const {end} = ended;
  const cause = causeOf(ended);
  if (cause !== null) return failed(cause);
  const told = end.kind === 'ended' ? parseFeatures(end.output) : null;
  if (told === null) return failed(oddAnswer('backend features'));
  const remembers = remembersHashes(types);
  const features = remembers ? {...told, hashes: []} : told;
  const isCrypt =
    isCryptRemote(types) &&
    !remembers &&
    (types[0] !== 'crypt' || (await hasHashesBelow(program, remote)));
  return ok({version: version.value, types, ends, features, isCrypt});
}

/** Crypt over an alias over a bucket is three; more are a ring. */
const DEEPEST = 6;

/** @returns the types of a remote and of those that it wraps. Of the configuration only type, address and wrapped names are taken. */
async function findChain({rclone}: Program, remote: Remote): Promise<RemoteChain> {
  const {end} = await callRclone(rclone, {args: ['listremotes', '--long']});
  const known = parseRemotes(end.kind === 'ended' ? end.output : '');
  const follow = async (one: Remote, depth: number): Promise<RemoteChain> => {
    const type = one.type ?? known.get(one.name);
    if (type === undefined || depth >= DEEPEST)
      return {types: [], ends: [{type: null, name: one.name, folder: null}]};
    const here = {type: 'local', name: one.name, folder: null};
    if (namesLoopback(one)) return {types: [type, 'local'], ends: [here]};
    if (one.type !== null) return {types: [type], ends: [endOf(type, one)]};
    const shown = await showConfig(rclone, one.name);
    if (shown.isLoopback) return {types: [type, 'local'], ends: [here]};
    const {wrapped, upstreams} = shown;
    const inside = upstreams === null ? [wrapped ?? ''] : readUpstreams(upstreams, type);
    const inner = inside.flatMap((text) => readWrapped(text) ?? []);
    if (inner.length < inside.length || inner.length === 0)
      return {types: [type], ends: [endOf(type, one)]};
    const chains = await Promise.all(inner.map((below) => follow(below, depth + 1)));
    const ends = chains.flatMap((chain) => chain.ends);
    return {
      types: [type, ...chains.flatMap((chain) => chain.types)],
      ends: type === 'alias' ? ends.map((below) => inFolder(below, one.path)) : ends,
    };
  };
  return await follow(remote, 0);
}

const inFolder = (end: RemoteEnd, path: string): RemoteEnd =>
  end.folder === null || path === '' ? end : {...end, folder: join(end.folder, path)};

async function showConfig(rclone: Program['rclone'], name: string) {
  const {end} = await callRclone(rclone, {args: ['config', 'show', name]});
  return readShownConfig(end.kind === 'ended' ? end.output : '');
}

/** @returns true unless `cryptcheck` is known to find no hashes below. */
async function hasHashesBelow(program: Program, remote: Remote): Promise<boolean> {
  const {wrapped} = await showConfig(program.rclone, remote.name);
  const parsed = parseRemote(wrapped ?? '');
  // One with options in it may hold a secret, which must not stand among arguments.
  if (!parsed.ok || parsed.value.type !== null) return true;
  const args = ['backend', 'features', parsed.value.text, '--low-level-retries', '3'];
  const {end} = await callRclone(program.rclone, {args});
  const features = end.kind === 'ended' ? parseFeatures(end.output) : null;
  return features === null || features.hashes.length > 0;
}
