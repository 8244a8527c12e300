/** A fault stops what it hits and nothing else. */
import type {AnyCall, FaultName} from '../helpers/fault-names.ts';
import {isTool} from '../helpers/fault-names.ts';
import {type Found, findMissing, type Ground} from './check-copies.ts';
import type {Told} from './told.ts';
import type {Violation} from './violation.ts';

/** Files below this size are flushed together, so one flush that fails stops them all (src/engine/copy-writer.ts). */
const FLUSHED_TOGETHER = 1024 * 1024;

interface Blow {
  readonly fault: FaultName;
  readonly hit: AnyCall;
}

/** @returns the copies that are missing though nothing hit them, and the destinations that were given up without need. */
export function checkFinished(
  ground: Ground,
  found: Found,
  {fault, hit, events, end}: Told & Blow,
): readonly Violation[] {
  // Refused before anything was copied, or killed.
  if (end === undefined || end.exitCode === 2) return [];
  const violations: Violation[] = [];
  const accuse = (what: string) => violations.push({kind: 'not-finished', what});
  const lost = new Set(
    events.flatMap((event) => (event.type === 'destination-lost' ? [event.to] : [])),
  );
  if (fault === 'short' && end.exitCode !== 0) accuse('a short transfer is no failure');
  for (const event of events) {
    const isWrong = event.type === 'file-failed' || event.type === 'file-mismatched';
    if (fault === 'short' && isWrong) accuse(`a short transfer is no failure of ${event.path}`);
  }
  for (const root of ground.destinations) {
    const isHit = hit.path.includes(root);
    if (lost.has(root) && !isHit) accuse(`${root} is given up and was not hit`);
    if (isHit && (lost.has(root) || fault.endsWith('-on'))) continue;
    const stopped = isHit
      ? stoppedOnDestination(ground, root, hit)
      : stoppedByCard(ground, hit, fault);
    const idle = [...findMissing(ground, root, found)].filter((path) => !stopped.files.has(path));
    if (idle.length > stopped.more) accuse(`${idle.join(', ')} not copied to ${root}`);
  }
  return violations;
}

/** Files that the fault may stop, and how many others besides, because a temporary name does not say whose it is. */
interface Stopped {
  readonly files: ReadonlySet<string>;
  readonly more: number;
}

function stoppedByCard({truth}: Ground, hit: AnyCall, fault: FaultName): Stopped {
  if (isTool(hit) || !hit.path.startsWith(truth.root)) return {files: new Set(), more: 0};
  if (fault.endsWith('-on')) return {files: new Set(truth.files.keys()), more: 0};
  const path = hit.path.slice(truth.root.length + 1);
  return {files: filesBelow(truth.files.keys(), path), more: 0};
}

function stoppedOnDestination({truth, shoot, folder}: Ground, root: string, hit: AnyCall): Stopped {
  if (isTool(hit)) {
    const small = [...truth.files].filter(([, {size}]) => size < FLUSHED_TOGETHER);
    return {files: new Set(small.map(([path]) => path)), more: 0};
  }
  const base = `${root}/${shoot}/${folder}`;
  if (/\/\.offload-[^/]*$/.test(hit.path)) return {files: new Set(), more: 1};
  if (base.startsWith(hit.path)) return {files: new Set(truth.files.keys()), more: 0};
  return {files: filesBelow(truth.files.keys(), hit.path.slice(base.length + 1)), more: 0};
}

/** The file itself, or all files of the folder. */
function filesBelow(files: Iterable<string>, path: string): Set<string> {
  return new Set(
    [...files].filter((file) => path === '' || file === path || file.startsWith(`${path}/`)),
  );
}
