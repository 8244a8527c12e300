import {join} from 'node:path';
import type {Evidence, Relisting, SecondRead} from '../../../verify/evidence.ts';
import {gatherEvidence, type Proofs} from '../../../verify/gather-evidence.ts';
import type {MediumReader} from '../../../verify/read-medium.ts';
import {type SealedRecord, sealOffload} from '../../../verify/seal-offload.ts';
import {judge} from '../../../verify/verdict.ts';
import type {CardListing} from '../../core/card.ts';
import {causeFrom, errnoOf} from '../../core/cause.ts';
import {checksumList} from '../../core/checksum-list.ts';
import type {CopySummary, FileSalvaged} from '../../core/events.ts';
import {sealManifest} from '../../core/manifest.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import type {Warning} from '../../core/verdict.ts';
import type {JournalWriter} from '../../engine/journal-writer.ts';
import type {Lane} from '../../engine/lane.ts';
import {type MediumMethod, mediumReadOf} from '../../system/medium.ts';
import {isPartOfCard, isWholeVolume} from '../card-part.ts';
import {rootsAsDestinations} from '../check/root-evidence.ts';
import {nameDrive} from '../name-drive.ts';
import type {Program} from '../program.ts';
import {buildManifest} from './build-manifest.ts';
import type {KeptFacts} from './keep-facts.ts';
import {copiesOf, countKnownOn, rootsBeside, summarizeRoots} from './known-copies.ts';
import {findStillKnown, type KnownFiles} from './only-new.ts';
import type {OffloadOptions} from './options.ts';
import type {PreparedCard} from './prepare-card.ts';
import {collectWarnings} from './warn.ts';

interface CardSeal {
  readonly program: Program;
  readonly options: OffloadOptions;
  readonly card: PreparedCard;
  readonly offload: string;
  readonly startedAt: Date;
  readonly kept: KeptFacts;
  /** Readable parts of files that could not be read whole. */
  readonly salvaged: readonly FileSalvaged[];
  /** What is missing or damaged on the card already. */
  readonly damages: readonly Warning[];
  /** With `--mhl`: what its history does not hold, or says otherwise. */
  readonly mhl: readonly Warning[];
  readonly relisting: Relisting;
  readonly secondRead: SecondRead;
  /** By the user, or because the card is gone: the journal stays, and the same command goes on. */
  readonly interrupted: boolean;
  readonly method: MediumMethod;
  readonly reader: MediumReader;
  readonly journal: JournalWriter;
}

export interface SealedCard {
  readonly safe: boolean;
  /** The manifest as it lies on the first destination that has it; undefined when none has. */
  readonly record: string | undefined;
  /** Where the manifests lie, absolute. */
  readonly manifests: readonly string[];
}

/** Judges a card, writes its record to every destination, and emits the verdict. The journals are removed where the record lies. */
export async function sealCard(sealing: CardSeal): Promise<SealedCard> {
  const known = await findStillKnown(sealing.program, sealing.card.known);
  const seal = {...sealing, card: {...sealing.card, known}};
  const {program, options, card, kept, journal} = seal;
  const {facts, emit} = kept;
  const waivers = {sameDrive: options.allowSameDrive, cached: options.acceptCached};
  const destinations = card.lanes.map((lane) => lane.destination.to);
  const gathered = gatherEvidence({
    listing: card.listing,
    facts,
    destinations,
    known: copiesOf(known),
  });
  const judgeWith = (holders: ReadonlySet<string>) =>
    judge(drawUp(seal, gathered, holders), waivers);
  if (!seal.interrupted) emit({type: 'phase-started', card: card.ref, phase: 'seal'});
  const {sealed, texts} = seal.interrupted
    ? NOTHING_SEALED
    : await writeRecords(seal, gathered, judgeWith);
  // The records are durable and were read back: a journal that fails now takes nothing from what they say.
  journal.conclude();
  for (const {to, manifest, checksums, hash} of sealed) {
    journal.record({type: 'manifest-written', card: card.ref, to, manifest, checksums, hash});
  }
  const verdict = judgeWith(new Set(sealed.map(({to}) => to)));
  journal.record({
    type: 'verdict',
    card: card.ref,
    ...verdict,
    warnings: collectWarnings(card, gathered.proofs, seal),
    account: gathered.account,
    leftOut: countRules(card.listing),
    copies: [
      ...card.lanes.map((lane) => summarize(lane, sealed, {proofs: gathered.proofs, known})),
      ...summarizeRoots(card),
    ],
  });
  await journal.close();
  await removeJournals(seal, sealed, program);
  const manifests = sealed.map(({manifest}) => manifest);
  return {safe: verdict.safe, record: texts.get(sealed[0]?.to ?? ''), manifests};
}

interface Records {
  readonly sealed: readonly SealedRecord[];
  /** The last manifest that was written to each destination. */
  readonly texts: ReadonlyMap<string, string>;
}

const NOTHING_SEALED: Records = {sealed: [], texts: new Map()};

type Gathered = ReturnType<typeof gatherEvidence>;

function drawUp(
  {card, relisting, secondRead, interrupted}: CardSeal,
  {files, account}: Gathered,
  holders: ReadonlySet<string>,
): Evidence {
  return {
    card: {
      drives: card.source.volume.physical,
      wholeVolume: isWholeVolume(card.source),
      isPart: isPartOfCard(card.source),
      relisting,
      unreadable: card.listing.unreadable.length,
    },
    destinations: [
      ...card.lanes.map(({destination, lost}) => ({
        to: destination.to,
        name: destination.name,
        kind: destination.volume.kind,
        drives: destination.volume.physical,
        lost: lost !== undefined,
        manifest: holders.has(destination.to),
      })),
      ...rootsAsDestinations(rootsBeside(card)),
    ],
    copiesAsked: card.lanes.length,
    files,
    account,
    secondRead,
    interrupted,
  };
}

async function writeRecords(
  seal: CardSeal,
  {proofs, account}: Gathered,
  judgeWith: (holders: ReadonlySet<string>) => ReturnType<typeof judge>,
): Promise<Records> {
  const {program, options, card, offload, method, reader, kept} = seal;
  const freeBytes = new Map<string, number | null>();
  for (const lane of card.lanes) freeBytes.set(lane.destination.to, await freeOn(program, lane));
  const source = {
    program,
    card,
    capture: await card.capture,
    layout: options.layout,
    offload,
    startedAt: card.earlier?.startedAt ?? seal.startedAt.toISOString(),
    endedAt: program.clock.now().toISOString(),
    method,
    proofs,
    provedAt: kept.provedAt,
    failures: kept.facts.filter((fact) => fact.type === 'file-failed'),
    salvaged: seal.salvaged,
    account,
    warnings: collectWarnings(card, proofs, seal),
    freeBytes,
  };
  const live = card.lanes.filter(({lost}) => lost === undefined);
  const texts = new Map<string, string>();
  const {sealed, failures, standing} = await sealOffload({
    reader,
    offload,
    holders: live.map((lane) => ({
      to: lane.destination.to,
      shoot: lane.root,
      method: lane.access.method,
    })),
    listFor: (to) => checksumList(listProofs(proofs, to)),
    manifestFor(to, holders) {
      const manifest = buildManifest(source, to, judgeWith(holders));
      const text = sealManifest(manifest, program.hashOfText, program.signText);
      texts.set(to, text);
      return text;
    },
  });
  for (const cause of [...failures.map((failure) => failure.cause), ...standing]) {
    kept.emit({type: 'noticed', level: 'warning', ...cause});
  }
  return {sealed, texts};
}

function listProofs(proofs: Proofs, to: string): {hash: string; target: string}[] {
  return [...proofs.values()].flatMap((copies) => {
    const proof = copies.get(to);
    return proof === undefined ? [] : [{hash: proof.hash, target: proof.target}];
  });
}

async function freeOn({files}: Program, lane: Lane): Promise<number | null> {
  try {
    return await files.freeBytes(lane.destination.to);
  } catch (error) {
    causeFrom(error, 'asking for the free space', lane.destination.to);
    return null;
  }
}

function summarize(
  lane: Lane,
  sealed: readonly SealedRecord[],
  {proofs, known}: {readonly proofs: Proofs; readonly known: KnownFiles},
): CopySummary {
  const {to, volume} = lane.destination;
  const record = sealed.find((one) => one.to === to);
  const listed = [...proofs.values()].filter((copies) => copies.has(to)).length;
  return {
    to,
    shoot: lane.root,
    manifest: record?.manifest ?? null,
    // Nothing can be checked with a list of nothing.
    checksums: listed === 0 ? null : (record?.checksums ?? null),
    drive: nameDrive(volume),
    mediumRead: mediumReadOf(lane.access.method),
    proved: listed + countKnownOn(known, to),
  };
}

/** @returns how many entries each rule left out, most first. */
export function countRules({leftOut}: CardListing): readonly {rule: string; count: number}[] {
  const counts = new Map<string, number>();
  for (const {rule} of leftOut) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, count]) => ({rule, count})).sort((a, b) => b.count - a.count);
}

async function removeJournals(
  {card, offload, kept}: CardSeal,
  sealed: readonly SealedRecord[],
  {files}: Program,
): Promise<void> {
  for (const {to} of sealed) {
    const lane = card.lanes.find(({destination}) => destination.to === to);
    if (lane === undefined) continue;
    const path = join(lane.root, RECORD_FOLDER, `${offload}.journal`);
    try {
      await files.removeFile(path);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') continue;
      const cause = causeFrom(error, 'removing the journal', path);
      kept.emit({type: 'noticed', level: 'warning', ...cause});
    }
  }
}
