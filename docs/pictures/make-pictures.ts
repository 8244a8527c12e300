/**
 * Draws the pictures of the README and of docs/screens.md.
 *
 *     npx tsx docs/pictures/make-pictures.ts [--check]
 *
 * With `--check` nothing is written: pictures that would be others than those that lie there are named, and it ends with 1.
 *
 * Those of the terminal UI are what stood on a real terminal: `record-session.ts` wrote `frames/*.ansi`. Those of `offload --card` come from a recorded run:
 * `run.jsonl` is what `offload --json` wrote while it copied a made card of 55 files to two drives: three test disks, each slowed to the speed of a card or a
 * plugged-in drive. Of three `progress` lines one was kept, so `seq` has gaps; everything else is as it was written. The events go through the same fold and the same
 * components that draw the screen.
 */
import {readFile, writeFile} from 'node:fs/promises';
import type {OffloadEvent} from '../../src/core/events.ts';
import {evolve, initialRunState, type RunState} from '../../src/core/run-state.ts';
import {verdictText} from '../../src/core/verdict-text.ts';
import {ansiToSvg} from './ansi-to-svg.ts';
import {ansiOf, FRAMES} from './frames.ts';

// Ink asks for colours when it is loaded, so the modules that draw are loaded after this.
process.env.FORCE_COLOR = '1';
process.env.NODE_ENV = 'production';
const {createElement} = await import('react');
const {renderToString} = await import('ink');
const {RunProgress} = await import('../../components/run-progress.tsx');
const {chooseSymbols} = await import('../../components/theme.ts');

interface Recorded {
  readonly event: OffloadEvent;
  /** ms since 1970. */
  readonly atMs: number;
}

const COLUMNS = 80;
/** The lines of a verdict hold paths. */
const VERDICT_COLUMNS = 108;
/** The working screen is drawn when this much of the card is read. */
const SHARE_READ = 0.6;

const symbols = chooseSymbols({unicode: true, colour: true});

async function readRecording(): Promise<readonly Recorded[]> {
  const text = await readFile(new URL('run.jsonl', import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const event: OffloadEvent & {readonly at: string} = JSON.parse(line);
      return {event, atMs: Date.parse(event.at)};
    });
}

/** @returns the run after each event up to and including the last that is given. */
function replay(recorded: readonly Recorded[]): RunState {
  return recorded.reduce((state, {event, atMs}) => evolve(state, event, atMs), initialRunState);
}

function drawScreen(state: RunState, columns: number): string {
  return renderToString(createElement(RunProgress, {state, columns, symbols}), {columns});
}

function drawWorking(recorded: readonly Recorded[]): string {
  const middle = recorded.findIndex(
    ({event}) => event.type === 'progress' && event.read >= event.bytes * SHARE_READ,
  );
  if (middle === -1) throw new Error('the recording has no such moment');
  return drawScreen(replay(recorded.slice(0, middle + 1)), COLUMNS);
}

/** What stands in the terminal when the program has ended: the last screen, and below it the verdict in plain lines. */
function drawVerdict(recorded: readonly Recorded[]): string {
  const [first] = recorded;
  const last = recorded.find(({event}) => event.type === 'verdict');
  if (first === undefined || last?.event.type !== 'verdict') {
    throw new Error('the recording has no verdict');
  }
  const lines = verdictText(last.event, {tookMs: last.atMs - first.atMs});
  return `${drawScreen(replay(recorded), VERDICT_COLUMNS)}\n${lines.join('\n')}`;
}

const isCheck = process.argv.slice(2).includes('--check');

async function putPicture(name: string, svg: string): Promise<void> {
  const place = new URL(name, import.meta.url);
  if (!isCheck) {
    await writeFile(place, svg);
    console.log(`docs/pictures/${name}: ${svg.length} bytes`);
  } else if ((await readFile(place, 'utf8')) !== svg) {
    console.error(`docs/pictures/${name} is not what make-pictures.ts draws`);
    process.exitCode = 1;
  }
}

for (const frame of FRAMES) {
  const text = await readFile(ansiOf(frame), 'utf8');
  await putPicture(`${frame.name}.svg`, ansiToSvg(text, frame));
}
const recorded = await readRecording();
const working = {
  columns: COLUMNS,
  title: 'offload --card while it copies: one line for the card and one for each drive',
};
const verdict = {
  columns: VERDICT_COLUMNS,
  title: 'offload --card when it has ended: SAFE TO FORMAT, and what it rests on',
};
await putPicture('card-working.svg', ansiToSvg(drawWorking(recorded), working));
await putPicture('card-verdict.svg', ansiToSvg(drawVerdict(recorded), verdict));
