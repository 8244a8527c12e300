import test from 'ava';
import type {ShallowTree} from '../../../src/core/card-folders.ts';
import type {Volume} from '../../../src/core/drive.ts';
import {unknownVolume} from '../../../src/core/volumes/disk-facts.ts';
import {roleOf, type VolumeSigns} from '../../../src/core/volumes/volume-role.ts';

function volume(mountPoint: string, disk: string, change: Partial<Volume> = {}): Volume {
  return {
    ...unknownVolume(mountPoint, ''),
    device: `/dev/${disk}1`,
    kind: 'disk',
    physical: {known: true, ids: [`disk:${disk}`]},
    removable: true,
    ...change,
  };
}

const folder = (name: string, ...names: readonly string[]) =>
  ({name, kind: 'folder', names}) as const;
const camera: ShallowTree = [folder('DCIM', '100CANON')];
const mixed: ShallowTree = [...camera, folder('Movies')];
const system = volume('/', 'nvme0n1', {removable: false});
const own = {system, home: volume('/home/me', 'sdz', {removable: false})};

function role(change: Partial<VolumeSigns>) {
  const signs = {volume: volume('/media/E', 'sdb'), tree: camera, marked: undefined, own};
  return roleOf({...signs, ...change});
}

test('by its structure, and by nothing else', (t) => {
  t.is(role({}), 'card');
  t.is(role({tree: mixed}), 'card');
  t.is(role({tree: []}), 'none');
  t.is(role({volume: volume('/media/DCIM', 'sdb', {label: 'EOS_DIGITAL'}), tree: []}), 'none');
});

test('a marker makes it a drive, whatever folders it has', (t) => {
  t.is(role({marked: 'backup'}), 'backup');
  t.is(role({marked: 'working', tree: []}), 'working');
  // The role was taken away: it stays a drive.
  t.is(role({marked: null}), 'none');
});

test('the system is neither card nor destination', (t) => {
  const places = ['/', '/boot', '/boot/efi', '/usr', '/var', '/home', 'C:\\', 'c:\\', '/home/me'];
  for (const place of [...places, '/System/Volumes/Data']) {
    t.is(role({volume: volume(place, 'sdq', {removable: false})}), 'system', place);
    t.is(role({volume: volume(place, 'sdq', {removable: false}), marked: 'backup'}), 'system');
  }
  // Not everything whose path starts alike.
  for (const place of ['/bootcamp', '/home/me/card', '/var/mnt/E', '/mnt/usr', 'E:\\', 'D:\\'])
    t.is(role({volume: volume(place, 'sdb')}), 'card', place);
});

test('a home that can be unplugged is not the system', (t) => {
  const home = volume('/media/stick', 'sdc');
  t.is(role({volume: home, own: {system, home}}), 'card');
});

test('a partition of the disk that the system runs from is no card, and may be a drive', (t) => {
  const data = volume('/mnt/data', 'nvme0n1', {removable: null});
  t.is(role({volume: data}), 'none');
  t.is(role({volume: data, marked: 'working'}), 'working');
  // An image of a card lies on that disk too.
  t.is(role({volume: {...data, device: '/dev/loop3'}}), 'card');
});

test('where disks are not told, the structure decides', (t) => {
  const physical = {known: false, why: 'no lsblk'} as const;
  t.is(role({volume: volume('/media/E', 'sdb', {physical})}), 'card');
});

test('a disk that is built in is a card only when there is nothing else on it', (t) => {
  const built = volume('/media/E', 'nvme1n1', {removable: false});
  t.is(role({volume: built}), 'card');
  t.is(role({volume: built, tree: mixed}), 'none');
  // What is told of an image is told of the disk that its file lies on.
  t.is(role({volume: {...built, device: '/dev/loop0'}, tree: mixed}), 'card');
});

test('a share and memory are no cards', (t) => {
  for (const kind of ['network', 'ram'] as const)
    t.is(role({volume: volume('/media/E', 'sdb', {kind})}), 'none');
});
