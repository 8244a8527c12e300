import test from 'ava';
import {relateDrives} from '../../../src/core/drive.ts';
import {describeVolume} from '../../../src/system/volumes/index.ts';
import {fakeTools} from './fake-tools.ts';

interface Device {
  readonly [column: string]: unknown;
}
const lsblk = (device: Device) => JSON.stringify({blockdevices: [device]});
const disk = (kname: string, more: Device = {}) => ({kname, type: 'disk', size: 1000, ...more});
const part = (kname: string, on: Device, more: Device = {}) => ({
  ...{kname, type: 'part', size: 900, children: [on], ...more},
});

// The forms are those of a real mount table (see test/core/volumes/mountinfo.test.ts); names and sizes are made up.
const MOUNTINFO = String.raw`1 0 8:2 / / rw - ext4 /dev/root rw
10 1 8:17 / /media/W rw - ext4 /dev/sdb1 rw
11 1 252:0 / /media/luks rw - ext4 /dev/mapper/luks-1 rw
12 1 7:0 / /media/image rw - ext4 /dev/loop0 rw
13 1 7:1 / /media/image2 rw - ext4 /dev/loop1 rw
14 1 7:2 / /media/memory rw - ext4 /dev/loop2 rw
15 1 7:3 / /media/gone rw - ext4 /dev/loop3 rw
16 1 0:40 / /media/pair rw - btrfs /dev/sdc1 rw,subvol=/
17 1 0:41 / /media/lost rw - btrfs /dev/sdz rw
18 1 0:42 / /mnt/nas rw - nfs4 nas:/photos rw,addr=192.168.1.5
19 1 0:43 / /mnt/smb rw - cifs //nas/photos rw,addr=192.168.1.5
20 1 0:44 / /tmp rw - tmpfs tmpfs rw
21 1 8:49 / /media/EOS\040DIGITAL rw - fuseblk /dev/sdd1 rw,user_id=0
22 1 8:2 /home/me/pictures /srv/bind rw - ext4 /dev/root rw
23 1 0:45 / /media/merged rw - overlay overlay rw,lowerdir=/a
24 1 0:46 / /tank rw - zfs tank/photos rw
25 1 7:5 / /media/circle rw - ext4 /dev/loop5 rw
`;

const tools = fakeTools({
  platform: 'linux',
  files: {
    '/proc/self/mountinfo': MOUNTINFO,
    '/sys/dev/block/8:2/uevent': 'MAJOR=8\nMINOR=2\nDEVNAME=sda2\nDEVTYPE=partition\n',
    '/sys/dev/block/252:0/uevent': 'MAJOR=252\nMINOR=0\nDEVNAME=dm-0\nDEVTYPE=disk\n',
    '/sys/block/loop0/loop/backing_file': '/home/me/card.img\n',
    '/sys/block/loop1/loop/backing_file': '/media/W/card.img\n',
    '/sys/block/loop2/loop/backing_file': '/tmp/card.img\n',
    '/sys/block/loop3/loop/backing_file': '/home/me/card.img (deleted)\n',
    '/sys/block/loop5/loop/backing_file': '/media/circle/a.img\n',
  },
  answers: {
    'lsblk /dev/sda2': lsblk(
      part('sda2', disk('sda', {rota: true, model: 'ST2000'}), {label: 'root', uuid: 'u'}),
    ),
    'lsblk /dev/sdb1': lsblk(part('sdb1', disk('sdb', {rota: false}))),
    'blkid -c /dev/null -o export /dev/sdb1': 'LABEL=WORK\nUUID=w-1\n',
    'lsblk /dev/dm-0': lsblk({
      kname: 'dm-0',
      type: 'crypt',
      size: 800,
      children: [part('sdb2', disk('sdb'))],
    }),
    ...Object.fromEntries(
      [0, 1, 2, 3, 5].map((n) => [
        `lsblk /dev/loop${n}`,
        lsblk({kname: `loop${n}`, type: 'loop', size: 5}),
      ]),
    ),
    'ls /sys/fs/btrfs': 'features\n0f0f-1\n8047a43f-820e\n',
    'ls /sys/fs/btrfs/0f0f-1/devices': 'sdx\n',
    'ls /sys/fs/btrfs/8047a43f-820e/devices': 'sdc1\nsde\n',
    'lsblk /dev/sdc1': lsblk(part('sdc1', disk('sdc'), {label: 'PAIR'})),
    'lsblk /dev/sde': lsblk(disk('sde')),
    'lsblk /dev/sdz': lsblk(disk('sdz')),
    'lsblk /dev/sdd1': lsblk(part('sdd1', disk('sdd', {rm: true, tran: 'usb'}))),
    'zpool status -P tank':
      'config:\n\n\tNAME STATE\n\ttank ONLINE 0\n\t  /dev/sdc1 ONLINE 0 0\n\t  /dev/sde ONLINE 0 0\n\nerrors: none\n',
  },
});

const describe = (path: string) => describeVolume(path, tools);
const idsOf = async (path: string) => {
  const {physical} = await describe(path);
  return physical.known ? physical.ids : physical.why;
};

test('a partition: facts from the mount table, lsblk and blkid', async (t) => {
  t.deepEqual(await describe('/media/W/2026'), {
    mountPoint: '/media/W',
    device: '/dev/sdb1',
    fileSystem: 'ext4',
    kind: 'disk',
    label: 'WORK',
    uuid: 'w-1',
    size: 900,
    physical: {known: true, ids: ['disk:sdb']},
    rotating: false,
    model: null,
    removable: null,
  });
});

test('/dev/root is followed by its device number', async (t) => {
  t.like(await describe('/home/me'), {
    label: 'root',
    model: 'ST2000',
    rotating: true,
    physical: {known: true, ids: ['disk:sda']},
  });
});

test('LUKS lies on the disk of its partition', async (t) => {
  t.deepEqual(await idsOf('/media/luks'), ['disk:sdb']);
});

test('an image and a folder on the disk of its file are the same drive', async (t) => {
  const image = await describe('/media/image');
  const folder = await describe('/home/me');
  t.is(relateDrives(image.physical, folder.physical), 'same');
  t.is(image.size, 5);
  t.is(image.rotating, true);
  t.deepEqual(await idsOf('/media/image2'), ['disk:sdb']);
});

test('an image in memory is memory', async (t) => {
  t.like(await describe('/media/memory'), {kind: 'ram', physical: {known: false}});
});

test('an image whose file is gone, or that lies on itself, is unknown', async (t) => {
  t.like(await describe('/media/gone'), {physical: {known: false}});
  t.like(await describe('/media/circle'), {physical: {known: false}});
});

test('btrfs lies on all its devices', async (t) => {
  t.like(await describe('/media/pair'), {
    label: 'PAIR',
    uuid: '8047a43f-820e',
    size: 1900,
    physical: {known: true, ids: ['disk:sdc', 'disk:sde']},
  });
});

test('btrfs whose devices are not told is unknown', async (t) => {
  t.is(await idsOf('/media/lost'), 'the devices of the btrfs file system are not told');
});

test('ZFS lies on the devices of its pool', async (t) => {
  t.deepEqual(await idsOf('/tank'), ['disk:sdc', 'disk:sde']);
});

test('nfs and cifs of one server are one drive', async (t) => {
  const nfs = await describe('/mnt/nas');
  t.is(nfs.kind, 'network');
  t.is(relateDrives(nfs.physical, (await describe('/mnt/smb')).physical), 'same');
});

test('tmpfs is memory', async (t) => {
  t.like(await describe('/tmp/x'), {kind: 'ram', physical: {known: false}});
});

test('a FUSE driver on a device has the disks of the device', async (t) => {
  t.like(await describe('/media/EOS DIGITAL/DCIM'), {
    mountPoint: '/media/EOS DIGITAL',
    kind: 'fuse',
    fileSystem: 'fuseblk',
    removable: true,
    physical: {known: true, ids: ['disk:sdd']},
  });
});

test('a bind mount lies where its folder lies', async (t) => {
  t.like(await describe('/srv/bind'), {mountPoint: '/srv/bind', physical: {ids: ['disk:sda']}});
});

test('an overlay does not tell its disks', async (t) => {
  t.like(await describe('/media/merged'), {kind: 'unknown', physical: {known: false}});
});

test('without a mount table, and without lsblk, all is unknown and nothing throws', async (t) => {
  const bare = fakeTools({platform: 'linux'});
  t.like(await describeVolume('/x', bare), {kind: 'unknown', physical: {known: false}});
  const noLsblk = fakeTools({platform: 'linux', files: {'/proc/self/mountinfo': MOUNTINFO}});
  t.like(await describeVolume('/media/W', noLsblk), {
    kind: 'disk',
    size: null,
    physical: {known: false},
  });
  const odd = fakeTools({platform: 'plan9'});
  t.like(await describeVolume('/x', odd), {kind: 'unknown'});
});
