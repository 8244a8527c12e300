import {compareListings} from '../../../verify/compare-listings.ts';
import type {Relisting, SecondRead} from '../../../verify/evidence.ts';
import type {MediumReader} from '../../../verify/read-medium.ts';
import {rereadCard} from '../../../verify/reread-card.ts';
import type {Fact} from '../../core/events.ts';
import type {CopyRun} from '../../engine/copy-run.ts';
import {scanCard} from '../../engine/scan-card.ts';
import type {OffloadOptions} from './options.ts';
import type {PreparedCard} from './prepare-card.ts';

interface SecondLook {
  readonly options: OffloadOptions;
  readonly card: PreparedCard;
  readonly copyRun: CopyRun;
  readonly reader: MediumReader;
  readonly facts: readonly Fact[];
}

/** With `--verify full`: reads the card again after the last copy, past the cache. */
export async function readAgain({
  options,
  card,
  copyRun,
  reader,
  facts,
}: SecondLook): Promise<SecondRead> {
  if (options.verify === 'copies') return {kind: 'not-asked'};
  if (copyRun.signal.aborted) return {kind: 'asked', matched: 0};
  const {ref, listing, source} = card;
  copyRun.emit({type: 'phase-started', card: ref, phase: 'reread'});
  const hashes = new Map<string, string>();
  for (const [path, {hash}] of card.known.files) hashes.set(path, hash);
  for (const fact of facts) if (fact.type === 'file-proved') hashes.set(fact.path, fact.hash);
  const matched = await rereadCard({
    reader,
    root: source.real,
    ref,
    listing,
    hashes,
    method: copyRun.card.method,
    signal: copyRun.signal,
    record: (fact) => copyRun.journal.record(fact),
  });
  return {kind: 'asked', matched};
}

/** Lists the card again and compares: what came, went or changed since the first listing was not copied. */
export async function listAgain(
  {files, signal, emit}: CopyRun,
  {ref, source, listing}: PreparedCard,
): Promise<Relisting> {
  if (signal.aborted) return {kind: 'not-done', why: 'the offload was stopped'};
  emit({type: 'phase-started', card: ref, phase: 'relist'});
  return compareListings(listing, await scanCard(files, source.real));
}
