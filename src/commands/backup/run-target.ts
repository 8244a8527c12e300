/** One job with one target: source and target are looked at, what differs is worked out, and done. */
import {join} from 'node:path';
import {readMedium} from '../../../verify/read-medium.ts';
import {matchGlobs} from '../../backup/glob-matcher.ts';
import {MirrorTally} from '../../backup/mirror-tally.ts';
import {planMirror} from '../../backup/plan-mirror.ts';
import {type MirrorEnd, purgeOf, runMirror} from '../../backup/run-mirror.ts';
import {type MirrorState, openState, peekState, type StateView} from '../../backup/state-file.ts';
import {tellPlan} from '../../backup/tell-plan.ts';

import type {MirrorPlan} from '../../core/backup/mirror-plan.ts';
import {MIRROR_FOLDER} from '../../core/backup/mirror-tree.ts';
import {momentOfNext, nameRun} from '../../core/backup/run-moment.ts';
import {type Cause, causeFrom, failed, ok, type Result} from '../../core/cause.ts';
import type {BackupFinished} from '../../core/events.ts';
import type {Selection} from '../../core/selection/choice.ts';
import {readSource} from '../../engine/read-source.ts';
import {readsDirect} from '../../system/medium.ts';
import {namingRulesOf} from '../../system/naming-rules.ts';
import type {Listening} from '../offload.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import {selectPictures} from './selection/select-pictures.ts';
import {findPlaces, findProblem, type Places, type TargetRun} from './target/find-places.ts';
import {makeHands, sourceSetting} from './target/make-hands.ts';
import {type OpenedTarget, openTarget, suitProofs} from './target/open-target.ts';
import {CatalogNotes} from './target/tell-catalog.ts';

export type {TargetRun} from './target/find-places.ts';

/** What is known while a run is at work. */
interface Work {
  readonly program: Program;
  readonly run: TargetRun;
  readonly places: Places;
  readonly tally: MirrorTally;
  readonly listening: Listening;
  /** Which files are kept; null for all. */
  readonly selection: Selection | null;
}

interface Worked {
  readonly end: MirrorEnd;
  readonly plan: MirrorPlan | undefined;
  readonly bytesWritten: number;
}

/** The caller keeps the computer awake meanwhile. @returns how it ended; the same was emitted last. */
export async function runTarget(
  program: Program,
  run: TargetRun,
  listening: Listening,
): Promise<BackupFinished> {
  const {job, target, source, on, preview} = run;
  const {emit} = listening;
  const to = join(on.folder, target.folder);
  emit({
    type: 'backup-started',
    job: job.name,
    source: source.name,
    from: join(source.folder, job.source.folder),
    target: on.name,
    to,
    preview,
  });
  const {clock} = program;
  const tally = new MirrorTally({job: job.name, to, preview, clock, emit});
  const worked = await work(program, run, {tally, listening});
  const {end, plan, bytesWritten} = worked;
  const {cause} = end;
  const finished: BackupFinished = {
    type: 'backup-finished',
    job: job.name,
    target: on.name,
    to,
    preview,
    result: end.result,
    files: plan?.files ?? 0,
    bytes: plan?.bytes ?? 0,
    unchanged: plan?.unchanged ?? 0,
    ...tally.counts,
    strangers: plan?.strangers ?? 0,
    bytesWritten,
    ...(cause === undefined ? {} : {code: cause.code, message: cause.message, next: cause.next}),
  };
  emit(finished);
  return finished;
}

const NOTHING = {plan: undefined, bytesWritten: 0};

const refused = (cause: Cause): Worked => ({...NOTHING, end: {result: 'refused', cause}});

const STOPPED: MirrorEnd = {result: 'stopped', cause: undefined};

async function work(
  program: Program,
  run: TargetRun,
  {tally, listening}: Pick<Work, 'tally' | 'listening'>,
): Promise<Worked> {
  const places = await findPlaces(program, run);
  if (!places.ok) return refused(places.cause);
  const found = {program, run, places: places.value, tally, listening};
  const problem = await guard(found);
  if (!problem.ok) return refused(problem.cause);
  const selected = await select(found);
  if (selected.kind === 'not') return selected.worked;
  const about: Work = {...found, selection: selected.selection};
  if (run.preview) return await preview(about);
  openAhead(program);
  const opened = await openTarget(program, places.value.to);
  if (!opened.ok) return refused(opened.cause);
  try {
    return await mirror(about, opened.value);
  } finally {
    await opened.value.close();
  }
}

/** The catalog is opened while the target is tried out. What is wrong with it is told where it is asked. */
function openAhead({openCatalog}: Program): void {
  openCatalog().catch(() => {});
}

/** Looks at both markers, and from then on whether the drives are still there. */
async function guard({
  program,
  places: {from, to},
}: Pick<Work, 'program' | 'places'>): Promise<Result<void>> {
  try {
    const problem =
      (await findProblem(program, from, 'source')) ?? (await findProblem(program, to, 'target'));
    return problem === undefined ? ok(undefined) : failed(problem);
  } catch (error) {
    return failed(causeFrom(error, 'looking at the drives again', from.root));
  }
}

type Selected =
  | {readonly kind: 'selected'; readonly selection: Selection | null}
  | {readonly kind: 'not'; readonly worked: Worked};

/** Asked before the target is touched: where nobody knows what is chosen, nothing is to be done there. */
async function select({
  program,
  run,
  places: {from, to},
  tally,
  listening,
}: Omit<Work, 'selection'>): Promise<Selected> {
  const filter = matchGlobs(run.job.leaveOut);
  if (!filter.ok) return {kind: 'not', worked: refused(filter.cause)};
  try {
    const selected = await selectPictures({
      program,
      run,
      from: from.folder,
      to: to.folder,
      leaveOut: filter.value,
      listening,
      onLook: (count) => tally.look(count),
    });
    if (!selected.ok) return {kind: 'not', worked: refused(selected.cause)};
    return {kind: 'selected', selection: selected.value};
  } catch (error) {
    if (listening.signal.aborted) return {kind: 'not', worked: {...NOTHING, end: STOPPED}};
    throw error;
  }
}

const ownerOf = ({program, run: {job, target}}: Work, folder: string) => ({
  folder,
  job: job.id,
  source: {volume: job.source.volume, folder: job.source.folder},
  targetVolume: target.volume,
  hashEngine: program.hashEngine,
});

type Planned =
  | {readonly kind: 'planned'; readonly plan: MirrorPlan}
  | {readonly kind: 'not'; readonly worked: Worked};

async function plan(
  {program, run, places: {from, to}, tally, selection, listening: {signal}}: Work,
  {reader}: StateView,
): Promise<Planned> {
  const filter = matchGlobs(run.job.leaveOut);
  if (!filter.ok) return {kind: 'not', worked: refused(filter.cause)};
  try {
    const made = await planMirror({
      files: program.files,
      source: from.folder,
      target: to.folder,
      rules: namingRulesOf(run.on.volume),
      leaveOut: filter.value,
      selection,
      state: reader,
      signal,
      onLook: (count) => tally.look(count),
    });
    return {kind: 'planned', plan: made};
  } catch (error) {
    if (signal.aborted) return {kind: 'not', worked: {...NOTHING, end: STOPPED}};
    const cause = causeFrom(error, 'comparing source and target', to.folder);
    return {kind: 'not', worked: refused(cause)};
  }
}

/** How the source is opened, found out by one of the files that are to be read. */
async function opensDirect({program, places: {from}}: Work, {steps}: MirrorPlan): Promise<boolean> {
  const samples = steps.flatMap((step) =>
    step.kind !== 'vanish' && step.file.size > 0 ? [join(from.folder, step.file.path)] : [],
  );
  if (samples.length === 0) return false;
  return readsDirect(await chooseReadMethod(program, from.volume.volume, samples.slice(0, 3)));
}

async function preview(about: Work): Promise<Worked> {
  const {program, run, places, tally, listening} = about;
  const {signal} = listening;
  const {from, to} = places;
  const {files, clock} = program;
  const peeked = await peekState(files, ownerOf(about, join(to.folder, MIRROR_FOLDER)));
  if (!peeked.ok) return refused(peeked.cause);
  const state = peeked.value;
  const planned = await plan(about, state);
  if (planned.kind === 'not') return planned.worked;
  if (state.damaged !== null) tally.warn(state.damaged);
  const direct = await opensDirect(about, planned.plan);
  const reading = sourceSetting({
    program,
    readsDirect: direct,
    signal,
    onRead: (bytes) => tally.read(bytes),
  });
  const end = await tellPlan({
    plan: planned.plan,
    selection: about.selection,
    source: from.folder,
    hashSource: (file) => readSource(reading, {path: join(from.folder, file.path), file}),
    purge: purgeOf({
      files,
      target: to.folder,
      targetDevice: to.device,
      clock,
      newestRun: state.newestRun,
      graceDays: run.target.graceDays,
      signal,
    }),
    archives: state.damaged === null,
    acceptDeletions: run.acceptDeletions,
    mostDeletions: run.mostDeletions,
    acceptChanges: run.acceptChanges,
    tally,
    signal,
  });
  return {end, plan: planned.plan, bytesWritten: 0};
}

async function mirror(about: Work, {lane, mirrorFolder}: OpenedTarget): Promise<Worked> {
  const {program, run, places, tally, listening} = about;
  const {files, clock, run: runTool, hashEngine, proofBlocks} = program;
  const {emit, signal} = listening;
  const {from, to} = places;
  const word = program.newWord();
  const reader = {files, run: runTool, hashEngine, blocks: proofBlocks};
  const opened = await openState(files, {
    ...ownerOf(about, mirrorFolder),
    run: nameRun(clock.now(), word),
    tool: `offload ${program.version}`,
    readBack: async (path) => {
      const reading = await readMedium(reader, {path, method: lane.access.method});
      return reading.ok ? ok(reading.value.hash) : reading;
    },
  });
  if (!opened.ok) return refused(opened.cause);
  const state = opened.value;
  const id = nameRun(momentOfNext(clock.now(), state.newestRun), word);
  try {
    const notes = new CatalogNotes({
      program,
      volume: run.target.volume,
      folder: run.target.folder,
      job: run.job.id,
      chooses: run.job.selection !== null,
      onTrouble: (cause) => emit({type: 'noticed', level: 'warning', ...cause}),
    });
    await notes.catchUp(state, {root: to.folder, signal});
    const planned = await plan(about, state);
    if (planned.kind === 'not') return planned.worked;
    const before = state.damaged;
    if (before !== null) tally.warn(before);
    suitProofs(lane, planned.plan);
    const hands = makeHands({
      program,
      lane,
      from: from.folder,
      run: id,
      readsDirect: await opensDirect(about, planned.plan),
      emit,
      signal,
      onRead: (bytes) => tally.read(bytes),
    });
    const end = await runMirror({
      files,
      clock,
      run: id,
      source: from.folder,
      target: lane.root,
      sourceDevice: from.device,
      targetDevice: to.device,
      rules: lane.destination.rules,
      plan: planned.plan,
      selection: about.selection,
      records: notes.listenTo(state, planned.plan, about.selection),
      newestRun: state.newestRun,
      archives: state.damaged === null,
      graceDays: run.target.graceDays,
      acceptDeletions: run.acceptDeletions,
      mostDeletions: run.mostDeletions,
      acceptChanges: run.acceptChanges,
      hands,
      guard: watchPlaces(about),
      tally,
      signal,
    });
    await notes.finish();
    const bytesWritten = hands.bytesWritten();
    const concluded = isToConclude(end) ? await state.conclude(id) : undefined;
    // Records that nothing asked for until they were written anew.
    if (before === null && state.damaged !== null) tally.warn(state.damaged);
    if (concluded !== undefined && !concluded.ok) {
      tally.warn(concluded.cause, {fails: true});
      const result = {result: 'incomplete', cause: end.cause ?? concluded.cause} as const;
      return {end: result, plan: planned.plan, bytesWritten};
    }
    await notes.seal(state.newestRun);
    return {end, plan: planned.plan, bytesWritten};
  } finally {
    await closeQuietly(state, mirrorFolder);
  }
}

async function closeQuietly(state: MirrorState, path: string): Promise<void> {
  try {
    await state.close();
  } catch (error) {
    // The drive is gone; what was written down is durable.
    causeFrom(error, 'closing the state of the mirror', path);
  }
}

/** What is done is written down already; a state is made of it when the run came to its end. */
const isToConclude = ({result, isLost = false}: MirrorEnd): boolean =>
  !isLost && (result === 'good' || result === 'waiting' || result === 'incomplete');

/**
 * The markers are looked at before the first thing goes to the archive; before every other one, whether both drives are still mounted where they were.
 * @returns a look that is cheap enough for every file.
 */
function watchPlaces(about: Work): () => Promise<Result<void>> {
  const {
    program: {files},
    places: {from, to},
  } = about;
  let looks = 0;
  return async () => {
    // The first look is before anything is written, the second before anything is archived.
    if (++looks <= 2) return await guard(about);
    for (const {root, folder, device} of [from, to]) {
      try {
        const isHere =
          (await files.follow(root)).device === device &&
          (await files.follow(folder)).device === device;
        if (!isHere) return failed(unmounted(folder));
      } catch (error) {
        return failed(causeFrom(error, 'finding the drive again', folder));
      }
    }
    return ok(undefined);
  };
}

const unmounted = (path: string): Cause => ({
  code: 'ENODEV',
  path,
  message: 'the drive is not mounted there any more',
  next: 'Plug it in again, then run the same job again.',
});
