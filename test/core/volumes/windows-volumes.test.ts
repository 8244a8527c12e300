import test from 'ava';
import {relateDrives} from '../../../src/core/drive.ts';
import {parseWindowsFacts} from '../../../src/core/volumes/windows-facts.ts';
import {WINDOWS_SCRIPT} from '../../../src/core/volumes/windows-script.ts';
import {findWindowsVolume, listWindowsVolumes} from '../../../src/core/volumes/windows-volumes.ts';
import {WINDOWS} from './samples/windows.ts';

function facts(answer: unknown = WINDOWS) {
  const parsed = parseWindowsFacts(`\uFEFF${JSON.stringify(answer)}`);
  if (!parsed.ok) throw new Error(parsed.cause.message);
  return parsed.value;
}

const find = (path: string, answer: unknown = WINDOWS) =>
  findWindowsVolume(path, facts(answer), ['LAPTOP']);
const relate = (a: string, b: string) => relateDrives(find(a).physical, find(b).physical);

test('two letters of one disk are the same drive', (t) => {
  t.deepEqual(find('C:\\').physical, {known: true, ids: ['disk:0']});
  t.is(relate('C:\\', 'D:\\photos'), 'same');
});

test('a card in one slot of a reader has all its facts', (t) => {
  t.deepEqual(find('e:\\DCIM'), {
    mountPoint: 'E:\\',
    device: '\\\\?\\Volume{EEEEEEEE-0000-0000-0000-100000000000}\\',
    fileSystem: 'exFAT',
    kind: 'disk',
    label: 'EOS_DIGITAL',
    uuid: '1A2B-3C4D',
    size: 1_000_000_000,
    physical: {known: true, ids: ['disk:2']},
    rotating: null,
    model: 'Generic STORAGE DEVICE',
    removable: true,
  });
});

test('the empty slot of the reader is unknown, and not listed', (t) => {
  t.false(find('F:\\').physical.known);
  const listed = listWindowsVolumes(facts(), []).map((volume) => volume.mountPoint);
  t.deepEqual(listed, [
    'C:\\',
    'C:\\mnt\\photos\\',
    ...'DEGHIJKLN'.split('').map((c) => `${c}:\\`),
  ]);
});

test('cards in two slots of one reader are two drives', (t) => {
  const slot = (row: (typeof WINDOWS.Volumes)[number]) =>
    row.Name === 'F:\\' ? {...row, FileSystem: 'exFAT', Capacity: 64_000_000_000} : row;
  const id = WINDOWS.Volumes.find(({Name}) => Name === 'F:\\')?.DeviceID;
  const both = {
    ...WINDOWS,
    Volumes: WINDOWS.Volumes.map(slot),
    Partitions: [...WINDOWS.Partitions, {DiskNumber: 3, AccessPaths: ['F:\\', id], MbrType: 7}],
  };
  const [first, second] = [find('E:\\', both), find('F:\\', both)];
  t.is(relateDrives(first.physical, second.physical), 'different');
  t.true(second.removable);
});

test('where the disks are refused to this user every drive but a server is unknown', (t) => {
  const {Letters, Volumes} = WINDOWS;
  for (const refused of [
    {Letters, Volumes},
    {Letters, Volumes, Partitions: null, Disks: null, PhysicalDisks: null, Spaces: null},
    {...WINDOWS, Disks: []},
  ]) {
    for (const letter of 'CDEGHIJK') {
      t.false(find(`${letter}:\\`, refused).physical.known, letter);
    }
    t.is(find('E:\\', refused).label, 'EOS_DIGITAL');
    t.true(find('N:\\', refused).physical.known);
  }
});

test('a BitLocker volume lies on its disk, locked or not', (t) => {
  t.is(relate('G:\\', 'C:\\'), 'different');
  const locked = {
    ...WINDOWS,
    Volumes: WINDOWS.Volumes.map((row) => ({...row, FileSystem: null, Capacity: null})),
  };
  t.deepEqual(find('G:\\', locked).physical, {known: true, ids: ['disk:4']});
});

test('a storage space lies on the physical disks of its pool', (t) => {
  t.like(find('H:\\'), {
    physical: {known: true, ids: ['disk:5', 'disk:6']},
    rotating: true,
    model: 'WDC WD40EFRX',
  });
  t.false(find('H:\\', {...WINDOWS, Spaces: []}).physical.known);
});

test('an image lies on the disk of its file', (t) => {
  t.is(relate('I:\\', 'C:\\'), 'same');
  const onItself = WINDOWS.Disks.map((row) =>
    row.Number === 8 ? {...row, Location: 'I:\\a.vhdx'} : row,
  );
  t.false(find('I:\\', {...WINDOWS, Disks: onItself}).physical.known);
  const untold = WINDOWS.Disks.map((row) => (row.Number === 8 ? {...row, Location: null} : row));
  t.false(find('I:\\', {...WINDOWS, Disks: untold}).physical.known);
});

test('iSCSI, dynamic disks, drives made by software and untold disks are unknown', (t) => {
  for (const path of ['J:\\', 'K:\\', 'L:\\', 'Z:\\']) t.false(find(path).physical.known, path);
  t.false(find('C:\\', {...WINDOWS, Disks: []}).physical.known);
  t.false(find('C:\\', {...WINDOWS, Partitions: []}).physical.known);
});

test('a volume mounted in a folder is not the one around it', (t) => {
  t.is(find('C:\\mnt\\photos\\2026').label, 'Folder');
  t.is(find('C:\\mnt\\photos2').label, 'Windows');
  t.is(relate('C:\\mnt\\photos', 'C:\\mnt'), 'different');
});

test('network drives and shares are their server', (t) => {
  t.like(find('N:\\2026'), {
    kind: 'network',
    device: '\\\\nas\\photos',
    physical: {known: true, ids: ['net:nas']},
  });
  t.is(relate('N:\\', '\\\\NAS\\other\\x'), 'same');
  t.is(find('\\\\nas\\photos\\2026').mountPoint, '\\\\nas\\photos\\');
  t.false(find('\\\\laptop\\C$\\photos').physical.known);
});

test('an answer of another shape is a failure or unknown, and nothing throws', (t) => {
  for (const text of ['', 'Get-CimInstance : error', '[]', '7', '{}', '{"Letters":[]}'])
    t.false(parseWindowsFacts(text).ok, text);
  const odd = facts({
    Volumes: [7, {}, {DeviceID: 3}],
    Partitions: 'x',
    Disks: null,
    Letters: [null],
  });
  t.false(findWindowsVolume('C:\\', odd, []).physical.known);
  t.deepEqual(listWindowsVolumes(odd, []), []);
});

test('the script goes as one argument: no double quotes, nothing that asks or changes', (t) => {
  t.notRegex(WINDOWS_SCRIPT, /"/);
  t.notRegex(WINDOWS_SCRIPT, /\b(Set|New|Remove|Clear|Format|Mount|Dismount|Repair)-(?!Object)/);
});
