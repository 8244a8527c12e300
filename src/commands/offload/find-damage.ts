import {join} from 'node:path';
import {gatherEvidence} from '../../../verify/gather-evidence.ts';
import {formatCount} from '../../core/format-amounts.ts';
import {checkCard} from '../../core/structure/check-card.ts';
import type {Warning} from '../../core/verdict.ts';
import {type ContentRequest, checkContent} from '../../system/check-content.ts';
import type {Program} from '../program.ts';
import type {KeptFacts} from './keep-facts.ts';
import type {PreparedCard} from './prepare-card.ts';

/** The check may take this part of the time that the offload has taken so far, and always the shortest time, in ms: a head that jumps from file to file takes long. */
const PART_OF_RUN = 0.05;
const SHORTEST_MS = 5000;

export interface CopyLook {
  readonly program: Program;
  readonly card: PreparedCard;
  readonly facts: KeptFacts['facts'];
  readonly startedAt: Date;
  readonly signal: AbortSignal;
}

/**
 * Looks for what is missing or damaged on the card already: a proof says that a copy is the same as the card, not that the card has all that was taken, nor that a picture opens. What is missing the
 * listing tells; for what is damaged a few KB of one proved copy of each file are read, and nothing of the card.
 * @returns warnings. A copy that cannot be read gives none, and no failure; a run that is stopped looks into no copies.
 */
export async function findDamage(look: CopyLook): Promise<readonly Warning[]> {
  const missing = checkCard(look.card.listing.files);
  return [...missing, ...(await checkCopies(look))];
}

async function checkCopies(look: CopyLook): Promise<readonly Warning[]> {
  const {program, card, startedAt, signal} = look;
  if (signal.aborted) return [];
  const {files, clock} = program;
  const ranMs = Math.max(0, clock.now().getTime() - startedAt.getTime());
  const limitMs = Math.max(SHORTEST_MS, ranMs * PART_OF_RUN);
  const requests = chooseCopies(look);
  const {findings, unchecked} = await checkContent(files, requests, {signal, clock, limitMs});
  const warnings = findings.map(({code, path, message}) => ({code, path, message}));
  if (unchecked === 0 || signal.aborted) return warnings;
  const message = `${formatCount(unchecked)} of ${formatCount(card.listing.files.length)} files were not looked into for damage: it would have held the offload up. Their copies are proved`;
  return [...warnings, {code: 'content-unchecked', message}];
}

/** One copy of each file, on a drive without a moving head where there is one. */
function chooseCopies({card, facts}: CopyLook): readonly ContentRequest[] {
  const {listing, lanes} = card;
  const destinations = lanes.map(({destination}) => destination.to);
  const {proofs} = gatherEvidence({listing, facts, destinations});
  const ready = lanes
    .filter(({lost}) => lost === undefined)
    .sort((a, b) => rankOf(a.destination.volume.rotating) - rankOf(b.destination.volume.rotating));
  return listing.files.flatMap(({path, size}) => {
    const copies = proofs.get(path);
    const lane = ready.find(({destination}) => copies?.has(destination.to) === true);
    const target = lane === undefined ? undefined : copies?.get(lane.destination.to)?.target;
    if (lane === undefined || target === undefined) return [];
    return [{path, size, place: join(lane.root, target)}];
  });
}

function rankOf(rotating: boolean | null): number {
  if (rotating === null) return 1;
  return rotating ? 2 : 0;
}
