/** The walk-throughs of docs/workflow.md, from the card to the third copy, each with the commands that stand there. */
import assert from 'node:assert/strict';
import {appendFile, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {fillCard} from './card-content.ts';
import type {Lab} from './lab.ts';
import type {Drive, FileSystem} from './mounts.ts';
import {mountShare} from './network-share.ts';
import {type Computer, Play} from './play.ts';
import type {Rig} from './rig.ts';
import {serveSftp} from './sftp-remote.ts';
import {listTree} from './trees.ts';
import {makeZram} from './zram.ts';

const FILE_SYSTEMS = ['mkfs.ext4', 'mkfs.exfat', 'mount.exfat-fuse', 'tar'] as const;
const REACHED = /3-2-1 reached/;

/** One laptop, two SSDs, a cloud. */
export const laptopWorkflow: Rig = {
  name: 'walk-through: one laptop with two SSDs and a cloud, from the card to 3-2-1',
  tools: [...FILE_SYSTEMS, 'rclone'],
  root: true,
  async run(lab) {
    const play = new Play(lab);
    const card = await insertCard(lab, play);
    const working = await plugIn(lab, play, {label: 'W', shown: '/mnt/W'});
    await plugIn(lab, play, {label: 'B', shown: '/mnt/B'});
    const remote = await serveSftp(lab, join(lab.folder, 'cloud'));
    const laptop = await play.makeComputer('laptop', remote.env);

    await offloadToPair(play, laptop, 'Marta & Jan');
    await card.remove();

    await play.type(laptop, [
      ...['backup', 'add', 'photos', '--from', '/mnt/W', '--to', '/mnt/B'],
      ...['--on-arrival', '--every', '6h'],
    ]);
    await rate(working);
    await play.type(laptop, ['backup', 'run']);
    await play.type(laptop, [
      ...['offsite', 'add', 'cloud', '--from', '/mnt/W', '--remote', `${remote.name}:Photos`],
      ...['--place', 'cloud'],
    ]);
    await play.type(laptop, ['offsite', 'run', 'cloud']);
    assert.match(await play.type(laptop, ['status']), REACHED);
    await play.finish('laptop', 'One laptop with two SSDs');
  },
};

/** A laptop that travels, a computer at home, and an SSD between them that goes to the office in the end. */
export const travelWorkflow: Rig = {
  name: 'walk-through: two computers with a travelling SSD, from the card to 3-2-1',
  tools: FILE_SYSTEMS,
  root: true,
  async run(lab) {
    const play = new Play(lab);
    const card = await insertCard(lab, play);
    const inside = await plugIn(lab, play, {label: 'L', shown: '/mnt/Laptop'});
    const travelling = await plugIn(lab, play, {label: 'T', shown: '/mnt/Travel'});
    const [laptop, desktop] = [
      await play.makeComputer('laptop'),
      await play.makeComputer('desktop'),
    ];

    await nameDrive(play, laptop, {drive: '/mnt/Travel', name: 'Travel SSD', role: 'working'});
    await offload(play, laptop, {to: ['/mnt/Travel', '/mnt/Laptop'], shoot: 'Iceland'});
    await card.remove();
    await inside.remove();

    await plugIn(lab, play, {label: 'H', shown: '/mnt/Home'});
    const away = await plugIn(lab, play, {label: 'O', shown: '/mnt/Office', fs: 'exfat'});
    await play.type(desktop, ['catalog', 'rebuild', '/mnt/Travel']);
    assert.match(await play.type(desktop, ['status'], 1), /3-2-1 NOT REACHED/);
    await nameDrive(play, desktop, {drive: '/mnt/Home', name: 'Home backup', role: 'backup'});
    await play.type(desktop, [
      ...['backup', 'add', 'home', '--from', '/mnt/Travel', '--to', '/mnt/Home', '--on-arrival'],
    ]);
    await play.type(desktop, ['backup', 'run', 'home']);
    await play.type(desktop, ['volumes', 'name', '/mnt/Office', 'Office drive']);
    await play.type(desktop, [
      ...['offsite', 'add', 'office', '--from', '/mnt/Travel', '--to', '/mnt/Office'],
      ...['--place', 'office', '--swap-after', '60d'],
    ]);
    await play.type(desktop, ['offsite', 'run', 'office']);
    assert.match(await play.type(desktop, ['status']), REACHED);
    await away.unmount();
    assert.match(await play.type(desktop, ['status']), REACHED);
    await rate(travelling);
    await play.type(desktop, ['backup', 'run', 'home']);
    await play.finish('travel', 'Two computers with a travelling SSD');
  },
};

/** A studio: working drive, backup, a NAS beside them, and two drives that take turns in the bank. */
export const studioWorkflow: Rig = {
  name: 'walk-through: a studio with a NAS and rotating drives, from the card to 3-2-1',
  tools: [...FILE_SYSTEMS, 'sshfs', 'socat', 'sftp-server'],
  root: true,
  async run(lab) {
    const play = new Play(lab);
    const card = await insertCard(lab, play);
    const working = await plugIn(lab, play, {label: 'W', shown: '/mnt/W'});
    await plugIn(lab, play, {label: 'B', shown: '/mnt/B'});
    const first = await plugIn(lab, play, {label: 'O', shown: '/mnt/O', fs: 'exfat'});
    const second = await plugIn(lab, play, {label: 'P', shown: '/mnt/P', fs: 'exfat'});
    const share = await mountShare(lab, join(lab.folder, 'nas'));
    play.call(share.mountPoint, '/mnt/NAS');
    const studio = await play.makeComputer('studio');

    await offloadToPair(play, studio, 'Campaign');
    await card.remove();

    await play.type(studio, ['volumes', 'name', '/mnt/NAS', 'NAS']);
    await play.type(studio, [
      ...['backup', 'add', 'photos', '--from', '/mnt/W', '--to', '/mnt/B', '--to', '/mnt/NAS'],
      ...['--every', '6h'],
    ]);
    await play.type(studio, ['volumes', 'name', '/mnt/O', 'bank-1']);
    await play.type(studio, ['volumes', 'name', '/mnt/P', 'bank-2']);
    await play.type(studio, [
      ...['offsite', 'add', 'bank', '--from', '/mnt/W', '--to', '/mnt/O', '--to', '/mnt/P'],
      ...['--place', 'bank', '--swap-after', '30d'],
    ]);
    await play.type(studio, ['backup', 'run', 'photos']);
    await play.type(studio, ['offsite', 'run', 'bank']);
    await first.unmount();
    assert.match(await play.type(studio, ['status']), REACHED);

    await rate(working);
    await play.type(studio, ['offsite', 'run', 'bank']);
    await play.type(studio, ['offsite', 'status']);
    await second.unmount();
    await first.mount();
    await play.type(studio, ['offsite', 'run', 'bank']);
    assert.match(await play.type(studio, ['status']), REACHED);
    await play.finish('studio', 'A studio with a NAS and rotating drives');
  },
};

async function insertCard(lab: Lab, play: Play): Promise<Drive> {
  const card = await makeZram(lab, {megabytes: 128, fs: 'exfat', label: 'EOS_DIGITAL'});
  await fillCard(lab, card.mountPoint);
  await card.unmount();
  await card.mount();
  play.call(card.mountPoint, '/mnt/EOS');
  return card;
}

async function plugIn(
  lab: Lab,
  play: Play,
  {
    label,
    shown,
    fs = 'ext4',
  }: {readonly label: string; readonly shown: string; readonly fs?: FileSystem},
): Promise<Drive> {
  const drive = await makeZram(lab, {megabytes: 192, fs, label});
  play.call(drive.mountPoint, shown);
  return drive;
}

interface NamedDrive {
  readonly drive: string;
  readonly name: string;
  readonly role: 'working' | 'backup';
}

async function nameDrive(
  play: Play,
  computer: Computer,
  {drive, name, role}: NamedDrive,
): Promise<void> {
  await play.type(computer, ['volumes', 'name', drive, name]);
  await play.type(computer, ['volumes', 'role', drive, role]);
}

async function offload(
  play: Play,
  computer: Computer,
  {to, shoot}: {readonly to: readonly string[]; readonly shoot: string},
): Promise<void> {
  const destinations = to.flatMap((drive) => ['--to', drive]);
  await play.type(computer, ['--card', '/mnt/EOS', ...destinations, '--shoot', shoot]);
}

/** The working drive and its backup are named, and have the card on them. */
async function offloadToPair(play: Play, computer: Computer, shoot: string): Promise<void> {
  await nameDrive(play, computer, {drive: '/mnt/W', name: 'Studio SSD', role: 'working'});
  await nameDrive(play, computer, {drive: '/mnt/B', name: 'Backup SSD', role: 'backup'});
  await offload(play, computer, {to: ['/mnt/W', '/mnt/B'], shoot});
}

/** As a photographer does: stars are written into a sidecar beside the picture. */
async function rate({mountPoint}: Drive): Promise<void> {
  const [picture] = (await listTree(mountPoint, {hashes: false})).filter(({path}) =>
    /\.(?:CR3|CR2|JPG)$/i.test(path),
  );
  assert.ok(picture);
  const sidecar = join(mountPoint, picture.path.replace(/\.\w+$/, '.xmp'));
  await mkdir(join(sidecar, '..'), {recursive: true});
  await appendFile(sidecar, '<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- stars --></x:xmpmeta>\n');
}
