/** Reads manifests and lists as a stranger would, and holds each word of them against the card. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type Manifest, manifestForm} from '../rigs/event-forms.ts';
import {toBytes} from '../rigs/trees.ts';
import type {Found, Ground} from './check-copies.ts';
import type {Told} from './told.ts';
import type {Violation} from './violation.ts';

export interface FoundManifest {
  /** The destination beside which it lies. */
  readonly root: string;
  readonly manifest: Manifest;
}

export interface Records {
  readonly manifests: readonly FoundManifest[];
  readonly violations: readonly Violation[];
}

/** @returns the manifests that lie under their names, and everything in them and in the lists that is not so. */
export async function checkRecords(ground: Ground, found: Found): Promise<Records> {
  const manifests: FoundManifest[] = [];
  const violations: Violation[] = [];
  const wrong = (what: string) => violations.push({kind: 'wrong-record', what});
  for (const [root, files] of found) {
    for (const {path, kind} of files.values()) {
      if (kind !== 'record') continue;
      const text = await readFile(toBytes(`${root}/${path}`), 'utf8');
      const checking = {
        ground,
        found,
        root,
        text,
        wrong: (what: string) => wrong(`${path}: ${what}`),
      };
      if (path.endsWith('.b3')) checkList(checking);
      if (!path.endsWith('.json')) continue;
      const manifest = readManifest(text);
      if (manifest === undefined) wrong(`${root}/${path} is no manifest`);
      else {
        manifests.push({root, manifest});
        checkManifest({...checking, manifest});
      }
    }
  }
  return {manifests, violations};
}

interface Checking {
  readonly ground: Ground;
  readonly found: Found;
  readonly root: string;
  readonly text: string;
  readonly wrong: (what: string) => void;
}

function readManifest(text: string): Manifest | undefined {
  try {
    return manifestForm.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The form of b3sum: hash, two spaces, path; a line that begins with a backslash has escapes. */
function checkList({ground, found, root, text, wrong}: Checking): void {
  if (ground.misread.size > 0) return;
  for (const line of text.split('\n').slice(0, -1)) {
    const [, escaped, hash, name = ''] = /^(\\?)([0-9a-f]{64}) {2}(.*)$/.exec(line) ?? [];
    if (hash === undefined) {
      wrong(`${JSON.stringify(line)} is no line of a list`);
      continue;
    }
    const target = escaped === '' ? name : withoutEscapes(name);
    if (ground.rotten.has(join(root, ground.shoot, target))) continue;
    const copy = found.get(root)?.get(join(ground.shoot, target));
    const isTrue = [...ground.truth.files.values()].some(
      ({blake3, sha256}) => blake3 === hash && sha256 === copy?.sha256,
    );
    if (copy === undefined || !isTrue) wrong(`the list is wrong about ${target}`);
  }
}

const withoutEscapes = (name: string) =>
  name.replace(/\\[\\n]/g, (pair) => (pair === '\\n' ? '\n' : '\\'));

/** A record says of each file what the card gave, and of each copy beside it that it stands there. */
function checkManifest(checking: Checking & {readonly manifest: Manifest}): void {
  const {ground, found, root, manifest, wrong} = checking;
  const {truth, misread, shoot} = ground;
  for (const {path, size, blake3, copies} of manifest.files) {
    const known = truth.files.get(path);
    if (known === undefined || misread.has(path)) {
      if (known === undefined) wrong(`${path} is not on the card`);
      continue;
    }
    if (size !== known.size) wrong(`${path} has another size`);
    if (blake3 !== null && blake3 !== known.blake3) wrong(`${path} has another hash`);
    for (const {destination, target} of copies) {
      if (destination !== manifest.writtenTo) continue;
      if (ground.rotten.has(join(root, shoot, target))) continue;
      const copy = found.get(root)?.get(join(shoot, target));
      if (copy?.sha256 !== known.sha256) wrong(`${target} is not the card's ${path}`);
    }
  }
  const absent = [...truth.files.keys()].filter(
    (path) => !manifest.files.some((file) => file.path === path),
  );
  if (manifest.verdict.safe && absent.length > 0)
    wrong(`it says SAFE and lacks ${absent.join(', ')}`);
}

/** A proof that is told is a good copy under its final name. */
export function checkProofs(ground: Ground, found: Found, {events}: Told): readonly Violation[] {
  return events.flatMap((event): readonly Violation[] => {
    if (event.type !== 'file-proved' || ground.misread.has(event.path)) return [];
    const copy = found.get(event.to)?.get(join(ground.shoot, event.target));
    if (copy?.sha256 === ground.truth.files.get(event.path)?.sha256) return [];
    const what = `${event.path} is told to be proved on ${event.to} as ${event.target}, and is not`;
    return [{kind: 'wrong-record', what}];
  });
}
