import test from 'ava';
import {parseDiskInfo, stepDown} from '../../../src/core/volumes/diskutil.ts';
import {findImagePath} from '../../../src/core/volumes/hdiutil.ts';
import {ERROR, HDIUTIL, IMAGE_VOLUME, ROOT_VOLUME, USB_VOLUME} from './samples/macos.ts';

const step = (xml: string, isStore = false) => {
  const info = parseDiskInfo(xml);
  return info.ok ? stepDown(info.value, isStore) : undefined;
};

test('an APFS volume is told with its stores, not its synthesized disk', (t) => {
  const info = parseDiskInfo(ROOT_VOLUME);
  t.like(info.ok && info.value, {
    device: 'disk1s5s1',
    wholeDevice: 'disk1',
    stores: ['disk0s2'],
    fileSystem: 'apfs',
    label: 'SSD',
    uuid: 'CA15E030-DBDD-4FF4-847D-50D5EE26B798',
    size: 500_068_036_608,
    solidState: true,
    removable: false,
    model: null,
  });
  t.deepEqual(step(ROOT_VOLUME), {to: 'stores', devices: ['disk0s2']});
});

test('a partition leads to its whole disk', (t) => {
  t.deepEqual(step(USB_VOLUME), {to: 'whole', device: 'disk11'});
  const info = parseDiskInfo(USB_VOLUME);
  t.like(info.ok && info.value, {label: 'HDD', solidState: null, removable: true});
});

test('a store is not followed back into its container', (t) => {
  t.deepEqual(step(ROOT_VOLUME, true), {to: 'whole', device: 'disk1'});
});

test('virtual disks, RAID sets and images are no disks', (t) => {
  const whole = (more: string) =>
    `<plist version="1.0"><dict><key>DeviceIdentifier</key><string>disk7</string><key>WholeDisk</key><true/>${more}</dict></plist>`;
  t.deepEqual(step(whole('')), {to: 'disk', device: 'disk7'});
  t.is(step(whole('<key>VirtualOrPhysical</key><string>Virtual</string>'))?.to, 'nowhere');
  t.is(step(whole('<key>CoreStorageLVUUID</key><string>A</string>'))?.to, 'nowhere');
  t.is(step(whole('<key>RAIDMaster</key><true/>'))?.to, 'nowhere');
  t.is(step(whole('<key>BusProtocol</key><string>Disk Image</string>'))?.to, 'image');
});

test("the tool's own error is a failure that quotes it", (t) => {
  const info = parseDiskInfo(ERROR);
  t.false(info.ok);
  t.like(info, {cause: {message: 'diskutil says: Could not find disk: /Volumes/SMB'}});
  t.false(parseDiskInfo('not found').ok);
});

test('the file behind an image is found by its device', (t) => {
  t.is(findImagePath(HDIUTIL, 'disk5'), '/var/folders/xy/T/image.sparseimage');
  t.is(findImagePath(HDIUTIL, '/dev/disk4'), '/Users/someone/Downloads/App.dmg');
  t.is(findImagePath(HDIUTIL, 'disk9'), undefined);
  t.is(findImagePath('', 'disk5'), undefined);
  t.deepEqual(step(IMAGE_VOLUME), {to: 'stores', devices: ['disk5s1']});
});
