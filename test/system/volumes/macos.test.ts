import test from 'ava';
import {relateDrives} from '../../../src/core/drive.ts';
import {describeVolume, listVolumes} from '../../../src/system/volumes/index.ts';
import {
  apfsVolume,
  diskPart,
  HDIUTIL,
  IMAGE_VOLUME,
  MOUNT,
  ROOT_VOLUME,
  USB_VOLUME,
  wholeDisk,
} from '../../core/volumes/samples/macos.ts';
import {fakeTools} from './fake-tools.ts';

const df = (mountPoint: string) =>
  `Filesystem 512-blocks Used Available Capacity Mounted on\n/dev/x 10 5 5 50% ${mountPoint}\n`;

const tools = fakeTools({
  platform: 'darwin',
  answers: {
    mount: `${MOUNT}/dev/disk6s1 on /Volumes/IMAGE (apfs, local, nodev, nosuid, journaled)
/dev/disk3s1 on /Volumes/Fusion (apfs, local, journaled)
/dev/disk8s1 on /Volumes/RamDisk (hfs, local)
/dev/disk9s1 on /Volumes/Raid (hfs, local)
`,
    ...Object.fromEntries(
      ['/', '/System/Volumes/Data', '/Volumes/HDD', '/Volumes/IMAGE', '/Volumes/Fusion'].map(
        (place) => [`df -P ${place}`, df(place)],
      ),
    ),
    'df -P /Users/me': df('/System/Volumes/Data'),
    'df -P /var/folders/xy/T/image.sparseimage': df('/System/Volumes/Data'),
    'df -P /Volumes/media/2026': df('/Volumes/media'),
    'df -P /Volumes/RamDisk': df('/Volumes/RamDisk'),
    'df -P /Volumes/Raid': df('/Volumes/Raid'),
    'diskutil info -plist /dev/disk1s5s1': ROOT_VOLUME,
    'diskutil info -plist /dev/disk1s1': apfsVolume('disk1s1', 'disk1', ['disk0s2']),
    // The store names its container again, as real ones do.
    'diskutil info -plist disk0s2': apfsVolume('disk0s2', 'disk0', ['disk0s2', 'disk2s2']),
    'diskutil info -plist disk0': wholeDisk('disk0', {
      ...{model: 'APPLE SSD AP0512Z', bus: 'PCI-Express', more: '<key>SolidState</key><true/>'},
    }),
    'diskutil info -plist disk2s2': diskPart('disk2s2', 'disk2'),
    'diskutil info -plist disk2': wholeDisk('disk2', {more: '<key>SolidState</key><false/>'}),
    'diskutil info -plist /dev/disk3s1': apfsVolume('disk3s1', 'disk3', ['disk0s2', 'disk2s2']),
    'diskutil info -plist /dev/disk11s2': USB_VOLUME,
    'diskutil info -plist disk11': wholeDisk('disk11', {model: 'Elements 25A3'}),
    'diskutil info -plist /dev/disk6s1': IMAGE_VOLUME,
    'diskutil info -plist disk5s1': diskPart('disk5s1', 'disk5', 'Disk Image'),
    'diskutil info -plist disk5': wholeDisk('disk5', {bus: 'Disk Image'}),
    'diskutil info -plist /dev/disk8s1': diskPart('disk8s1', 'disk8', 'Disk Image'),
    'diskutil info -plist disk8': wholeDisk('disk8', {bus: 'Disk Image'}),
    'diskutil info -plist /dev/disk9s1': diskPart('disk9s1', 'disk9'),
    'diskutil info -plist disk9': wholeDisk('disk9', {more: '<key>RAIDMaster</key><true/>'}),
    'hdiutil info -plist': HDIUTIL.replace(
      '<key>images</key><array>',
      `<key>images</key><array><dict><key>image-path</key><string>ram://2048000</string><key>system-entities</key>
       <array><dict><key>dev-entry</key><string>/dev/disk8</string></dict></array></dict>`,
    ),
  },
});

const describe = (path: string) => describeVolume(path, tools);

test('an APFS volume lies on the disk of its store', async (t) => {
  t.deepEqual(await describe('/'), {
    mountPoint: '/',
    device: '/dev/disk1s5s1',
    fileSystem: 'apfs',
    kind: 'disk',
    label: 'SSD',
    uuid: 'CA15E030-DBDD-4FF4-847D-50D5EE26B798',
    size: 500_068_036_608,
    physical: {known: true, ids: ['disk:disk0']},
    rotating: false,
    model: 'APPLE SSD AP0512Z',
    removable: null,
  });
});

test('a folder of the user and the system volume are the same drive', async (t) => {
  const home = await describe('/Users/me');
  t.is(home.mountPoint, '/System/Volumes/Data');
  t.is(relateDrives(home.physical, (await describe('/')).physical), 'same');
});

test('an external disk is another drive', async (t) => {
  const external = await describe('/Volumes/HDD');
  t.like(external, {model: 'Elements 25A3', label: 'HDD', physical: {ids: ['disk:disk11']}});
  t.is(relateDrives(external.physical, (await describe('/')).physical), 'different');
});

test('a Fusion drive lies on two disks and rotates', async (t) => {
  t.like(await describe('/Volumes/Fusion'), {
    physical: {known: true, ids: ['disk:disk0', 'disk:disk2']},
    rotating: true,
  });
});

test('an image lies on the disk of its file', async (t) => {
  t.like(await describe('/Volumes/IMAGE'), {physical: {known: true, ids: ['disk:disk0']}});
});

test('an image in memory is memory', async (t) => {
  t.like(await describe('/Volumes/RamDisk'), {kind: 'ram', physical: {known: false}});
});

test('a RAID set and a volume of which nothing is told are unknown', async (t) => {
  t.like(await describe('/Volumes/Raid'), {kind: 'disk', physical: {known: false}});
  t.like(await describe('/Volumes/None'), {kind: 'unknown', physical: {known: false}});
});

test('a share is its server', async (t) => {
  t.like(await describe('/Volumes/media/2026'), {
    kind: 'network',
    physical: {known: true, ids: ['net:nas.local']},
  });
});

test('the list has what Finder shows, known or not', async (t) => {
  const volumes = await listVolumes(tools);
  const unknown = volumes.filter((volume) => !volume.physical.known);
  t.deepEqual(
    unknown.map((volume) => volume.mountPoint),
    ['/Volumes/My Disk (Kodak)', '/Volumes/RamDisk', '/Volumes/Raid'],
  );
  t.is(volumes.length, 9);
});
