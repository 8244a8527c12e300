/** What a rule chooses, and why, in lines for a person. */
import type {BackupSelected, PictureExplained} from '../core/events.ts';
import {formatCount} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {joinWithAnd} from '../core/words.ts';
import {localTime} from './catalog-words.ts';

/** @returns one line, and one more where pictures are unknown. */
export function describeSelected(event: BackupSelected): readonly string[] {
  const {job, to, rule, chosen, out, unknown, others} = event;
  const counts = [
    `${countPictures(chosen)} in`,
    `${formatCount(out)} out`,
    ...(unknown === 0 ? [] : [`${formatCount(unknown)} unknown`]),
    ...(others === 0 ? [] : [`${formatCount(others)} other files left out`]),
  ].join(', ');
  const lines = [`${printable(job)} on ${printable(to)}: ${counts} (${printable(rule)})`];
  const told = describeDeciders(event);
  if (told !== '') lines.push(`  ${told}`);
  if (unknown > 0)
    lines.push(
      '  unknown: copies that are there stay, others are not added; --explain PATH says why',
    );
  return lines;
}

const countPictures = (count: number): string =>
  `${formatCount(count)} ${count === 1 ? 'picture' : 'pictures'}`;

function describeDeciders({byCatalog, bySidecar, byPicture, catalog}: BackupSelected): string {
  const deciders: ReadonlyArray<readonly [count: number, words: string]> = [
    [byCatalog, catalog === null ? 'the catalog' : `the catalog ${printable(catalog)}`],
    [bySidecar, 'XMP sidecars'],
    [byPicture, 'the pictures themselves'],
  ];
  const told = deciders.filter(([count]) => count > 0);
  return told.length === 0
    ? ''
    : `decided by ${joinWithAnd(told.map(([count, words]) => `${words} (${formatCount(count)})`))}`;
}

const ANSWERS: Readonly<Record<PictureExplained['answer'], string>> = {
  in: 'IN',
  out: 'OUT',
  unknown: 'UNKNOWN',
  other: 'OUT, it belongs to no picture',
  'left-out': 'OUT, a filter of the job leaves it out',
};

const SOURCES: Readonly<Record<PictureExplained['said'][number]['source'], string>> = {
  catalog: 'catalog',
  sidecar: 'sidecar',
  embedded: 'picture',
};

/** The answer first, then the part of the rule that decided, then who said what. */
export function describeExplained(event: PictureExplained): readonly string[] {
  const {job, path, rule, answer, tests, said, along} = event;
  const lines = [`${ANSWERS[answer]}: ${printable(path)} (${printable(job)}: ${printable(rule)})`];
  for (const {test, truth} of tests) lines.push(`  ${printable(test)}: ${truth}`);
  for (const one of said) {
    const {source, from, changedAt, virtualCopy, picture} = one;
    const when = changedAt === null ? '' : ` of ${localTime(changedAt)}`;
    const about = picture === path || from === picture ? '' : ` about ${printable(picture)}`;
    const copy = virtualCopy ? ', a virtual copy' : '';
    lines.push(
      `  ${SOURCES[source]} ${printable(from)}${when}${about}${copy}: ${describeFacts(one)}`,
    );
  }
  if (answer === 'unknown')
    lines.push('  nobody says enough: a copy that is on the target stays, a new one is not made');
  if (along.length > 0) lines.push(`  with it: ${along.map(printable).join(', ')}`);
  return lines;
}

function describeFacts({rating, pick, labels, keywords}: PictureExplained['said'][number]): string {
  const facts = [
    ...(rating === null ? [] : [`rating ${rating}`]),
    ...(pick === null ? [] : [FLAGS[String(pick)] ?? '']),
    ...(labels === null ? [] : [labels.length === 0 ? 'no label' : `label ${list(labels)}`]),
    ...(keywords === null
      ? []
      : [keywords.length === 0 ? 'no keywords' : `keywords ${list(keywords)}`]),
  ];
  return facts.length === 0 ? 'says nothing' : facts.join(', ');
}

const FLAGS: Readonly<Record<string, string>> = {'1': 'picked', '0': 'no flag', '-1': 'rejected'};

const list = (texts: readonly string[]): string =>
  texts.map((text) => printable(text.replaceAll('|', '/'))).join('; ');
