import {hostname} from 'node:os';
import type {Proofs} from '../../../verify/gather-evidence.ts';
import type {Account} from '../../core/account.ts';
import type {FileFailed, FileSalvaged} from '../../core/events.ts';
import {MANIFEST_SCHEMA, type ManifestBody, type RecordedFile} from '../../core/manifest.ts';
import type {Verdict, Warning} from '../../core/verdict.ts';
import type {Capture} from '../../system/capture-reader.ts';
import {type MediumMethod, mediumReadOf} from '../../system/medium.ts';
import type {Program} from '../program.ts';
import type {PreparedCard} from './prepare-card.ts';
import {rememberTrouble} from './record-trouble.ts';

export interface ManifestSource {
  readonly program: Program;
  readonly card: PreparedCard;
  readonly capture: Capture | undefined;
  readonly layout: string;
  readonly offload: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly method: MediumMethod;
  readonly proofs: Proofs;
  /** When each copy was proved, by `--to` and card path. */
  readonly provedAt: (to: string, path: string) => string;
  /** What failed and what was kept of it, in the order in which it was told. */
  readonly failures: readonly FileFailed[];
  readonly salvaged: readonly FileSalvaged[];
  readonly account: Account;
  readonly warnings: readonly Warning[];
  /** Bytes free at the end, by `--to`; null where the drive does not answer. */
  readonly freeBytes: ReadonlyMap<string, number | null>;
}

/** @returns the manifest of an offload for one destination, without its seal. */
export function buildManifest(source: ManifestSource, to: string, verdict: Verdict): ManifestBody {
  const {program, card, method, warnings} = source;
  const {listing, lanes} = card;
  const {capture} = source;
  const ids = new Map(lanes.map((lane) => [lane.destination.to, lane.id]));
  return {
    schema: MANIFEST_SCHEMA,
    offload: source.offload,
    writtenTo: ids.get(to) ?? to,
    tool: {name: 'offload', version: program.version, hashEngine: program.hashEngine.name},
    host: hostname(),
    startedAt: source.startedAt,
    endedAt: source.endedAt,
    timeZone: program.timeZone,
    runs: (card.earlier?.runs ?? 0) + 1,
    continues: [...card.continues],
    shoot: card.shoot,
    folder: card.folder,
    layout: source.layout,
    card: {
      id: card.id,
      fingerprint: card.fingerprint,
      path: card.ref.path,
      label: card.ref.label,
      volume: copyVolume(card.source.volume),
      mediumRead: mediumReadOf(method),
      cameras:
        capture === undefined
          ? []
          : [{make: capture.make, model: capture.model, serial: capture.serial}],
      folders: [...listing.folders],
      leftOut: listing.leftOut.map(({path, rule}) => ({path, rule})),
      unreadable: listing.unreadable.map(({path, code, message}) => ({
        path: path ?? '',
        code,
        message,
      })),
    },
    destinations: lanes.map((lane) => ({
      id: lane.id,
      to: lane.destination.to,
      shoot: lane.root,
      name: lane.destination.name,
      volume: copyVolume(lane.destination.volume),
      freeBytes: source.freeBytes.get(lane.destination.to) ?? null,
      mediumRead: mediumReadOf(lane.access.method),
      lost: lane.lost !== undefined,
    })),
    files: recordFiles(source, ids),
    account: source.account,
    warnings: warnings.map(({code, message, path}) =>
      path === undefined ? {code, message} : {code, message, path},
    ),
    verdict: {safe: verdict.safe, reasons: [...verdict.reasons], waived: [...verdict.waived]},
  };
}

function recordFiles(
  {card, proofs, provedAt, failures, salvaged}: ManifestSource,
  ids: ReadonlyMap<string, string>,
): RecordedFile[] {
  const recordTrouble = rememberTrouble({failures, salvaged, proofs, ids});
  return card.listing.files.map(({path, size, mtimeNs}) => {
    const found = [...(proofs.get(path)?.values() ?? [])];
    const known = card.known.files.get(path);
    return {
      path,
      size,
      mtimeNs: `${mtimeNs}`,
      blake3: known?.hash ?? found[0]?.hash ?? null,
      retries: Math.max(0, ...found.map(({retries}) => retries)),
      copies: found.map(({to, target, mediumRead, origin, source: from}) => ({
        destination: ids.get(to) ?? to,
        target,
        provedAt: provedAt(to, path),
        mediumRead,
        origin,
        ...(from === undefined ? {} : {source: from}),
      })),
      ...(known === undefined ? {} : {alreadyOn: known.copies.map(({place}) => place)}),
      ...recordMismatches(card, path),
      ...recordTrouble(path),
    };
  });
}

/** So that a later run goes on counting, and knows whose the bytes are that are kept. */
function recordMismatches({lanes}: PreparedCard, path: string): Pick<RecordedFile, 'mismatches'> {
  const mismatches = lanes.flatMap(({id, mismatched}) =>
    mismatched.of(path).map(({copy, kept}) => ({destination: id, copy, kept: kept !== undefined})),
  );
  return mismatches.length === 0 ? {} : {mismatches};
}

function copyVolume({physical, ...volume}: PreparedCard['source']['volume']) {
  return {...volume, physical: physical.known ? {...physical, ids: [...physical.ids]} : physical};
}
