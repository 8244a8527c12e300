/** Works out which pictures a job keeps, before anything is compared or written. */
import {dirname, join} from 'node:path';
import {
  type CatalogVerdicts,
  readCatalogVerdicts,
} from '../../../backup/selection/catalog-verdicts.ts';
import {type Chosen, choosePictures} from '../../../backup/selection/choose-pictures.ts';
import {FactsCache} from '../../../backup/selection/facts-cache.ts';
import type {BackupJob} from '../../../core/backup/backup-job.ts';
import type {LeaveOut} from '../../../core/backup/mirror-leave-out.ts';
import {errnoOf, failed, ok, type Result} from '../../../core/cause.ts';
import type {Selection} from '../../../core/selection/choice.ts';
import {parseRule} from '../../../core/selection/parse-rule.ts';
import type {Rule} from '../../../core/selection/rule.ts';
import type {ConnectedVolume} from '../../../core/volumes/known-volumes.ts';
import {makeOwnFolder} from '../../../system/backup-files.ts';
import type {Listening} from '../../offload.ts';
import type {Program} from '../../program.ts';
import type {TargetRun} from '../target/find-places.ts';
import {describeSource, findCatalog} from './find-source.ts';
import {noExiftool, selectionEmpty} from './selection-causes.ts';

export interface Selecting {
  readonly program: Program;
  readonly run: TargetRun;
  /** Folders of source and target, absolute. */
  readonly from: string;
  readonly to: string;
  readonly leaveOut: LeaveOut;
  readonly listening: Listening;
  readonly onLook: (count: number) => void;
}

/**
 * @returns null for a job that keeps everything. `bad-rule`, `selection-empty`, or why the catalog cannot be asked: then nothing may be copied and nothing removed.
 * Rejects with the signal's reason when it is aborted.
 */
export async function selectPictures(selecting: Selecting): Promise<Result<Selection | null>> {
  const {run, to, listening} = selecting;
  const {job, preview} = run;
  if (job.selection === null) return ok(null);
  const {rule: text} = job.selection;
  const rule = parseRule(text);
  if (!rule.ok) return rule;
  const asked = await askCatalog(selecting, job.selection, rule.value);
  if (!asked.ok) return asked;
  const {path: catalog, verdicts} = asked.value;
  const {selection, counts} = await choose(selecting, rule.value, verdicts);
  const about = {job: job.name, to, preview, rule: text, catalog};
  listening.emit({type: 'backup-selected', ...about, ...counts});
  return counts.chosen === 0 ? failed(selectionEmpty(job.name, text, counts)) : ok(selection);
}

type JobSelection = NonNullable<BackupJob['selection']>;

interface Asked {
  readonly path: string | null;
  readonly verdicts: CatalogVerdicts | null;
}

async function askCatalog(
  {program, run, from}: Selecting,
  {catalog}: JobSelection,
  rule: Rule,
): Promise<Result<Asked>> {
  if (catalog === null) return ok({path: null, verdicts: null});
  const path = findCatalog(catalog, connectedIn(run));
  if (!path.ok) return path;
  const source = describeSource(program, run.source, from);
  const {files} = program;
  const verdicts = await readCatalogVerdicts({files, catalog: path.value, source, rule});
  return verdicts.ok ? ok({path: path.value, verdicts: verdicts.value}) : verdicts;
}

const connectedIn = ({source, on, connected = []}: TargetRun): readonly ConnectedVolume[] => [
  source,
  on,
  ...connected,
];

/** In the data folder. */
const CACHES = 'selection';

async function choose(
  {program, run, from, leaveOut, listening, onLook}: Selecting,
  rule: Rule,
  catalog: CatalogVerdicts | null,
): Promise<Chosen> {
  const {files, clock} = program;
  const cache = await openCache(program, run);
  let isWhole = false;
  try {
    const chosen = await choosePictures({
      files,
      source: from,
      leaveOut,
      rule,
      catalog,
      cache,
      nowMs: clock.now().getTime(),
      signal: listening.signal,
      onLook,
      onTrouble: (reason) =>
        listening.emit({type: 'noticed', level: 'warning', ...noExiftool(reason)}),
    });
    isWhole = true;
    return chosen;
  } finally {
    await cache?.close({isWhole});
  }
}

async function openCache(
  {files, dataFolder, hashOfText}: Program,
  {job, preview}: TargetRun,
): Promise<FactsCache | null> {
  if (!dataFolder.ok) return null;
  const path = cacheOf(dataFolder.value, job);
  const keeps = !preview && (await makeOwnFolder(dirname(path))).ok;
  return await FactsCache.open({files, path, keeps, hashOfText});
}

const cacheOf = (data: string, {id}: BackupJob): string => join(data, CACHES, `${id}.jsonl`);

/** Removes what was kept for a job that is no more. Never rejects with the system's error: what is left over takes room and does no harm. */
export async function forgetFacts({files, dataFolder}: Program, job: BackupJob): Promise<void> {
  if (!dataFolder.ok) return;
  try {
    await files.removeFile(cacheOf(dataFolder.value, job));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}
