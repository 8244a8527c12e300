/** What lies on the rigs' cards: the fourteen cards of an archive where there is one, otherwise cards that are made here. */
import {access, mkdir, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {makeSampleCard} from '../../samples/make-card.ts';
import {type Lab, PROJECT} from './lab.ts';
import {call} from './tools.ts';

/** A tar archive with one folder for each card below `cards/`. */
const ARCHIVE = process.env.OFFLOAD_CARDS ?? join(PROJECT, '../shared/cards.tar');

export async function hasArchive(): Promise<boolean> {
  try {
    await access(ARCHIVE);
    return true;
  } catch {
    return false;
  }
}

/** Unpacks cards of the archive into a folder, each as a folder of its own; all of them when none is named. */
export async function unpackCards(into: string, cards: readonly string[] = []): Promise<void> {
  const names = cards.length === 0 ? ['cards'] : cards.map((card) => `cards/${card}`);
  const options = ['--strip-components=1', '--no-same-owner', '--no-same-permissions'];
  await call('tar', ['-xf', ARCHIVE, '-C', into, ...options, ...names]);
}

/** Copies the content of one card into a folder, times kept: a camera's card of the archive, or the sample card. */
export async function fillCard(lab: Lab, card: string, name = 'EOS_DIGITAL'): Promise<void> {
  const source = join(lab.folder, 'unpacked');
  await mkdir(source, {recursive: true});
  const fromArchive = await hasArchive();
  if (fromArchive) await unpackCards(source, [name]);
  else await makeSampleCard({into: source, seed: 1});
  await copyTree(join(source, fromArchive ? name : 'SAMPLE_CARD'), card);
}

/** exFAT knows no owners and no modes. */
export async function copyTree(from: string, to: string): Promise<void> {
  await call('cp', ['-r', '--preserve=timestamps', '-T', '--', from, to]);
}

interface BigCard {
  readonly files: number;
  /** Of each file, in bytes. */
  readonly size: number;
}

/** Writes a card that takes a while to copy. Its bytes differ from page to page, and compress well: disks in memory stay small. */
export async function fillBigCard(card: string, {files, size}: BigCard): Promise<void> {
  const folder = join(card, 'DCIM/100RIGGS');
  await mkdir(folder, {recursive: true});
  for (let number = 1; number <= files; number++) {
    const path = join(folder, `IMG_${String(number).padStart(4, '0')}.CR3`);
    await writeFile(path, makeBytes(number, size), {flag: 'wx'});
    const seconds = Date.UTC(2026, 3, 6, 10, 0, number * 2) / 1000;
    await utimes(path, seconds, seconds);
  }
}

const PAGE = 4096;

function makeBytes(number: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += PAGE) {
    bytes.fill(`picture ${number} page ${at / PAGE}, `, at, Math.min(at + PAGE, size));
  }
  return bytes;
}
