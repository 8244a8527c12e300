/** `offload restore WHAT… --to PATH`: copies back what is asked for, from whichever connected drive has a good copy, and proves it. */
import {randomInt} from 'node:crypto';
import {type Cause, ok, type Refusal, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {type Meaning, type Question, readQuestion} from '../../core/restore/question.ts';
import {readMoment} from '../../core/restore/read-moment.ts';
import {readRuleWord} from '../../core/restore/rule-word.ts';
import {sampleFiles} from '../../core/restore/sample-files.ts';
import type {Chosen} from '../../core/restore/wanted-files.ts';
import type {Rule} from '../../core/selection/rule.ts';
import {countFiles} from '../../core/words.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {collectFiles, type FoundPlace} from './collect-files.ts';
import {findTestPlace, makeTestFolder, removeTestFolder} from './drill.ts';
import {filterPictures, noneChosen} from './filter-pictures.ts';
import {findSources} from './find-sources.ts';
import {listVersions, versionsListed} from './list-versions.ts';
import {findDestination, findShootAround} from './open-destination.ts';
import {addVersions, pickVersions} from './pick-versions.ts';
import type {Wanted} from './place-files.ts';
import {restoreInto} from './restore-into.ts';

export interface RestoreOptions {
  /** What is asked for; nothing, with a test: everything that is known. */
  readonly what: readonly string[];
  /** Undefined with a test: the computer's folder for temporary files. */
  readonly to: string | undefined;
  /** Only these are looked through; none: every connected drive. */
  readonly from: readonly string[];
  /** So many files are taken by chance, restored into a temporary folder, proved and removed again. */
  readonly test: number | undefined;
  /** Versions of this moment are wanted: `2026-11-01` or `2026-11-01T12:00`; undefined: as it was offloaded. */
  readonly at: string | undefined;
  readonly dryRun: boolean;
  /** Nothing is restored: what there is is listed. */
  readonly versions?: boolean;
}

/** @returns exit code 0 when every file is restored or present, and proved; 1 when one is missing or failed; 2 when nothing was begun. */
export async function restore(
  program: Program,
  options: RestoreOptions,
  {emit, signal}: Listening,
): Promise<RunEnd> {
  const refuse = (cause: Refusal): RunEnd => {
    emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  const {what, from, test, at, dryRun} = options;
  const atMs = at === undefined ? undefined : readMoment(at, program.timeZone);
  if (at !== undefined && atMs === undefined) return refuse(noMoment(at));
  if (options.versions === true) return await tellVersions(program, options, {emit, signal});
  const base = await findDestination(program, options.to ?? findTestPlace());
  if (!base.ok) return refuse(base.cause);
  const found = await findSources(program, from);
  if (!found.ok) return refuse(found.cause);
  const sources = found.value;
  const words = readWords(program, what);
  if (!words.ok) return refuse(words.cause);
  const {rules, questions} = words.value;
  const {wanted, shoots} = await collectFiles({program, sources, questions, emit, signal});
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  const around = await findShootAround(program, base.value, shoots);
  if (around !== undefined) return refuse(around);
  const index =
    atMs === undefined ? undefined : await addVersions(program, {wanted, sources, atMs, signal});
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  const chosen = wanted.choose();
  const unknown = findUnknown(chosen);
  if (unknown !== undefined) return refuse(unknown);
  tellAnswers(chosen, emit);
  const dated =
    index === undefined || atMs === undefined
      ? chosen.files
      : await pickVersions(chosen.files, {index, atMs}, {program, emit});
  if (dated.length === 0) return refuse(noneThen());
  const {files: meant, unrated} = await filterPictures(program, dated, {rules, signal});
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  if (meant.length === 0) return refuse(noneChosen(dated.length, unrated));
  const job = {program, sources, named: from.length > 0, dryRun, emit, signal};
  if (test === undefined) {
    const done = await restoreInto({...job, folder: base.value, files: meant});
    if (!done.ok) return refuse(done.cause);
    if (!dryRun) emit({...done.value.sumUp(null), unrated});
    return done.value.end;
  }
  const folder = await makeTestFolder(program, base.value);
  if (!folder.ok) return refuse(folder.cause);
  let isRemoved = false;
  const files = takeSample(meant, test);
  const tested = await restoreInto({...job, folder: folder.value, files}).finally(async () => {
    isRemoved = await removeTestFolder(program.files, folder.value.real, emit);
  });
  if (!tested.ok) return refuse(tested.cause);
  emit({...tested.value.sumUp(isRemoved ? 'removed' : 'left'), unrated});
  return tested.value.end;
}

/** @returns exit code 0 when there is something of every file, 1 when nothing is left of one, 2 when nothing is known. */
async function tellVersions(
  program: Program,
  {what, from}: RestoreOptions,
  {emit, signal}: Listening,
): Promise<RunEnd> {
  const refuse = (cause: Refusal): RunEnd => {
    emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  const found = await findSources(program, from);
  if (!found.ok) return refuse(found.cause);
  const sources = found.value;
  const words = readWords(program, what);
  if (!words.ok) return refuse(words.cause);
  const {rules, questions} = words.value;
  const {wanted} = await collectFiles({program, sources, questions, emit, signal});
  const index = await addVersions(program, {wanted, sources, atMs: undefined, signal});
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  const chosen = wanted.choose();
  const unknown = findUnknown(chosen);
  if (unknown !== undefined) return refuse(unknown);
  tellAnswers(chosen, emit);
  const {files, unrated} = await filterPictures(program, chosen.files, {rules, signal});
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  if (files.length === 0) return refuse(noneChosen(chosen.files.length, unrated));
  const nowMs = program.clock.now().getTime();
  let [count, versions, lost] = [0, 0, 0];
  for await (const event of listVersions(program, files, {index, sources, nowMs, signal})) {
    emit(event);
    count++;
    versions += event.versions.length;
    if (event.versions.length === 0) lost++;
  }
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  emit({type: 'noticed', level: 'info', ...versionsListed(count, versions)});
  return {outcome: 'complete', exitCode: lost === 0 ? 0 : 1};
}

interface Words {
  readonly rules: readonly Rule[];
  readonly questions: readonly Question[];
}

function readWords({pathPlatform}: Program, what: readonly string[]): Result<Words, Refusal> {
  const rules: Rule[] = [];
  const questions: Question[] = [];
  for (const text of what) {
    const rule = readRuleWord(text);
    if (rule === undefined) questions.push(readQuestion(text, pathPlatform));
    else if (rule.ok) rules.push(rule.value);
    else return rule;
  }
  return ok({rules, questions});
}

/** Taken from what a connected drive should have; where that is nothing, the test tells which drives to plug in. */
function takeSample(files: readonly Wanted[], count: number): readonly Wanted[] {
  const near = files.filter(({places}) => places.length > 0);
  return sampleFiles(near.length > 0 ? near : files, count, (end) => randomInt(end));
}

function findUnknown({files, answers}: Chosen<FoundPlace>): Cause | undefined {
  const unknown = answers.find(({meaning}) => meaning === undefined);
  if (unknown === undefined && files.length > 0) return undefined;
  const what =
    unknown === undefined ? '' : ` of ${JSON.stringify(unknown.question.text)}, taken ${MAYBE}`;
  return {
    code: 'nothing-found',
    message: `nothing is known${what}`,
    next: 'Plug in a drive that has it, or name its folder with --from. The names of shoots are in offload shoots.',
  };
}

const noMoment = (at: string): Cause => ({
  code: 'no-moment',
  message: `--at ${JSON.stringify(at)} is no moment`,
  next: 'Write --at 2026-11-01 for the end of a day, or --at 2026-11-01T12:00.',
});

const noneThen = (): Cause => ({
  code: 'nothing-found',
  message: 'all of it was deleted before that moment',
  next: 'Give an earlier --at.',
});

const MAYBE = 'as a shoot, a camera, a part of a path, a date or a hash';

const TAKEN_AS: Readonly<Record<Meaning, string>> = {
  hash: 'the hash of a file',
  date: 'a date',
  shoot: 'the name of a shoot',
  camera: 'a camera',
  path: 'a part of a path',
};

function tellAnswers({files, answers}: Chosen<FoundPlace>, emit: Emit): void {
  const taken = answers.flatMap(({question, meaning}) =>
    meaning === undefined ? [] : `${JSON.stringify(question.text)} is ${TAKEN_AS[meaning]}`,
  );
  const message = [...taken, `${countFiles(files.length)} known`].join(', ');
  emit({type: 'noticed', level: 'info', code: 'restore-chosen', message, next: ''});
}
