/** The state that a first run of a mirror leaves, written without the run: a million files take a quarter of an hour to be copied and proved one by one, and a run with nothing to do does not know the difference. */
import {lstatSync, readdirSync, readFileSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {keepFolder} from '../src/backup/state-reader.ts';
import type {StoredFolder} from '../src/backup/stored-folders.ts';
import {writeState} from '../src/backup/write-state.ts';
import type {BackupJob} from '../src/core/backup/backup-job.ts';
import type {MirrorRecord} from '../src/core/backup/mirror-record.ts';
import {STATE_SCHEMA} from '../src/core/backup/state-lines.ts';
import {compareNames} from '../src/core/backup/walk-order.ts';
import {ok} from '../src/core/cause.ts';
import {loadHashEngine} from '../src/system/hasher.ts';
import {realFiles} from '../src/system/real-files.ts';

interface Trees {
  readonly source: string;
  readonly target: string;
  readonly job: BackupJob;
}

/** The hashes are none: nothing that has nothing to do looks at them. @throws Error when the state cannot be written. */
export async function writeKnownState({source, target, job}: Trees): Promise<void> {
  const hashEngine = await loadHashEngine();
  const folder = path.join(target, '.offload-mirror');
  await mkdir(folder, {recursive: true});
  const state = path.join(folder, `${job.id}.state`);
  const written = await writeState({
    files: realFiles,
    path: state,
    temporary: `${state}.part`,
    header: {
      schema: STATE_SCHEMA,
      job: job.id,
      source: job.source,
      targetVolume: job.targets[0]?.volume ?? '',
      run: '20261123T141500Z-aaaaaa',
      before: null,
      tool: 'bench',
    },
    folders: walk(source, target, ''),
    hashEngine,
    readBack: async (at) => {
      const hasher = hashEngine.create();
      hasher.update(readFileSync(at));
      return ok(hasher.digest());
    },
  });
  if (!written.ok) throw new Error(written.cause.message);
}

async function* walk(
  source: string,
  target: string,
  folder: string,
): AsyncGenerator<readonly StoredFolder[]> {
  const names = readdirSync(path.join(source, folder)).filter((name) => !name.startsWith('.'));
  const records = new Map<string, MirrorRecord>();
  const below: string[] = [];
  for (const name of names.sort(compareNames)) {
    const at = folder === '' ? name : `${folder}/${name}`;
    const from = lstatSync(path.join(source, at), {bigint: true});
    if (from.isDirectory()) {
      below.push(at);
      continue;
    }
    const to = lstatSync(path.join(target, at), {bigint: true});
    records.set(name, {
      path: at,
      target: at,
      size: Number(from.size),
      hash: '0'.repeat(64),
      source: {mtimeNs: from.mtimeNs, changedNs: from.ctimeNs},
      copy: {mtimeNs: to.mtimeNs, changedNs: to.ctimeNs},
      provedAt: '2026-11-23T14:15:00.000Z',
      mediumRead: 'direct',
    });
  }
  if (records.size > 0) yield [keepFolder(folder, records)];
  for (const one of below) yield* walk(source, target, one);
}
