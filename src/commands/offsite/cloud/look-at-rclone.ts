/** The user's rclone: its version, and what a remote of its can do. */
import {failed, ok, type Result} from '../../../core/cause.ts';
import {
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
    const types = remote.ok ? await findTypes(program, remote.value) : [];
    // The innermost says which service it is.
    needs.push({job, remote: text, type: types.at(-1) ?? null});
  }
  return needs;
}

export interface OpenedRemote {
  readonly version: RcloneVersion;
  /** As rclone calls them, the outermost first: `crypt`, `b2`. */
  readonly types: readonly string[];
  readonly features: RemoteFeatures;
}

/** @returns what rclone says of the remote, when this version may be used with it; some remotes are logged on to for that. */
export async function openRemote(
  program: Program,
  remote: Remote,
  signal: AbortSignal,
): Promise<Result<OpenedRemote>> {
  const version = await readVersion(program, signal);
  if (!version.ok) return version;
  const types = await findTypes(program, remote);
  const old = judgeVersion(version.value, types);
  if (old !== null) return failed(old);
  const {end, words} = await callRclone(program.rclone, {
    args: ['backend', 'features', remote.text, '--low-level-retries', '3'],
    signal,
  });
  const cause = causeOf(end, words);
  if (cause !== null) return failed(cause);
  const features = end.kind === 'ended' ? parseFeatures(end.output) : null;
  if (features === null) return failed(oddAnswer('backend features'));
  return ok({version: version.value, types, features});
}

/** Crypt over an alias over a bucket is three; more are a ring. */
const DEEPEST = 6;

/** @returns the types of a remote and of those that it wraps. Of the configuration only type and wrapped name are taken. */
async function findTypes({rclone}: Program, remote: Remote): Promise<readonly string[]> {
  const {end} = await callRclone(rclone, {args: ['listremotes', '--long']});
  const known = parseRemotes(end.kind === 'ended' ? end.output : '');
  const types: string[] = [];
  let at: Remote | null = remote;
  while (at !== null && types.length < DEEPEST) {
    const {name, type}: Remote = at;
    const found = type ?? known.get(name);
    if (found === undefined) break;
    types.push(found);
    at = type === null ? await findInner(rclone, name) : null;
  }
  return types;
}

/** @returns the remote that one of the configuration wraps, or stands for. */
async function findInner(rclone: Program['rclone'], name: string): Promise<Remote | null> {
  const {end} = await callRclone(rclone, {args: ['config', 'show', name]});
  const shown = readShownConfig(end.kind === 'ended' ? end.output : '');
  const {wrapped: inner, isLoopback} = shown;
  if (isLoopback) return {text: '', name: 'local', path: '', type: 'local'};
  if (inner === null) return null;
  const parsed = parseRemote(inner);
  if (parsed.ok) return parsed.value;
  const flying = /^:([a-z][\w-]*)/.exec(inner)?.[1];
  if (flying !== undefined) return {text: '', name: flying, path: '', type: flying};
  // A path without a remote is a folder of this computer.
  const isPath = !/^[^/\\]*:/.test(inner) || /^[A-Za-z]:[\\/]/.test(inner);
  return isPath ? {text: inner, name: 'local', path: inner, type: 'local'} : null;
}
