import {dirname, join} from 'node:path';
import type {MediumReader} from '../../../verify/read-medium.ts';
import {
  discardRecord,
  publishRecord,
  stageRecord,
  withdrawRecord,
} from '../../../verify/write-record.ts';
import {causeFrom, failed, ok, type Result} from '../../core/cause.ts';
import {type ChainLink, writeChain} from '../../core/mhl/chain.ts';
import type {MhlManifest} from '../../core/mhl/manifest-model.ts';
import {CHAIN_NAME} from '../../core/mhl/manifest-names.ts';
import {writeManifest} from '../../core/mhl/write-manifest.ts';
import type {MediumMethod} from '../../system/medium.ts';
import {c4OfText} from '../../system/mhl-hasher.ts';

interface Place {
  readonly reader: MediumReader;
  readonly method: MediumMethod;
  readonly token: string;
}

interface Generation {
  /** The `ascmhl` folder, absolute. */
  readonly folder: string;
  /** Of the generations before. */
  readonly links: readonly ChainLink[];
  readonly name: string;
  readonly manifest: MhlManifest;
  /** False when no chain may be in the way. */
  readonly replacesChain: boolean;
}

/**
 * Writes a manifest and the chain that names it: both flushed and read back under temporary names first. A manifest never takes the place of another file; when the chain cannot be written, the manifest is taken
 * back.
 * @returns the manifest's C4, or why nothing was written.
 */
export async function writeGeneration(
  {reader, method, token}: Place,
  {folder, links, name, manifest, replacesChain}: Generation,
): Promise<Result<string>> {
  const text = writeManifest(manifest);
  const c4 = c4OfText(text);
  const staged = await stageRecord(reader, {
    path: join(folder, name),
    text,
    token: `${token}-mhl`,
    method,
  });
  if (!staged.ok) return staged;
  const chain = await stageRecord(reader, {
    path: join(folder, CHAIN_NAME),
    text: writeChain([...links, {number: links.length + 1, name, c4}]),
    token: `${token}-chain`,
    method,
  });
  if (!chain.ok) {
    await discardRecord(reader, staged.value);
    return chain;
  }
  const named = await publishNew(reader, staged.value);
  if (!named.ok) {
    await discardRecord(reader, chain.value);
    return named;
  }
  const chained = replacesChain
    ? await publishRecord(reader, chain.value)
    : await publishNew(reader, chain.value);
  if (chained.ok) return ok(c4);
  await withdrawRecord(reader, staged.value);
  return chained;
}

type Staged = Parameters<typeof publishRecord>[1];

/** Gives a staged file its name and makes it durable; a taken name is refused. */
async function publishNew(reader: MediumReader, staged: Staged): Promise<Result<string>> {
  const {temporary, path} = staged;
  try {
    await reader.files.publish(temporary, path);
  } catch (error) {
    await discardRecord(reader, staged);
    return failed(causeFrom(error, 'naming the ASC MHL file', path));
  }
  try {
    await reader.files.syncFolder(dirname(path));
    return ok(path);
  } catch (error) {
    await withdrawRecord(reader, staged);
    return failed(causeFrom(error, 'flushing the name of the ASC MHL file', path));
  }
}
