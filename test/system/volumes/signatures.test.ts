import test from 'ava';
import {failed, ok, type Result} from '../../../src/core/cause.ts';
import type {Signature} from '../../../src/core/volumes/diff-volumes.ts';
import type {DetectedDrive} from '../../../src/system/volumes/index.ts';
import {openSignature} from '../../../src/system/volumes/open-signature.ts';
import {fakeTools} from './fake-tools.ts';

const ROOT = '27 1 254:0 / / rw - ext4 /dev/vda rw';
const PROC = '22 27 0:21 / /proc rw - proc proc rw';
const CARD = '90 27 8:17 / /media/EOS rw - exfat /dev/sdb1 rw';
const PHOTOS = '91 27 0:44 / /media/Photos rw - btrfs /dev/sdc1 rw';
const SHARE = '92 27 0:45 / /mnt/nas rw - nfs4 nas:/photos rw';
const MAPPED = '93 27 0:46 / /mnt/luks rw - btrfs /dev/mapper/luks-1 rw';

const uevent = (name: string, sequence: number) => `DEVNAME=${name}\nDISKSEQ=${sequence}\n`;
const MOUNTINFO = '/proc/self/mountinfo';
const CARD_DEVICE = '/sys/dev/block/8:17/uevent';
const files = {
  [MOUNTINFO]: [PROC, ROOT, CARD, PHOTOS, SHARE, MAPPED].join('\n'),
  '/sys/dev/block/254:0/uevent': uevent('vda', 1),
  [CARD_DEVICE]: uevent('sdb1', 7),
  '/sys/class/block/sdc1/uevent': uevent('sdc1', 8),
};

async function readLinux(given: Readonly<Record<string, string>>): Promise<Signature> {
  const source = await openSignature(fakeTools({platform: 'linux', files: given}));
  return take(await source.readSignature());
}

function take(signature: Result<Signature>): Signature {
  if (!signature.ok) throw new Error(signature.cause.message);
  return signature.value;
}

const without = (path: string) =>
  Object.fromEntries(Object.entries(files).filter(([one]) => one !== path));

test('Linux: every volume that a person would call a drive, and nothing of the system itself', async (t) => {
  t.deepEqual(
    [...(await readLinux(files)).keys()],
    ['/', '/media/EOS', '/media/Photos', '/mnt/nas', '/mnt/luks'],
  );
});

test('Linux: a drive that was pulled is in the mount table and not in the signature', async (t) => {
  t.false((await readLinux(without(CARD_DEVICE))).has('/media/EOS'));
  t.false((await readLinux(without('/sys/class/block/sdc1/uevent'))).has('/media/Photos'));
});

test('Linux: where sysfs is not there nothing is gone', async (t) => {
  const tools = {
    ...fakeTools({platform: 'linux', files: {[MOUNTINFO]: CARD}}),
    resolvePath: async (path: string) =>
      failed({code: 'ENOENT', path, message: 'not there', next: ''}),
  };
  const source = await openSignature(tools);
  t.deepEqual([...take(await source.readSignature()).keys()], ['/media/EOS']);
});

test('Linux: another card in the same reader, and another mount of the same one, are seen', async (t) => {
  const before = (await readLinux(files)).get('/media/EOS');
  t.not((await readLinux({...files, [CARD_DEVICE]: uevent('sdb1', 9)})).get('/media/EOS'), before);
  const again = {...files, [MOUNTINFO]: CARD.replace('90', '95')};
  t.not((await readLinux(again)).get('/media/EOS'), before);
  t.is((await readLinux({...files, [MOUNTINFO]: CARD})).get('/media/EOS'), before);
});

test('Linux: the table is read each time', async (t) => {
  const given: Record<string, string> = {...files};
  const source = await openSignature(fakeTools({platform: 'linux', files: given}));
  t.is(take(await source.readSignature()).size, 5);
  given[MOUNTINFO] = ROOT;
  t.is(take(await source.readSignature()).size, 1);
  delete given[MOUNTINFO];
  t.false((await source.readSignature()).ok);
});

const drive = (device: string, mountPoints: readonly string[], size = 64e9): DetectedDrive => ({
  device,
  description: 'SD Card Reader',
  mountPoints,
  size,
  isSystem: false,
  isRemovable: true,
  isUsb: true,
  busType: 'USB',
});
const noDrivelist = async () => failed({code: 'no-drivelist', message: 'not built', next: ''});

test('Windows: what drivelist tells, an empty reader left out', async (t) => {
  let drives = [drive('\\\\.\\PhysicalDrive1', ['E:\\']), drive('\\\\.\\PhysicalDrive2', [])];
  const source = await openSignature(fakeTools({platform: 'win32'}), async () => ok(drives));
  const before = take(await source.readSignature());
  t.deepEqual([...before.keys()], ['E:\\']);
  drives = [drive('\\\\.\\PhysicalDrive1', ['E:\\'], 32e9)];
  t.not(take(await source.readSignature()).get('E:\\'), before.get('E:\\'));
  t.false(source.knowsAll);
});

test('Windows: without drivelist, the letters that lead somewhere', async (t) => {
  const tools = {
    ...fakeTools({platform: 'win32'}),
    resolvePath: async (path: string) =>
      /^[CE]/.test(path) ? ok(path) : failed({code: 'ENOENT', message: '', next: ''}),
  };
  const source = await openSignature(tools, noDrivelist);
  t.deepEqual([...take(await source.readSignature()).keys()], ['C:\\', 'E:\\']);
});

test('macOS: without drivelist, the mount table', async (t) => {
  const mount = [
    '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
    'devfs on /dev (devfs, local, nobrowse)',
    '/dev/disk4s1 on /Volumes/EOS_DIGITAL (exfat, local, nodev, nosuid, noowners)',
  ].join('\n');
  const tools = fakeTools({platform: 'darwin', answers: {'mount ': mount, mount}});
  const source = await openSignature(tools, noDrivelist);
  t.deepEqual([...take(await source.readSignature()).keys()], ['/', '/Volumes/EOS_DIGITAL']);
  t.true(source.everyMs <= 2000);
});

test('a drivelist that fails later is trouble, and not another way to look', async (t) => {
  let works = true;
  const list = async () => (works ? ok([drive('/dev/disk4', ['/Volumes/E'])]) : noDrivelist());
  const source = await openSignature(fakeTools({platform: 'darwin'}), list);
  works = false;
  t.false((await source.readSignature()).ok);
});

test('elsewhere it is said that cards cannot be watched for', async (t) => {
  const source = await openSignature(fakeTools({platform: 'aix'}));
  t.like(await source.readSignature(), {ok: false, cause: {code: 'cannot-watch'}});
});
