import type {Cause, Result} from '../../core/cause.ts';
import {parseManifest} from '../../core/manifest.ts';
import type {Program} from '../program.ts';
import type {PreparedCard} from './prepare-card.ts';

interface Start {
  readonly card: PreparedCard;
  readonly offload: string;
  readonly startedAt: Date;
}

/**
 * Tells the catalog that an offload began. It is done beside the copying and may fail without harm.
 * @returns why it is not known there; undefined when it is. Never rejects for what is wrong with the catalog.
 */
export async function rememberStart(
  {openCatalog}: Program,
  {card, offload, startedAt}: Start,
): Promise<Cause | undefined> {
  const catalog = await openCatalog();
  if (!catalog.ok) return catalog.cause;
  const {id, ref, shoot, fingerprint, listing} = card;
  const noted = await catalog.value.noteStarted({
    offload,
    cardId: id,
    label: ref.label,
    shoot,
    fingerprint,
    startedAt: startedAt.toISOString(),
    files: listing.files.length,
    bytes: listing.files.reduce((sum, {size}) => sum + size, 0),
  });
  return causeOf(noted);
}

/**
 * Puts the record of an offload into the catalog, after the verdict: nothing depends on it.
 * @param text a manifest that was written, as it stands on one of the destinations.
 * @returns why it is not there; undefined when it is. Never rejects for what is wrong with the catalog.
 */
export async function rememberEnd(
  {openCatalog, hashOfText}: Program,
  text: string,
): Promise<Cause | undefined> {
  const catalog = await openCatalog();
  if (!catalog.ok) return catalog.cause;
  const manifest = parseManifest(text, catalog.value.path, hashOfText);
  // It was sealed a moment ago, and read back from two drives.
  if (!manifest.ok) throw new Error(`a record that was just written: ${manifest.cause.message}`);
  return causeOf(await catalog.value.recordManifest(manifest.value));
}

const causeOf = (result: Result<unknown>): Cause | undefined =>
  result.ok ? undefined : result.cause;
