/** The programs that this one stands on. */
import type {Cause, Result} from '../cause.ts';
import {judgeVersion, parseRcloneVersion, rcloneMissing, rcloneOdd} from '../offsite/cloud-gate.ts';
import {joinWithAnd} from '../words.ts';
import {bad, type Finding, fromCause, good, look} from './finding.ts';

/** Of package.json, "engines". */
const LEAST_NODE = {major: 20, minor: 19} as const;

/** @param answer what `node --version` prints: `v20.20.2`. */
export function judgeNode(answer: Result<string>): Finding {
  const where = {area: 'node'};
  if (!answer.ok) return fromCause(where, 'look', answer.cause);
  const text = answer.value.trim();
  const [, major = '', minor = ''] = /^v(\d{1,4})\.(\d{1,4})\./.exec(text) ?? [];
  if (major === '')
    return look(where, `Node.js does not say its version: ${text}`, 'Install it anew.');
  const isEnough =
    Number(major) > LEAST_NODE.major ||
    (Number(major) === LEAST_NODE.major && Number(minor) >= LEAST_NODE.minor);
  const least = `${LEAST_NODE.major}.${LEAST_NODE.minor}`;
  if (isEnough) return good(where, `Node.js ${text} (${least} or newer is needed)`);
  return bad(
    where,
    `Node.js ${text} is older than ${least}, and parts of this program do not run on it`,
    'Install a newer Node.js from https://nodejs.org.',
  );
}

export function judgeHashing(engine: 'native' | 'wasm'): Finding {
  const where = {area: 'hashing'};
  if (engine === 'native') return good(where, 'BLAKE3 runs natively');
  return look(
    where,
    'BLAKE3 runs as WebAssembly: the same results, about a ninth of the speed',
    'Install the program again with npm install -g, so that the part for this computer comes along (npm must not leave out optional dependencies).',
  );
}

/** @param answer what `exiftool -ver` prints. */
export function judgeExiftool(answer: Result<string>): Finding {
  const where = {area: 'exiftool'};
  const text = answer.ok ? answer.value.trim() : '';
  if (/^\d{1,3}\.\d{1,3}/.test(text)) return good(where, `exiftool ${text} starts`);
  const why = answer.ok ? 'it does not say its version' : answer.cause.message;
  return look(
    where,
    `exiftool does not start (${why}), so dates and cameras of pictures are not read`,
    'Install the program again; on Linux install Perl besides (apt install perl). Copying and proving need neither.',
  );
}

/** A remote that jobs use, and what rclone calls its kind. */
export interface CloudNeed {
  readonly job: string;
  /** Null when it is not known. */
  readonly type: string | null;
}

/** @param answer what `rclone version` prints. */
export function judgeRclone(
  answer: Result<string>,
  needs: readonly CloudNeed[],
): readonly Finding[] {
  const where = {area: 'rclone'};
  const jobs = joinWithAnd(needs.map(({job}) => job));
  if (!answer.ok) {
    const {cause} = answer;
    const isMissing = cause.code === rcloneMissing.code;
    if (needs.length === 0 && isMissing)
      return [good(where, 'rclone is not installed, and not needed: no job uses a cloud')];
    if (needs.length === 0) return [fromCause(where, 'look', cause)];
    return [bad(where, `${cause.message}, and ${jobs} ${needsIt(needs)} it`, cause.next)];
  }
  const version = parseRcloneVersion(answer.value);
  if (version === null)
    return [fromCause(where, needs.length === 0 ? 'look' : 'bad', rcloneOdd(answer.value))];
  const faults = needs.flatMap(({job, type}) => {
    const cause = judgeVersion(version, type === null ? [] : [type]);
    return cause === null ? [] : [{job, cause}];
  });
  if (faults.length > 0)
    return faults.map(({job, cause}) => fromCause({...where, about: job}, 'bad', cause));
  const general = judgeVersion(version, []);
  if (general !== null) return [fromCause(where, 'look', general)];
  return [good(where, `rclone ${version.text}${describeGate(judgeVersion(version, ['b2']))}`)];
}

const needsIt = ({length}: readonly CloudNeed[]): string => (length === 1 ? 'needs' : 'need');

/** 1.60 is enough for S3 and its like, 1.73 for B2. */
const describeGate = (b2: Cause | null): string =>
  b2 === null
    ? ' (enough for every remote)'
    : ' (enough for S3, WebDAV, SFTP and their like; Backblaze B2 needs 1.73)';
