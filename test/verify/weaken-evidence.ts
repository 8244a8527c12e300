/** Every way in which evidence can get worse by one step. None of them may turn NOT SAFE into SAFE. */
import {accountCloses} from '../../src/core/account.ts';
import type {Evidence, FileEvidence} from '../../verify/evidence.ts';
import {onUnknown} from './sample-evidence.ts';

export interface Weaker {
  readonly how: string;
  readonly evidence: Evidence;
}

export function weaken(evidence: Evidence): readonly Weaker[] {
  return [
    ...weakenFiles(evidence),
    ...weakenDestinations(evidence),
    ...weakenCard(evidence),
    ...weakenAccount(evidence),
    {how: 'interrupted', evidence: {...evidence, interrupted: true}},
  ];
}

function weakenFiles(evidence: Evidence): Weaker[] {
  const {files, account} = evidence;
  // Where the account does not count these files, taking one away may mend it.
  const isCounted = account.found - account.leftOut === files.length;
  return files.flatMap((file, index) => {
    const change = (how: string, changes: Partial<FileEvidence>): Weaker => ({
      how,
      evidence: {...evidence, files: files.with(index, {...file, ...changes})},
    });
    return [
      change('file failed', {failed: true}),
      change('file mismatched', {mismatched: true}),
      change('card gave other bytes', {sourceMismatch: true}),
      ...file.copies.flatMap((copy, at) => [
        change('copy gone', {copies: file.copies.toSpliced(at, 1)}),
        change('copy cached', {copies: file.copies.with(at, {...copy, mediumRead: 'cached'})}),
      ]),
      ...(isCounted
        ? [{how: 'file forgotten', evidence: {...evidence, files: files.toSpliced(index, 1)}}]
        : []),
    ];
  });
}

function weakenDestinations(evidence: Evidence): Weaker[] {
  const {destinations} = evidence;
  return destinations.flatMap((one, index) =>
    [
      {how: 'no manifest', changes: {manifest: false}},
      {how: 'destination lost', changes: {lost: true}},
      {how: 'drives unknown', changes: {drives: onUnknown}},
      {how: 'in memory', changes: {kind: 'ram'} as const},
    ].map(({how, changes}) => ({
      how,
      evidence: {...evidence, destinations: destinations.with(index, {...one, ...changes})},
    })),
  );
}

function weakenCard(evidence: Evidence): Weaker[] {
  const {card, secondRead} = evidence;
  const change = (how: string, changes: Partial<Evidence['card']>): Weaker => ({
    how,
    evidence: {...evidence, card: {...card, ...changes}},
  });
  const weaker = [
    change("card's drives unknown", {drives: onUnknown}),
    change('card is a whole volume', {wholeVolume: true}),
    change('only a part of the card', {isPart: true}),
    change('card changed', {relisting: {kind: 'changed', paths: ['DCIM/9.JPG']}}),
    change('card not listed again', {relisting: {kind: 'not-done', why: 'it is gone'}}),
    change('one more unreadable', {unreadable: card.unreadable + 1}),
  ];
  if (secondRead.kind === 'asked' && secondRead.matched > 0) {
    const read = {...secondRead, matched: secondRead.matched - 1};
    weaker.push({how: 'one less read again', evidence: {...evidence, secondRead: read}});
  }
  return weaker;
}

function weakenAccount(evidence: Evidence): Weaker[] {
  const {account} = evidence;
  return (['found', 'copied', 'present', 'leftOut', 'failed'] as const)
    .flatMap((column) => [-1, 1].map((by) => ({...account, [column]: account[column] + by})))
    .filter((changed) => !accountCloses(changed))
    .map((changed) => ({how: 'account open', evidence: {...evidence, account: changed}}));
}
