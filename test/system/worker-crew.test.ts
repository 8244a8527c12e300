import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {WorkerCrew} from '../../src/system/worker-crew.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

interface Question {
  readonly word: string;
}

interface Answer {
  readonly word: string;
  readonly thread: number;
  /** How many questions came in the same message. */
  readonly together: number;
}

/** Answers each message in one, from behind; dies of the word "die". */
const PROGRAM = `import {parentPort, threadId} from 'node:worker_threads';
  parentPort.on('message', (message) => {
    const isText = typeof message === 'string';
    const questions = isText ? JSON.parse(message) : message;
    if (questions.some(({word}) => word === 'die')) throw new Error('died');
    const together = questions.length;
    const answers = questions.map(({id, word}) => ({id, word, thread: threadId, together})).reverse();
    parentPort.postMessage(isText ? JSON.stringify(answers) : answers);
  });`;

test('where no thread can be started nothing is known, and nobody asks again', async (t) => {
  const file = pathToFileURL(join(await makeTemporaryFolder(t), 'thread.mjs'));
  // What node says of an option that a thread cannot have: it throws at once, as it does where no thread can be made.
  const crew = new WorkerCrew<Question, Answer>({
    file,
    threads: 2,
    options: {execArgv: ['--max-old-space-size=64']},
  });
  crew.start();
  t.deepEqual([crew.isThere, crew.isRunning], [false, false]);
  t.is(await crew.ask({word: 'a'}), undefined);
});

async function makeCrew(t: ExecutionContext, asText = false) {
  const thread = join(await makeTemporaryFolder(t), 'thread.mjs');
  await writeFile(thread, PROGRAM);
  return new WorkerCrew<Question, Answer>({file: pathToFileURL(thread), threads: 2, asText});
}

for (const asText of [true, false]) {
  test(`questions of one go are shared out and sent together, ${asText ? 'as text' : 'as objects'}`, async (t) => {
    const crew = await makeCrew(t, asText);
    const words = Array.from({length: 7}, (_, n) => `word ${n} "é"`);
    const answers = await Promise.all(words.map((word) => crew.ask({word})));
    t.deepEqual(
      answers.map((answer) => answer?.word),
      words,
    );
    t.deepEqual(
      answers.map((answer) => answer?.together),
      [4, 3, 4, 3, 4, 3, 4],
    );
  });
}

test('a thread that is named is asked, however busy', async (t) => {
  const crew = await makeCrew(t);
  const asked = [0, 0, 0, 1].map((which) => crew.ask({word: 'a'}, which));
  const [first, ...others] = (await Promise.all(asked)).map((answer) => answer?.thread);
  t.deepEqual(
    others.map((thread) => thread === first),
    [true, true, false],
  );
});

test('threads run from the first question, or when they are started ahead', async (t) => {
  const [asked, started] = [await makeCrew(t), await makeCrew(t)];
  t.deepEqual([asked.isThere, asked.isRunning], [true, false]);
  const answer = asked.ask({word: 'a'});
  t.true(asked.isRunning);
  t.is((await answer)?.word, 'a');
  started.start();
  t.true(started.isRunning);
  t.is((await started.ask({word: 'b'}))?.word, 'b');
});

test('a thread that dies: its open questions are settled, those of the other are answered', async (t) => {
  const crew = await makeCrew(t);
  const words = ['die', 'a', 'b', 'c'];
  const answers = await Promise.all(words.map((word) => crew.ask({word})));
  t.deepEqual(
    answers.map((answer) => answer?.word),
    [undefined, 'a', undefined, 'c'],
  );
  t.deepEqual([crew.isThere, crew.isRunning], [false, false]);
  t.is(await crew.ask({word: 'a'}), undefined);
});
