import test from 'ava';
import {unknownVolume} from '../../../src/core/volumes/disk-facts.ts';
import {type DetectedDrive, listDrives} from '../../../src/system/volumes/drivelist.ts';
import {mergeDrive} from '../../../src/system/volumes/merge-drives.ts';

const volume = {...unknownVolume('/media/EOS', ''), device: '/dev/sdb1', removable: false};
const drive: DetectedDrive = {
  device: '/dev/sdb',
  description: 'Generic SD Reader',
  mountPoints: ['/media/EOS'],
  size: 1000,
  isSystem: false,
  isRemovable: true,
  isUsb: null,
  busType: 'UNKNOWN',
};

test('a drive at the same place gives name and removability', (t) => {
  t.like(mergeDrive(volume, [drive]), {model: 'Generic SD Reader', removable: true});
});

test('what is known is kept', (t) => {
  const known = {...volume, model: 'SanDisk', removable: true};
  t.deepEqual(mergeDrive(known, [{...drive, isRemovable: false}]), known);
});

test('a PCI number is no name, and another place is another drive', (t) => {
  t.is(mergeDrive(volume, [{...drive, description: '0x1af4'}]).model, null);
  t.deepEqual(mergeDrive(volume, [{...drive, mountPoints: ['/media/X']}]), volume);
});

test('drivelist answers, or says what cannot be seen', async (t) => {
  const drives = await listDrives();
  if (drives.ok) t.true(drives.value.every((each) => each.device !== ''));
  else t.regex(drives.cause.message, /cannot be seen/);
});
