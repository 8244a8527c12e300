/** The thread that copies, names or reads small files (`small-file-crew.ts`). An entry point of its own in the build. */
import {parentPort} from 'node:worker_threads';
import {unreachable} from '../../core/unreachable.ts';
import type {Numbered} from '../worker-crew.ts';
import {copySmallFile} from './copy-small-file.ts';
import {lookIntoFile} from './look-into-file.ts';
import {nameSmallFile} from './name-small-file.ts';
import {readSmallFile} from './read-small-file.ts';
import type {SmallAnswer, SmallQuestion} from './small-file-crew.ts';
import {makeSmallFileTools, type SmallFileTools} from './small-file-tools.ts';

/** Answers that are gathered before they are sent: few enough that the other side always has something to do. */
const TOGETHER = 32;

const loading = makeSmallFileTools();

parentPort?.on('message', async (text: string) => {
  const tools = await loading;
  const questions: readonly Numbered<SmallQuestion>[] = JSON.parse(text);
  let answers: Numbered<SmallAnswer>[] = [];
  for (const question of questions) {
    answers.push(answerTo(tools, question));
    if (answers.length < TOGETHER) continue;
    send(answers);
    answers = [];
  }
  if (answers.length > 0) send(answers);
});

function send(answers: readonly Numbered<SmallAnswer>[]): void {
  parentPort?.postMessage(JSON.stringify(answers));
}

function answerTo(tools: SmallFileTools, question: Numbered<SmallQuestion>): Numbered<SmallAnswer> {
  const {id} = question;
  switch (question.kind) {
    case 'copy':
      return {id, copied: copySmallFile(tools, question.copy)};
    case 'name':
      return {id, unnamed: nameSmallFile(tools, question.naming)};
    case 'read':
      return {id, read: readSmallFile(tools, question.copy)};
    case 'look':
      return {id, found: lookIntoFile(tools, question.look)};
    default:
      return unreachable(question);
  }
}
