import test from 'ava';
import {relateDrives} from '../../../src/core/drive.ts';
import {
  findLowest,
  nameModel,
  parseLsblk,
  wholeDisks,
} from '../../../src/core/volumes/lsblk-disks.ts';

interface Device {
  readonly name: string;
  readonly type: string;
  readonly children?: readonly Device[];
  readonly [column: string]: unknown;
}

const ask = (...blockdevices: readonly Device[]) => parseLsblk(JSON.stringify({blockdevices}));

const physicalOf = (device: Device) => {
  const parsed = ask(device);
  return parsed.ok ? wholeDisks(parsed.value).physical : undefined;
};

const disk = (name: string, facts: Readonly<Record<string, unknown>> = {}): Device => ({
  name,
  kname: name,
  type: 'disk',
  rota: false,
  rm: false,
  ...facts,
});
const part = (name: string, ...children: readonly Device[]): Device => ({
  name,
  kname: name,
  type: 'part',
  children,
});

// Real answer of util-linux 2.38.1 on Debian 12 to the arguments of LSBLK_ARGUMENTS for a partition of a loop device.
const LOOP_PARTITION = `{
   "blockdevices": [
      {"name": "loop0p1", "kname": "loop0p1", "type": "part", "size": 102400000, "rota": true, "rm": false, "serial": null, "wwn": null,
       "model": null, "vendor": null, "tran": null, "fstype": null, "label": null, "uuid": null,
         "children": [
            {"name": "loop0", "kname": "loop0", "type": "loop", "size": 314572800, "rota": true, "rm": false, "serial": null, "wwn": null,
             "model": null, "vendor": null, "tran": null, "fstype": null, "label": null, "uuid": null}
         ]
      }
   ]
}`;

// Real answer of util-linux 2.38.1 (`lsblk -s -J -b -o NAME,KNAME,TYPE,SIZE,ROTA,RM`) over a sysfs with an md RAID of two partitions.
const RAID =
  '{"blockdevices":[{"name":"md0","kname":"md0","type":"raid1","size":511488000,"rota":false,"rm":false,"children":[{"name":"sda1","kname":"sda1","type":"part","size":512000000,"rota":true,"rm":false,"children":[{"name":"sda","kname":"sda","type":"disk","size":1024000000,"rota":true,"rm":false}]},{"name":"sdb1","kname":"sdb1","type":"part","size":512000000,"rota":true,"rm":false,"children":[{"name":"sdb","kname":"sdb","type":"disk","size":1024000000,"rota":true,"rm":false}]}]}]}';

// The others are after the shape of these two answers, with the types that lsblk(8) names.

test('a partition lies on its disk', (t) => {
  t.deepEqual(physicalOf(part('sdb1', disk('sdb'))), {known: true, ids: ['disk:sdb']});
});

test('two partitions of one disk are the same drive', (t) => {
  const one = physicalOf(part('sdb1', disk('sdb')));
  const two = physicalOf(part('sdb2', disk('sdb')));
  t.is(one && two && relateDrives(one, two), 'same');
});

test('LUKS on a partition lies on the disk of the partition', (t) => {
  const luks = {
    name: 'luks-1',
    kname: 'dm-0',
    type: 'crypt',
    children: [part('sda2', disk('sda'))],
  };
  t.deepEqual(physicalOf(luks), {known: true, ids: ['disk:sda']});
});

test('a logical volume over two disks lies on both', (t) => {
  const volume = {
    ...{name: 'vg-photos', kname: 'dm-1', type: 'lvm'},
    children: [part('sda2', disk('sda')), part('sda3', disk('sda')), disk('sdb')],
  };
  t.deepEqual(physicalOf(volume), {known: true, ids: ['disk:sda', 'disk:sdb']});
});

test('a RAID lies on all its disks, and rotates when one of them does', (t) => {
  const parsed = parseLsblk(RAID);
  const facts = parsed.ok ? wholeDisks(parsed.value) : undefined;
  t.deepEqual(facts?.physical, {known: true, ids: ['disk:sda', 'disk:sdb']});
  t.true(facts?.rotating);
});

test('a loop device is no disk: it must be followed to its file', (t) => {
  const parsed = parseLsblk(LOOP_PARTITION);
  t.true(parsed.ok);
  if (!parsed.ok) return;
  t.is(parsed.value.size, 102_400_000);
  t.deepEqual(
    findLowest(parsed.value).map(({kname, type}) => ({kname, type})),
    [{kname: 'loop0', type: 'loop'}],
  );
  t.false(wholeDisks(parsed.value).physical.known);
});

test('a zram device counts as a disk, a RAM disk does not', (t) => {
  const zram = ask(disk('zram1'));
  const ram = ask(disk('ram0'));
  t.like(zram.ok && wholeDisks(zram.value), {medium: 'disk', physical: {ids: ['disk:zram1']}});
  t.like(ram.ok && wholeDisks(ram.value), {medium: 'ram'});
});

test('disks of other computers are unknown', (t) => {
  t.false(physicalOf(disk('nbd0'))?.known);
  t.false(physicalOf(disk('sdc', {tran: 'iscsi'}))?.known);
});

test('one unknown disk below makes the whole unknown', (t) => {
  const mapped = {name: 'x', kname: 'dm-3', type: 'dm', children: [disk('sda'), part('sdb1')]};
  t.like(physicalOf(mapped), {known: false, why: 'the disk below sdb1 (part) is not told'});
});

test('the namespaces of one NVMe drive are one drive', (t) => {
  t.deepEqual(physicalOf(disk('nvme0n2')), {known: true, ids: ['disk:nvme0n1']});
  t.deepEqual(physicalOf(part('nvme1n1p3', disk('nvme1n1'))), {known: true, ids: ['disk:nvme1n1']});
});

test('older versions of lsblk write everything as text', (t) => {
  const parsed = ask(disk('sdb', {size: '2000398934016', rota: '1', rm: '0'}));
  t.like(parsed.ok && parsed.value, {size: 2_000_398_934_016, rotating: true, removable: false});
});

test('the disk gives the name, and what is plugged into USB is removable', (t) => {
  const parsed = ask(disk('sdb', {tran: 'usb', vendor: 'Samsung ', model: 'Portable SSD T7'}));
  t.like(parsed.ok && wholeDisks(parsed.value), {
    model: 'Samsung Portable SSD T7',
    removable: true,
    rotating: false,
  });
  t.is(nameModel('ATA', 'WDC WD40EFRX'), 'WDC WD40EFRX');
  t.is(nameModel('0x1af4', null), null);
  t.is(nameModel('WD', 'WD Elements'), 'WD Elements');
});

for (const text of [
  '',
  'lsblk: /dev/x: not a block device',
  '[]',
  'null',
  '{"blockdevices": []}',
  '{"blockdevices": {}}',
  '{"blockdevices": [7]}',
  '{"blockdevices": [{"type": "disk"}]}',
]) {
  test(`no device is told by ${text || 'nothing'}`, (t) => {
    const parsed = parseLsblk(text);
    t.false(parsed.ok);
  });
}
