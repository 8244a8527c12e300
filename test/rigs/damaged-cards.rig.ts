import assert from 'node:assert/strict';
import {copyFile, mkdir, open, readFile, rm, stat, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {hasArchive, unpackCards} from './card-content.ts';
import {checkCopies, expectSafe} from './checks.ts';
import type {Lab} from './lab.ts';
import {runOffload} from './offload-run.ts';
import {CannotRun, type Rig} from './rig.ts';
import {makeZram} from './zram.ts';

export const damagedCards: Rig = {
  name: 'warnings: none that is wrong on the cards of the archive, each that is right on damaged ones',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'tar'],
  root: true,
  run: warnOfAll,
};

/** What the cards have to tell as they are: `cards-SOURCES.md` names each of these files as empty, as the head of a longer one, or as a link. */
const AS_THEY_ARE: Readonly<Record<string, readonly string[]>> = {
  APPLE_IPHONE: ['picture-damaged DCIM/100APPLE/IMG_0003.DNG'],
  DJI_DRONE: ['picture-damaged DCIM/100MEDIA/DJI_0003.DNG'],
  EOS_DIGITAL: [
    'empty-file DCIM/101CANON/IMG_0006.CR3',
    'picture-damaged DCIM/100CANON/IMG_9998.CR2',
    'picture-damaged DCIM/101CANON/IMG_0007.JPG',
  ],
  EOS_DIGITAL_B: [],
  FUJIFILM: [],
  GOPRO: ['empty-file DCIM/100GOPRO/GX010004.MP4'],
  LUMIX: [],
  NIKON: ['picture-damaged DCIM/100NIKON/DSC_0001.NEF'],
  ODD_NAMES_EXFAT: [],
  ODD_NAMES_POSIX: [
    'link-left-out DCIM/100POSIX/link_to_file.JPG',
    'link-left-out DCIM/dangling_link',
    'link-left-out DCIM/loop_link',
  ],
  P2_MXF: [],
  RED_MAG: [],
  SONY_CFEXPRESS: [],
  Untitled_SONY: ['picture-damaged DCIM/100MSDCF/DSC00001.ARW'],
};

/** About the destination, and not about the card. */
const OF_DESTINATIONS = new Set(['name-changed', 'times-not-kept']);

interface Damage {
  readonly warnings: readonly string[];
  readonly harm: (at: (path: string) => string) => Promise<void>;
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  APPLE_IPHONE: {
    warnings: [
      'numbering-gap DCIM/100APPLE/IMG_0001.HEIC',
      'picture-damaged DCIM/100APPLE/IMG_0001.HEIC',
      'video-cut DCIM/100APPLE/IMG_0001.MOV',
    ],
    async harm(at) {
      await rm(at('DCIM/100APPLE/IMG_0002.HEIC'));
      await halve(at('DCIM/100APPLE/IMG_0001.HEIC'));
      await halve(at('DCIM/100APPLE/IMG_0001.MOV'));
    },
  },
  DJI_DRONE: {
    warnings: [
      'clip-missing DCIM/100MEDIA/DJI_20240601123456_0004_D.LRF',
      'numbering-gap DCIM/100MEDIA/DJI_0001.MP4',
    ],
    async harm(at) {
      await rm(at('DCIM/100MEDIA/DJI_20240601123456_0004_D.SRT'));
      await rm(at('DCIM/100MEDIA/DJI_20240601123456_0004_D.MP4'));
      await rm(at('DCIM/100MEDIA/DJI_0002.JPG'));
    },
  },
  EOS_DIGITAL: {
    warnings: [
      'file-all-zero DCIM/100CANON/IMG_9999.JPG',
      'jpeg-without-raw DCIM/102CANON/IMG_0104.JPG',
      'numbering-gap DCIM/101CANON/IMG_0001.CR2',
      'numbering-gap DCIM/101CANON/IMG_0007.JPG',
      'picture-damaged DCIM/100CANON/IMG_9997.JPG',
      'picture-damaged DCIM/101CANON/IMG_0003.CRW',
      'raw-without-jpeg DCIM/102CANON/IMG_0108.CR3',
      'video-cut DCIM/101CANON/MVI_0004.AVI',
    ],
    async harm(at) {
      await zero(at('DCIM/100CANON/IMG_9999.JPG'));
      await halve(at('DCIM/100CANON/IMG_9997.JPG'));
      await rm(at('DCIM/101CANON/IMG_0002.HIF'));
      await halve(at('DCIM/101CANON/IMG_0003.CRW'));
      await halve(at('DCIM/101CANON/MVI_0004.AVI'));
      await mkdir(at('DCIM/102CANON'));
      for (let number = 101; number <= 112; number++) {
        for (const ext of ['CR3', 'JPG']) {
          const name = `IMG_0${number}.${ext}`;
          if (['IMG_0104.CR3', 'IMG_0108.JPG'].includes(name)) continue;
          const source = ext === 'CR3' ? 'IMG_9999.CR3' : '../101CANON/IMG_0001.JPG';
          await copyFile(at(`DCIM/100CANON/${source}`), at(`DCIM/102CANON/${name}`));
        }
      }
    },
  },
  FUJIFILM: {
    warnings: ['picture-damaged DCIM/100_FUJI/DSCF0001.RAF'],
    harm: (at) => halve(at('DCIM/100_FUJI/DSCF0001.RAF')),
  },
  GOPRO: {
    warnings: [
      'chapter-missing DCIM/100GOPRO/GX020001.MP4',
      'picture-damaged DCIM/100GOPRO/GOPR0002.GPR',
      'video-cut DCIM/100GOPRO/GL010001.LRV',
      'video-without-index DCIM/100GOPRO/GX020001.MP4',
    ],
    async harm(at) {
      await rm(at('DCIM/100GOPRO/GX010001.MP4'));
      await dropIndex(at('DCIM/100GOPRO/GX020001.MP4'));
      await halve(at('DCIM/100GOPRO/GL010001.LRV'));
      await halve(at('DCIM/100GOPRO/GOPR0002.GPR'));
    },
  },
  NIKON: {
    warnings: [
      'numbering-gap DCIM/101D7100/DSC_0001.NEF',
      'picture-damaged DCIM/101D7100/DSC_0001.NEF',
    ],
    async harm(at) {
      await rm(at('DCIM/101D7100/DSC_0002.NEF'));
      await halve(at('DCIM/101D7100/DSC_0001.NEF'));
    },
  },
  P2_MXF: {
    warnings: ['clip-missing CONTENTS/CLIP/0001AB.XML'],
    harm: (at) => rm(at('CONTENTS/VIDEO/0001AB.MXF')),
  },
  RED_MAG: {
    warnings: [
      'chapter-missing A001_0118AB.RDM/A001_C001_0118AB.RDC/A001_C001_0118AB_002.R3D',
      'file-all-zero A001_0118AB.RDM/A001_C002_0118AB.RDC/A001_C002_0118AB_001.R3D',
    ],
    async harm(at) {
      const clip = (number: number) =>
        at(`A001_0118AB.RDM/A001_C00${number}_0118AB.RDC/A001_C00${number}_0118AB_001.R3D`);
      await rm(clip(1));
      await zero(clip(2));
    },
  },
  Untitled_SONY: {
    warnings: [
      'clip-missing PRIVATE/M4ROOT/CLIP/C0002M01.XML',
      'clip-without-xml PRIVATE/M4ROOT/CLIP/C0001.MP4',
      'numbering-gap DCIM/100MSDCF/DSC00001.ARW',
      'picture-damaged DCIM/100MSDCF/DSC00003.HIF',
      'stream-without-clipinf PRIVATE/AVCHD/BDMV/STREAM/00000.MTS',
    ],
    async harm(at) {
      await rm(at('DCIM/100MSDCF/DSC00002.HIF'));
      await halve(at('DCIM/100MSDCF/DSC00003.HIF'));
      await rm(at('PRIVATE/M4ROOT/CLIP/C0001M01.XML'));
      await rm(at('PRIVATE/M4ROOT/CLIP/C0002.MP4'));
      await rm(at('PRIVATE/AVCHD/BDMV/CLIPINF/00000.CPI'));
    },
  },
};

async function warnOfAll(lab: Lab): Promise<void> {
  if (!(await hasArchive())) throw new CannotRun('there is no archive of cards beside the project');
  const disk = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'CARDS'});
  const working = await makeZram(lab, {megabytes: 256, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 384, fs: 'xfs', label: 'B'});
  await unpackCards(disk.mountPoint);
  const tos = [working.mountPoint, backup.mountPoint].flatMap((to) => ['--to', to]);
  const warningsOf = async (name: string, shoot: string) => {
    const card = join(disk.mountPoint, name);
    const verdict = expectSafe(await runOffload(lab, ['--card', card, ...tos, '--shoot', shoot]));
    await checkCopies({card, shoots: verdict.copies.map((copy) => copy.shoot)});
    return verdict.warnings
      .filter(({code}) => !OF_DESTINATIONS.has(code))
      .map(({code, path}) => `${code} ${path}`)
      .sort();
  };
  for (const [name, expected] of Object.entries(AS_THEY_ARE)) {
    assert.deepEqual(await warningsOf(name, `whole ${name}`), expected, `${name} as it is`);
  }
  for (const [name, {harm, warnings}] of Object.entries(DAMAGES)) {
    await harm((path) => join(disk.mountPoint, name, path));
    const expected = [...(AS_THEY_ARE[name] ?? []), ...warnings].sort();
    assert.deepEqual(await warningsOf(name, `damaged ${name}`), expected, `${name}, damaged`);
  }
}

async function halve(path: string): Promise<void> {
  const {size} = await stat(path);
  await truncate(path, Math.floor(size / 2));
}

async function zero(path: string): Promise<void> {
  const {size} = await stat(path);
  await writeFile(path, Buffer.alloc(size));
}

/** Takes the index away as a camera does that loses its power: what was written of it is a box without meaning. */
async function dropIndex(path: string): Promise<void> {
  const bytes = await readFile(path);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const [size, type] = [bytes.readUInt32BE(at), bytes.toString('latin1', at + 4, at + 8)];
    if (type === 'moov') {
      const file = await open(path, 'r+');
      await file.write('free', at + 4, 'latin1');
      await file.close();
      return;
    }
    at += size === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : size;
  }
  throw new Error(`there is no moov in ${path}`);
}
