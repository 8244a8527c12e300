import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {hasArchive, unpackCards} from './card-content.ts';
import {checkCopies, expectSafe} from './checks.ts';
import type {Lab} from './lab.ts';
import {runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makeZram} from './zram.ts';

/** Names that exFAT cannot hold, or holds as one where ext4 has two. */
export const oddNames: Rig = {
  name: 'odd names arrive on ext4 and exFAT, and none takes the place of another',
  tools: ['mkfs.exfat', 'mount.exfat-fuse', 'mkfs.ext4', 'tar'],
  root: true,
  run: offloadOddNames,
};

async function offloadOddNames(lab: Lab): Promise<void> {
  const disk = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'CARDS'});
  const working = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 96, fs: 'exfat', label: 'TRAVEL'});
  const cards = ['OWN_NAMES'];
  await makeOddCard(join(disk.mountPoint, 'OWN_NAMES'));
  if (await hasArchive()) {
    cards.push('ODD_NAMES_POSIX', 'ODD_NAMES_EXFAT');
    await unpackCards(disk.mountPoint, cards.slice(1));
  }
  for (const name of cards) {
    const card = join(disk.mountPoint, name);
    const tos = [working.mountPoint, backup.mountPoint];
    const args = ['--card', card, ...tos.flatMap((to) => ['--to', to]), '--shoot', name];
    const {copies} = expectSafe(await runOffload(lab, args));
    await checkCopies({card, shoots: copies.map(({shoot}) => shoot)});
  }
}

const text = (name: string) => Buffer.from(name, 'utf8');

/** As bytes: not all of them are UTF-8. */
const NAMES: readonly Buffer[] = [
  ...['IMG_0001.JPG', 'img_0001.jpg', 'Img_0001.Jpg', 'IMG_0001~2.JPG', 'IMG_0001-2.JPG'].map(text),
  ...['a:b.JPG', 'a?b.JPG', 'a*b.JPG', 'a|b.JPG', 'a<b>.JPG', 'a"b.JPG', 'a\\b.JPG'].map(text),
  ...[
    'a_b.JPG',
    'trailing dot.',
    'trailing dot',
    'trailing space ',
    'CON',
    'con.jpg',
    'NUL.CR3',
  ].map(text),
  ...[
    'line\nbreak.JPG',
    'tab\there.JPG',
    'escape\u001b[31m.JPG',
    'bell\u0007.JPG',
    '\u007f.JPG',
  ].map(text),
  ...[
    'Zo\u00eb.JPG',
    'Zoe\u0308.JPG',
    '\u212bngstrom.JPG',
    '\u00c5ngstrom.JPG',
    '\u{1f4f7}.JPG',
  ].map(text),
  ...['-rf', '--', '$(touch x).JPG', '`id`.JPG', "it's.JPG", '~', '#1.JPG', ' leading.JPG'].map(
    text,
  ),
  ...['\u202eGPJ.exe', '\u200b.JPG', '%00.JPG', '..JPG', '...', '....JPG'].map(text),
  text(`${'a'.repeat(251)}.JPG`),
  text(`${'\u00e9'.repeat(125)}.JPG`),
  text(`${'\u{1f4f7}'.repeat(62)}.JPG`),
  Buffer.from([0xff, 0xfe, 0x2e, 0x4a, 0x50, 0x47]),
  Buffer.from([0xff, 0xfd, 0x2e, 0x4a, 0x50, 0x47]),
  Buffer.from([0x66, 0xfc, 0x72, 0x2e, 0x4a, 0x50, 0x47]),
];

/** Each name as a file, and some of them as folders with a file in each. */
async function makeOddCard(card: string): Promise<void> {
  const folder = join(card, 'DCIM');
  await mkdir(folder, {recursive: true});
  for (const [index, name] of NAMES.entries()) {
    await writeFile(Buffer.concat([text(`${folder}/`), name]), `picture ${index}`, {flag: 'wx'});
  }
  for (const name of [
    '100A:B',
    '100A?B',
    '100a_b',
    '100A_B.',
    '100 ',
    'PRN',
    '.offload',
    '_offload',
  ]) {
    await mkdir(join(card, name));
    await writeFile(join(card, name, 'IMG_0001.JPG'), `in ${name}`);
  }
}
