/** The thread that looks at folders (`folder-looker.ts`). An entry point of its own in the build. */
import {parentPort} from 'node:worker_threads';
import {errnoOf} from '../core/cause.ts';
import type {LookAnswer, LookQuestion} from './folder-looker.ts';
import {lookAtFolder} from './look-at-folder.ts';
import {matchFolders} from './match-folders.ts';
import {buffersOf, packEntries} from './packed-entries.ts';
import type {Numbered} from './worker-crew.ts';

/** Entries that are gathered before they are sent: a message for each folder would wake the other thread too often. */
const ENOUGH = 2000;

parentPort?.on('message', (questions: readonly Numbered<LookQuestion>[]) => {
  let answers: Numbered<LookAnswer>[] = [];
  let entries = 0;
  const send = () => {
    const buffers = answers.flatMap(transferOf);
    parentPort?.postMessage(answers, buffers);
    answers = [];
    entries = 0;
  };
  for (const question of questions) {
    const answer = answerTo(question);
    answers.push(answer);
    entries += entriesOf(answer);
    if (entries >= ENOUGH) send();
  }
  if (answers.length > 0) send();
});

function answerTo(question: Numbered<LookQuestion>): Numbered<LookAnswer> {
  const {id} = question;
  if ('match' in question) return {id, match: matchFolders(question.match)};
  try {
    return {id, packed: packEntries(lookAtFolder(question.folder))};
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return {id, errno};
  }
}

const transferOf = (answer: LookAnswer) => ('packed' in answer ? buffersOf(answer.packed) : []);

function entriesOf(answer: LookAnswer): number {
  if ('packed' in answer) return answer.packed.kinds.length;
  // Those who wait for a match have others to wait for behind it.
  return 'match' in answer ? ENOUGH : 1;
}
