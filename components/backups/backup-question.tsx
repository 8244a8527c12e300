import {Box} from 'ink';
import type {ReactElement} from 'react';
import {formatCount} from '../../src/core/format-amounts.ts';
import {printable} from '../../src/core/printable.ts';
import type {BackupsFront, DeletionsQuestion} from '../../src/core/session/overlay.ts';
import {joinWithAnd} from '../../src/core/words.ts';
import {countQuestionLines, Question, type QuestionProps} from '../overlays/question.tsx';
import {BackupsScreen, type BackupsScreenProps} from './backups-screen.tsx';

export type AskedFront = Exclude<BackupsFront, {readonly type: 'backup-steps'}>;

/** A question about a backup; the jobs and what runs stay in sight above it. */
export function BackupQuestion({
  front,
  ...props
}: BackupsScreenProps & {readonly front: AskedFront}): ReactElement {
  const {columns, rows, symbols} = props;
  const words = front.type === 'confirm-deletions' ? askDeletions(front) : askStop(front.leaves);
  const question: QuestionProps = {place: front.type, columns, symbols, most: rows - 3, ...words};
  return (
    <Box flexDirection="column">
      <BackupsScreen {...props} rows={rows - countQuestionLines(question)} hasFooter={false} />
      <Question {...question} />
    </Box>
  );
}

type Words = Pick<QuestionProps, 'title' | 'explanation'>;

function askDeletions({targets}: DeletionsQuestion): Words {
  const what = targets.map(
    ({name, held}) => `${formatCount(held)} ${held === 1 ? 'file' : 'files'} on ${printable(name)}`,
  );
  const days = [...new Set(targets.map(({graceDays}) => graceDays))].map(nameDays);
  return {
    title: `Move ${joinWithAnd(what)} to the archive?`,
    explanation: `They are gone from the source, or others stand for them. The job runs again and moves them to _archive; after ${joinWithAnd(days)} they are removed for good. If there are more by then, none is moved.`,
  };
}

const nameDays = (days: number): string => `${formatCount(days)} ${days === 1 ? 'day' : 'days'}`;

const askStop = (leaves: boolean): Words => ({
  title: leaves ? 'Stop the backup and leave?' : 'Stop the backup?',
  explanation:
    'The block in hand is finished first. What is proved stays, and the next run goes on from there. Until then the target is not in step.',
});
