/** `--mhl`: an ASC MHL history on each destination, written when all is proved. It proves nothing here: what fails is a warning. */
import {gatherEvidence, type Proofs} from '../../../verify/gather-evidence.ts';
import type {MediumReader} from '../../../verify/read-medium.ts';
import type {CardFile} from '../../core/card.ts';
import type {Cause} from '../../core/cause.ts';
import type {Emit, Fact, FileProved} from '../../core/events.ts';
import {formatCount} from '../../core/format-amounts.ts';
import {foldCase} from '../../core/safe-names.ts';
import type {Warning} from '../../core/verdict.ts';
import type {Lane} from '../../engine/lane.ts';
import {readShootRecords} from '../../system/shoot-records.ts';
import {appendGenerations, type ComparedFile} from '../mhl/append-generation.ts';
import {completeValues} from '../mhl/complete-values.ts';
import {compareCard, type MhlRun} from '../mhl/open-mhl.ts';
import {tellWritten} from '../mhl/tell-written.ts';
import type {Program} from '../program.ts';
import type {PreparedCard} from './prepare-card.ts';

interface Writing {
  readonly program: Program;
  readonly reader: MediumReader;
  readonly card: PreparedCard;
  readonly mhl: MhlRun;
  readonly offload: string;
  readonly startedAt: Date;
  readonly facts: readonly Fact[];
  /** When a copy was proved (ISO 8601). */
  readonly provedAt: (to: string, path: string) => string;
  readonly emit: Emit;
}

/** @returns what is to be said above the verdict. */
export async function writeMhl(writing: Writing): Promise<readonly Warning[]> {
  const {card, mhl, facts} = writing;
  const destinations = card.lanes.map(({destination}) => destination.to);
  const {proofs, files} = gatherEvidence({listing: card.listing, facts, destinations});
  // A card that gave two answers for a file: which of them would be written?
  const doubted = new Set(files.filter((file) => file.sourceMismatch).map(({path}) => path));
  const trusted: Proofs = new Map([...proofs].filter(([path]) => !doubted.has(path)));
  const warnings = [...mhl.faults.map(warnOf), ...warnOfCard(writing, trusted)];
  const known = new Set(warnings.map(({path}) => path));
  for (const lane of card.lanes) {
    if (lane.lost !== undefined) continue;
    const told = await writeLane(writing, lane, trusted);
    for (const warning of told) if (!known.has(warning.path)) warnings.push(warning);
  }
  return warnings;
}

function warnOfCard({card, mhl}: Writing, proofs: Proofs): readonly Warning[] {
  const listed = new Set(card.listing.files.map(({path}) => path));
  const found = compareCard(mhl, listed, (path) => {
    const [proof] = proofs.get(path)?.values() ?? [];
    return proof === undefined ? undefined : mhl.hashes.of(proof.hash);
  });
  const missing = found.filter(({isMissing}) => isMissing);
  const [first] = missing;
  return [
    ...found
      .filter(({isMissing}) => !isMissing)
      .map(({path, format}) => ({
        code: 'mhl-mismatch',
        path,
        message: `has another ${format} than the ASC MHL history on the card says: it was changed since that was written, or the card lost bits. The copies are what the card gave`,
      })),
    ...(first === undefined
      ? []
      : [
          {
            code: 'mhl-mismatch',
            path: first.path,
            message: `${missing.length === 1 ? 'is' : `and ${formatCount(missing.length - 1)} more files are`} named by the ASC MHL history on the card and not on the card any more`,
          },
        ]),
  ];
}

async function writeLane(
  writing: Writing,
  lane: Lane,
  proofs: Proofs,
): Promise<readonly Warning[]> {
  const {program, reader, card, mhl, offload, startedAt, emit} = writing;
  const {to, name} = lane.destination;
  const proved = card.listing.files.flatMap((file) => {
    const proof = proofs.get(file.path)?.get(to);
    return proof === undefined ? [] : [{file, proof}];
  });
  if (proved.length === 0) return [];
  const below = chooseFolder(
    card.folder,
    proved.map(({proof}) => proof.target),
  );
  const start = below === '' ? '' : `${below}/`;
  const copies = await listCopies(program, lane, proofs);
  const unread: string[] = [];
  const appended = await appendGenerations({
    program,
    reader,
    folder: lane.absolute(below),
    compared: proved.map((one) => compareOf(writing, one, start.length)),
    async valuesOf(file, formats) {
      const path = lane.absolute(start + file.path);
      const request = {path, method: lane.access.method, blake3: file.blake3, formats};
      const values = await completeValues(reader, mhl.hashes, request);
      if (values === undefined) unread.push(start + file.path);
      return values;
    },
    chosen: mhl.chosen,
    how: 'transfer',
    comment: `Offload of ${card.ref.path} to ${to}`,
    startedAt,
    holdsRecords: below === '',
    token: offload,
    method: lane.access.method,
    isCopy: (path) => copies.has(foldCase(start + path)),
    makeFolder: (path) => lane.makeFolder(start + path),
  });
  tellWritten(appended, emit);
  return [
    ...appended.failures.map(warnOf),
    ...appended.mismatches.map(({path, format}) => ({
      code: 'mhl-mismatch',
      path: cardPathOf(proved, start + path),
      message: `has another ${format} on ${name} than the ASC MHL history there says: another file had this name when that was written. The copy is what the card gave`,
    })),
    ...warnOfLeftOut(appended.unnamed.map((path) => cardPathOf(proved, start + path))),
    ...unread.map((path) => ({
      code: 'mhl-not-written',
      path: cardPathOf(proved, path),
      message: `is not in the ASC MHL on ${name}: its copy could not be read again as it was proved. Check that drive with offload verify`,
    })),
  ];
}

interface ProvedFile {
  readonly file: CardFile;
  readonly proof: FileProved;
}

const compareOf = (
  {provedAt}: Writing,
  {file, proof}: ProvedFile,
  start: number,
): ComparedFile => ({
  path: proof.target.slice(start),
  size: file.size,
  mtimeNs: file.mtimeNs,
  blake3: proof.hash,
  at: provedAt(proof.to, file.path),
});

const cardPathOf = (proved: readonly ProvedFile[], target: string): string =>
  proved.find(({proof}) => proof.target === target)?.file.path ?? target;

/** The card's folder where all its files lie in it, otherwise the shoot folder. */
function chooseFolder(folder: string, targets: readonly string[]): string {
  return targets.every((target) => target.startsWith(`${folder}/`)) ? folder : '';
}

/** Every recorded copy in the shoot, case folded: of this run, and of those before. */
async function listCopies(
  {files, hashOfText}: Program,
  lane: Lane,
  proofs: Proofs,
): Promise<ReadonlySet<string>> {
  const now = [...proofs.values()].flatMap(
    (copies) => copies.get(lane.destination.to)?.target ?? [],
  );
  const {manifests} = await readShootRecords(files, lane.root, hashOfText);
  const before = manifests.flatMap(({manifest}) =>
    manifest.files.flatMap(({copies}) => copies.map(({target}) => target)),
  );
  return new Set([...now, ...before].map(foldCase));
}

function warnOfLeftOut(paths: readonly string[]): readonly Warning[] {
  return paths.map((path) => ({
    code: 'mhl-left-out',
    path,
    message:
      'is copied and proved but not in the ASC MHL, which cannot hold its name, or leaves such names out',
  }));
}

function warnOf({path, message, next}: Cause): Warning {
  const about = path === undefined ? {} : {path};
  return {code: 'mhl-not-written', ...about, message: `${message}. ${next}`};
}
