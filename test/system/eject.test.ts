import {mkdir, open, writeFile} from 'node:fs/promises';
import {platform} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {failed, ok, type Result} from '../../src/core/cause.ts';
import {causeText} from '../../src/core/cause-text.ts';
import type {Volume} from '../../src/core/drive.ts';
import {ejectVolume, realEjectTools} from '../../src/system/eject.ts';
import {describeVolume, type VolumeTools} from '../../src/system/volumes/index.ts';
import {diskVolume} from '../helpers/run-offload.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

/** A tool that is not installed, as `runTool` tells it. */
const MISSING = failed({code: 'ENOENT', message: 'not found', next: ''});
/** A tool that ended with an error, as `runTool` tells it. */
const says = (command: string, text: string, exitCode = 1) =>
  failed({code: `exit-${exitCode}`, message: `${command} failed: ${text}`, next: ''});

interface World extends VolumeTools {
  /** Command lines, in order. */
  readonly asked: readonly string[];
}

interface Answer {
  readonly result: Result<string>;
  /** What is mounted no more afterwards. */
  readonly unmounts?: readonly string[];
}

/** A computer as data. Lines of the mount table are `SOURCE PLACE`; a tool without an answer is not installed. */
function makeWorld(given: {
  readonly platform: string;
  readonly mounts: readonly string[];
  readonly answers: Readonly<Record<string, Answer>>;
  readonly links?: Readonly<Record<string, string>>;
}): World {
  let mounts = given.mounts;
  const asked: string[] = [];
  const table = () =>
    given.platform === 'darwin'
      ? mounts.map((line) => `${line.replace(' ', ' on ')} (exfat, local, nodev)`).join('\n')
      : mounts
          .map(
            (line, id) =>
              `${id + 1} 0 8:${id} / ${line.split(' ')[1]} rw - exfat ${line.split(' ')[0]} rw`,
          )
          .join('\n');
  return {
    platform: given.platform,
    asked,
    async run(command, args) {
      const line = [command, ...args].join(' ');
      if (command === 'mount') return ok(table());
      // Looking changes nothing and comes in many forms.
      if (!(command === 'diskutil' && args[0] === 'info')) asked.push(line);
      const answer = given.answers[line] ?? given.answers[command];
      if (answer === undefined) return MISSING;
      mounts = mounts.filter((each) => answer.unmounts?.includes(each) !== true);
      return answer.result;
    },
    readText: async () => ok(table()),
    resolvePath: async (path) => {
      const target = given.links?.[path];
      return target === undefined ? MISSING : ok(target);
    },
  };
}

const CARD = '/media/me/EOS_DIGITAL';
const card: Volume = {...diskVolume(CARD, 'sdb'), device: '/dev/sdb1'};
const MOUNTED = `/dev/sdb1 ${CARD}`;
const LSBLK = 'lsblk -J -o NAME,KNAME,TYPE,RM,MOUNTPOINT';
const UNMOUNT = 'udisksctl unmount --no-user-interaction -b /dev/sdb1';
const POWER_OFF = 'udisksctl power-off --no-user-interaction -b /dev/sdb';
const unmounted: Answer = {result: ok('Unmounted /dev/sdb1.'), unmounts: [MOUNTED]};

interface Disk {
  readonly rm?: boolean;
  readonly type?: string;
  readonly parts?: Readonly<Record<string, string | null>>;
  readonly inside?: string;
}
/** As lsblk 2.38 writes it. */
const lsblk = (disks: Readonly<Record<string, Disk>>): Answer => {
  const node = (name: string, type: string, mountpoint: string | null, rm: boolean) => ({
    ...{name, kname: name, type, rm, mountpoint},
  });
  return {
    result: ok(
      JSON.stringify({
        blockdevices: Object.entries(disks).map(([name, disk]) => ({
          ...node(name, disk.type ?? 'disk', null, disk.rm === true),
          children: Object.entries(disk.parts ?? {}).map(([part, place]) => ({
            ...node(part, 'part', place, disk.rm === true),
            ...(disk.inside === undefined ? {} : {children: [node('x', disk.inside, null, false)]}),
          })),
        })),
      }),
    ),
  };
};

const USB = '/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1.3/2-1.3:1.0/host6/target6:0:0';
const OTHER_USB = '/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1.4/2-1.4:1.0/host7/target7:0:0';
const links = {
  '/sys/block/sda': '/sys/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda',
  '/sys/block/sdb': `${USB}/6:0:0:0/block/sdb`,
  '/sys/block/sdc': `${USB}/6:0:0:1/block/sdc`,
  '/sys/block/sdd': `${OTHER_USB}/7:0:0:0/block/sdd`,
};
const SYSTEM: Disk = {parts: {sda1: '/', sda2: '[SWAP]'}};

const onLinux = (answers: Readonly<Record<string, Answer>>) =>
  makeWorld({platform: 'linux', mounts: ['/dev/sda1 /', MOUNTED], links, answers});

test('Linux: a card in a slot is unmounted and can be pulled; its reader keeps its power', async (t) => {
  const disks = lsblk({sda: SYSTEM, sdb: {rm: true, parts: {sdb1: null}}});
  const world = onLinux({[UNMOUNT]: unmounted, [LSBLK]: disks});
  t.deepEqual(await ejectVolume(card, world), ok('safe-to-pull'));
  t.deepEqual(world.asked, [UNMOUNT, LSBLK]);
});

test('Linux: a card can be pulled while another one in the same reader is in use', async (t) => {
  const disks = lsblk({
    sdb: {rm: true, parts: {sdb1: null}},
    sdc: {rm: true, parts: {sdc1: '/media/me/OTHER'}},
  });
  const world = onLinux({[UNMOUNT]: unmounted, [LSBLK]: disks, [POWER_OFF]: {result: ok('')}});
  t.deepEqual(await ejectVolume(card, world), ok('safe-to-pull'));
  t.deepEqual(world.asked, [UNMOUNT, LSBLK]);
});

test('Linux: an SD card in a slot of the computer can be pulled', async (t) => {
  const line = `/dev/mmcblk0p1 ${CARD}`;
  const own = 'udisksctl unmount --no-user-interaction -b /dev/mmcblk0p1';
  const world = makeWorld({
    platform: 'linux',
    mounts: [line],
    answers: {
      [own]: {result: ok(''), unmounts: [line]},
      [LSBLK]: lsblk({mmcblk0: {parts: {mmcblk0p1: null}}}),
    },
  });
  t.deepEqual(await ejectVolume({...card, device: '/dev/mmcblk0p1'}, world), ok('safe-to-pull'));
});

test('Linux: a drive alone on its USB device loses its power', async (t) => {
  const disks = lsblk({sda: SYSTEM, sdb: {parts: {sdb1: null}}, sdd: {parts: {sdd1: '/media/W'}}});
  const world = onLinux({[UNMOUNT]: unmounted, [LSBLK]: disks, [POWER_OFF]: {result: ok('')}});
  t.deepEqual(await ejectVolume(card, world), ok('safe-to-pull'));
  t.deepEqual(world.asked, [UNMOUNT, LSBLK, POWER_OFF]);
});

const KEEPS_POWER: Readonly<Record<string, Readonly<Record<string, Disk>>>> = {
  'another card is in the same reader, mounted': {
    sdb: {parts: {sdb1: null}},
    sdc: {parts: {sdc1: '/media/E'}},
  },
  'another card is in the same reader, not mounted': {
    sdb: {parts: {sdb1: null}},
    sdc: {parts: {sdc1: null}},
  },
  'another partition of the drive is mounted': {sdb: {parts: {sdb1: null, sdb2: '/media/W2'}}},
  'the volume is mounted in a second place': {sdb: {parts: {sdb1: '/mnt/again'}}},
  'a card has another partition that is mounted': {
    sdb: {rm: true, parts: {sdb1: null, sdb2: '/media/two'}},
  },
  'the drive is a part of something that is open': {sdb: {parts: {sdb1: null}, inside: 'crypt'}},
  'the drive is not listed': {sda: SYSTEM},
  'it is an image of a disk': {sdb: {type: 'loop', parts: {sdb1: null}}},
  'two disks hold it': {sdb: {parts: {sdb1: null}}, sdc: {parts: {sdb1: null}}},
};
for (const [why, disks] of Object.entries(KEEPS_POWER)) {
  test(`Linux: unmounted only, because ${why}`, async (t) => {
    const answers = {[UNMOUNT]: unmounted, [LSBLK]: lsblk(disks), [POWER_OFF]: {result: ok('')}};
    const world = onLinux(answers);
    t.deepEqual(await ejectVolume(card, world), ok('unmounted'));
    t.deepEqual(world.asked, [UNMOUNT, LSBLK]);
  });
}

test('Linux: a drive inside the computer, and one whose power stays on, is unmounted only', async (t) => {
  const line = '/dev/sda3 /media/inside';
  const own = 'udisksctl unmount --no-user-interaction -b /dev/sda3';
  const inside = makeWorld({
    ...{platform: 'linux', mounts: [line], links},
    answers: {
      [own]: {result: ok(''), unmounts: [line]},
      [LSBLK]: lsblk({sda: {parts: {sda3: null}}}),
    },
  });
  const volume = {...card, mountPoint: '/media/inside', device: '/dev/sda3'};
  t.deepEqual(await ejectVolume(volume, inside), ok('unmounted'));
  t.deepEqual(inside.asked, [own, LSBLK]);
  const refused = says(
    'udisksctl',
    'Error powering off drive: GDBus.Error:org.freedesktop.UDisks2.Error.Failed: No usb device',
  );
  const world = onLinux({
    [UNMOUNT]: unmounted,
    [LSBLK]: lsblk({sdb: {parts: {sdb1: null}}}),
    [POWER_OFF]: {result: refused},
  });
  t.deepEqual(await ejectVolume(card, world), ok('unmounted'));
  t.deepEqual(world.asked, [UNMOUNT, LSBLK, POWER_OFF]);
});

// The words of udisks 2.9.4, tried without a bus, without its daemon, as another user, and on a device that it does not know.
const NO_BUS =
  'Error connecting to the udisks daemon: Could not connect: No such file or directory';
const CANNOT: Readonly<Record<string, Result<string>>> = {
  'udisksctl is not installed': MISSING,
  'there is no bus': says('udisksctl', NO_BUS),
  'udisks does not know the device': says(
    'udisksctl',
    'Error looking up object for device /dev/sdb1',
  ),
  'udisks may not': says(
    'udisksctl',
    'Error unmounting /dev/sdb1: GDBus.Error:org.freedesktop.UDisks2.Error.NotAuthorized: Not authorized to perform operation (polkit authority not available and caller is not uid 0)',
  ),
  'udisks unmounted something else': ok('Unmounted /dev/sdb1.'),
};
const SLOT = lsblk({sdb: {rm: true, parts: {sdb1: null}}});
for (const [why, result] of Object.entries(CANNOT)) {
  test(`Linux: umount and sync, because ${why}`, async (t) => {
    const world = onLinux({
      [UNMOUNT]: {result},
      [`umount ${CARD}`]: {result: ok(''), unmounts: [MOUNTED]},
      'sync /dev/sdb1': {result: ok('')},
      [LSBLK]: SLOT,
    });
    t.deepEqual(await ejectVolume(card, world), ok('safe-to-pull'));
    t.deepEqual(world.asked, [UNMOUNT, `umount ${CARD}`, 'sync /dev/sdb1', LSBLK]);
  });
}

test('Linux: a user who may not open the device flushes all; without a flush nothing is safe', async (t) => {
  const answers = {[`umount ${CARD}`]: {result: ok(''), unmounts: [MOUNTED]}, [LSBLK]: SLOT};
  const denied = {result: says('sync', "sync: error opening '/dev/sdb1': Permission denied")};
  const all = onLinux({
    ...answers,
    'sync /dev/sdb1': denied,
    sync: {result: ok('')},
  });
  t.deepEqual(await ejectVolume(card, all), ok('safe-to-pull'));
  const none = onLinux({...answers, sync: denied});
  t.deepEqual(await ejectVolume(card, none), ok('unmounted'));
});

test('Linux: what is busy stays, by either tool, and the program is named where lsof tells', async (t) => {
  const busy = says(
    'udisksctl',
    'Error unmounting /dev/sdb1: GDBus.Error:org.freedesktop.UDisks2.Error.DeviceBusy: Error unmounting /dev/sdb1: target is busy',
  );
  const lsof = `lsof -w -F c ${CARD}`;
  const named = onLinux({
    [UNMOUNT]: {result: busy},
    [lsof]: {result: ok('p4711\ncgwenview\nf12\np4712\ncgwenview\nf3\np4713\ncbash\nfcwd')},
  });
  const result = await ejectVolume(card, named);
  t.like(result, {ok: false, cause: {code: 'EBUSY', path: CARD}});
  t.is(
    result.ok ? '' : causeText(result.cause),
    `${CARD}: gwenview and bash still use it. Close the program that uses it (a window with its pictures, a terminal that stands in it), then eject it again.`,
  );
  t.deepEqual(named.asked, [UNMOUNT, lsof]);
  const plain = onLinux({
    [`umount ${CARD}`]: {result: says('umount', `umount: ${CARD}: target is busy.`, 32)},
  });
  t.like(await ejectVolume(card, plain), {
    cause: {code: 'EBUSY', message: 'a program still uses it'},
  });
  t.deepEqual(plain.asked, [UNMOUNT, `umount ${CARD}`, lsof]);
});

test('Linux: a user who may not unmount it is told so, and any other reason is passed on', async (t) => {
  const denied = onLinux({
    [UNMOUNT]: {result: says('udisksctl', NO_BUS)},
    [`umount ${CARD}`]: {
      result: says('umount', `umount: ${CARD}: must be superuser to unmount.`, 32),
    },
  });
  t.like(await ejectVolume(card, denied), {cause: {code: 'EPERM', path: CARD}});
  const other = onLinux({[`umount ${CARD}`]: {result: says('umount', 'umount: out of memory', 1)}});
  t.like(await ejectVolume(card, other), {
    cause: {
      code: 'eject-failed',
      message: 'it could not be ejected (umount failed: umount: out of memory)',
    },
  });
});

test('Linux: what is still in the mount table was not ejected, whatever the tools say', async (t) => {
  const world = onLinux({
    [UNMOUNT]: {result: ok('')},
    [`umount ${CARD}`]: {result: ok('')},
    sync: {result: ok('')},
  });
  t.like(await ejectVolume(card, world), {ok: false, cause: {code: 'still-mounted'}});
});

test('Linux: where the mount table cannot be read nothing is called safe', async (t) => {
  const world = onLinux({[UNMOUNT]: unmounted, [LSBLK]: SLOT});
  const blind = {...world, readText: async () => MISSING};
  t.deepEqual(await ejectVolume(card, blind), ok('unmounted'));
});

test('Linux: a card that somebody else unmounted is not unmounted again', async (t) => {
  const mounts = ['/dev/sda1 /', `/dev/sdd1 ${CARD}`];
  const world = makeWorld({platform: 'linux', mounts, links, answers: {[LSBLK]: SLOT}});
  t.deepEqual(await ejectVolume(card, world), ok('safe-to-pull'));
  t.deepEqual(world.asked, [LSBLK]);
});

test('nothing of the system is ejected, and no tool is asked', async (t) => {
  const places: Readonly<Record<string, readonly string[]>> = {
    linux: [
      '/',
      '/boot',
      '/boot/efi',
      '/home',
      '/home/me',
      '/usr',
      '/var',
      '/var/lib',
      '/tmp',
      '/run',
    ],
    darwin: ['/', '/System/Volumes/Data', '/private/var/vm', '/Users'],
    win32: ['C:\\', 'c:\\', 'C:'],
  };
  for (const [name, mountPoints] of Object.entries(places)) {
    for (const mountPoint of mountPoints) {
      const world = makeWorld({platform: name, mounts: [`/dev/sda1 ${mountPoint}`], answers: {}});
      const result = await ejectVolume({...card, mountPoint, device: '/dev/sda1'}, world);
      t.like(result, {ok: false, cause: {code: 'system-volume', path: mountPoint}}, mountPoint);
      t.deepEqual(world.asked, []);
    }
  }
});

test('places where drives of people are mounted are no system', async (t) => {
  for (const mountPoint of ['/media/me/W', '/mnt/W', '/run/media/me/W', '/var/mnt/W', '/srv/W']) {
    const line = `/dev/sdb1 ${mountPoint}`;
    const answers = {[UNMOUNT]: {result: ok(''), unmounts: [line]}, [LSBLK]: SLOT};
    const world = makeWorld({platform: 'linux', mounts: [line], answers});
    t.deepEqual(await ejectVolume({...card, mountPoint}, world), ok('safe-to-pull'), mountPoint);
  }
});

test('shares and folders without a device are not ejected', async (t) => {
  const volumes: ReadonlyArray<readonly [name: string, volume: Partial<Volume>]> = [
    ['linux', {kind: 'network', device: 'nas:/photos'}],
    ['linux', {kind: 'ram', device: 'tmpfs'}],
    ['linux', {kind: 'unknown', device: '/dev/fuse'}],
    ['darwin', {kind: 'network', device: '//guest@nas/photos', mountPoint: '/Volumes/photos'}],
    ['win32', {kind: 'network', mountPoint: 'N:\\'}],
    ['win32', {mountPoint: '\\\\nas\\photos\\'}],
    ['win32', {mountPoint: 'C:\\Mounts\\card\\'}],
    ['aix', {}],
  ];
  for (const [name, volume] of volumes) {
    const world = makeWorld({platform: name, mounts: [], answers: {}});
    const result = await ejectVolume({...card, ...volume}, world);
    t.like(result, {ok: false, cause: {code: 'not-ejectable'}}, JSON.stringify(volume));
    t.deepEqual(world.asked, []);
  }
});

test('nothing is ever forced or unmounted lazily', async (t) => {
  const FORCE = /(^| )(-l|-f|-lf|--lazy|--force|force)( |$)/;
  for (const name of ['linux', 'darwin', 'win32']) {
    for (const volume of [card, {...card, mountPoint: 'E:\\'}, mac]) {
      const world = makeWorld({platform: name, mounts: [MOUNTED, MAC_MOUNTED], answers: {}});
      await ejectVolume(volume, world);
      t.false(world.asked.some((line) => FORCE.test(line) && !line.startsWith('powershell')));
    }
  }
});

const MAC = '/Volumes/EOS_DIGITAL';
const MAC_MOUNTED = `/dev/disk4s1 ${MAC}`;
const mac: Volume = {...diskVolume(MAC, 'disk4'), device: '/dev/disk4s1'};

/** The form is that of `diskutil info -plist`; only what is needed stands in it. */
const info = (device: string, whole: string) => ({
  result: ok(`<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
<key>DeviceIdentifier</key><string>${device}</string>
<key>ParentWholeDisk</key><string>${whole}</string>
<key>WholeDisk</key>${device === whole ? '<true/>' : '<false/>'}
<key>VirtualOrPhysical</key><string>Physical</string>
<key>BusProtocol</key><string>USB</string>
</dict></plist>`),
});
const onMac = (mounts: readonly string[], answers: Readonly<Record<string, Answer>>) =>
  makeWorld({
    platform: 'darwin',
    mounts,
    answers: {
      'diskutil info -plist /dev/disk4s1': info('disk4s1', 'disk4'),
      'diskutil info -plist /dev/disk4s2': info('disk4s2', 'disk4'),
      'diskutil info -plist /dev/disk5s1': info('disk5s1', 'disk5'),
      'diskutil info -plist disk4': info('disk4', 'disk4'),
      'diskutil info -plist disk5': info('disk5', 'disk5'),
      ...answers,
    },
  });
const EJECT = `diskutil eject ${MAC}`;

test('macOS: a card is ejected, and another card in the same reader stays', async (t) => {
  const answers = {[EJECT]: {result: ok(`Disk ${MAC} ejected`), unmounts: [MAC_MOUNTED]}};
  const world = onMac([MAC_MOUNTED, '/dev/disk5s1 /Volumes/OTHER'], answers);
  t.deepEqual(await ejectVolume(mac, world), ok('safe-to-pull'));
  t.deepEqual(world.asked, [EJECT]);
});

test('macOS: a volume that shares its disk, or whose disk is not known, is unmounted only', async (t) => {
  const own = `diskutil unmount ${MAC}`;
  const answers = {[own]: {result: ok(''), unmounts: [MAC_MOUNTED]}};
  const world = onMac([MAC_MOUNTED, '/dev/disk4s2 /Volumes/TWO'], answers);
  t.deepEqual(await ejectVolume(mac, world), ok('unmounted'));
  t.deepEqual(world.asked, [own]);
  const unknown: Volume = {...mac, physical: {known: false, why: 'diskutil did not answer'}};
  const other = onMac([MAC_MOUNTED], answers);
  t.deepEqual(await ejectVolume(unknown, other), ok('unmounted'));
  t.deepEqual(other.asked, [own]);
});

test('macOS: what is in use stays, with the name of the program', async (t) => {
  const text = `Unmount of disk4 failed: at least one volume could not be unmounted
Unmount was dissented by PID 9572 (/System/Applications/Preview.app/Contents/MacOS/Preview)
Dissenter parent PPID 1 (/sbin/launchd)`;
  const world = onMac([MAC_MOUNTED], {[EJECT]: {result: says('diskutil', text)}});
  t.like(await ejectVolume(mac, world), {
    cause: {code: 'EBUSY', message: 'Preview still uses it'},
  });
  const silent = onMac([MAC_MOUNTED], {[EJECT]: {result: says('diskutil', 'Command failed')}});
  t.like(await ejectVolume(mac, silent), {cause: {code: 'eject-failed'}});
});

test('macOS: what is still mounted was not ejected; what is gone by a failure is only unmounted', async (t) => {
  const stays = onMac([MAC_MOUNTED], {[EJECT]: {result: ok('')}});
  t.like(await ejectVolume(mac, stays), {cause: {code: 'still-mounted'}});
  const half = {result: says('diskutil', 'Eject failed'), unmounts: [MAC_MOUNTED]};
  t.deepEqual(await ejectVolume(mac, onMac([MAC_MOUNTED], {[EJECT]: half})), ok('unmounted'));
});

const onWindows = (word: Result<string>) => {
  const asked: (readonly string[])[] = [];
  const tools: VolumeTools = {
    platform: 'win32',
    async run(command, args) {
      // The other question is which volumes there are.
      if (args.at(-1) !== 'E:') return MISSING;
      asked.push([command, ...args]);
      return word;
    },
    readText: async () => MISSING,
    resolvePath: async () => MISSING,
  };
  return {asked, tools};
};
const windowsCard: Volume = {...diskVolume('e:\\', '3'), device: '\\\\?\\Volume{1}\\'};

test('Windows: one fixed script with the letter as its argument, and its word is the result', async (t) => {
  const {asked, tools} = onWindows(ok('gone\r\n'));
  t.deepEqual(await ejectVolume(windowsCard, tools), ok('safe-to-pull'));
  t.is(asked.length, 1);
  const [command, ...args] = asked[0] ?? [];
  t.is(command, 'powershell');
  t.deepEqual([args.at(-3), args.at(-1)], ['-Command', 'E:']);
  const script = args.at(-2) ?? '';
  t.regex(script, /^& \{ param\(\[string\]\$letter\)[\s\S]*InvokeVerb\('Eject'\)[\s\S]*\}$/);
  t.false(script.includes('"'));
  t.false(script.includes('E:'));
});

test('Windows: what is still there is in use, what is the system’s stays, and other words are no success', async (t) => {
  const codes = async (word: Result<string>) => {
    const result = await ejectVolume(windowsCard, onWindows(word).tools);
    return result.ok ? 'ok' : result.cause.code;
  };
  t.is(await codes(ok('still-there')), 'EBUSY');
  t.is(await codes(ok('system')), 'system-volume');
  t.is(await codes(ok('')), 'eject-failed');
  t.is(await codes(ok('gone, or is it')), 'eject-failed');
  t.is(await codes(says('powershell', 'Ausnahme')), 'eject-failed');
  t.is(await codes(MISSING), 'eject-failed');
});

test('Windows: nothing is ejected that would take another volume of its drive along', async (t) => {
  const volume = (letter: string) => ({
    DeviceID: `\\\\?\\Volume{${letter}}\\`,
    Name: `${letter}:\\`,
    Capacity: 1000,
    DriveType: 3,
    FileSystem: 'exFAT',
  });
  const partition = (letter: string) => ({
    DiskNumber: 3,
    AccessPaths: [`${letter}:\\`, `\\\\?\\Volume{${letter}}\\`],
  });
  const facts = {
    Letters: [
      {DeviceID: 'E:', DriveType: 3},
      {DeviceID: 'F:', DriveType: 3},
    ],
    Volumes: [volume('E'), volume('F')],
    Partitions: [partition('E'), partition('F')],
    Disks: [{Number: 3, UniqueId: 'x', FriendlyName: 'SSD', BusType: 7}],
    PhysicalDisks: [],
    Spaces: [],
  };
  const {asked, tools} = onWindows(ok('gone'));
  const world = {
    ...tools,
    run: async (command: string, args: readonly string[]) =>
      args.at(-1) === 'E:' ? tools.run(command, args) : ok(JSON.stringify(facts)),
  };
  const own = await describeVolume('E:\\', {...world, resolvePath: async (path) => ok(path)});
  t.true(own.physical.known);
  t.like(await ejectVolume(own, world), {
    cause: {
      code: 'drive-shared',
      message: 'F:\\ on the same drive would go with it',
    },
  });
  t.deepEqual(asked, []);
});

/** A card in a file; undefined where this machine cannot have one. */
async function mountImage(t: ExecutionContext): Promise<string | undefined> {
  if (platform() !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = await makeTemporaryFolder(t);
  const [image, place] = [join(folder, 'card.img'), join(folder, 'my card')];
  const file = await open(image, 'wx');
  await file.truncate(8 * 1024 * 1024);
  await file.close();
  await mkdir(place);
  const quiet = {reject: false, env: {LC_ALL: 'C'}} as const;
  if ((await execa('mkfs.ext4', ['-q', image], quiet)).failed) return undefined;
  const {stdout: device, failed: noLoop} = await execa('losetup', ['-f', '--show', image], quiet);
  if (noLoop) return undefined;
  t.teardown(async () => {
    await execa('umount', [place], quiet);
    await execa('losetup', ['-d', device], quiet);
  });
  return (await execa('mount', [device, place], quiet)).failed ? undefined : place;
}

test('a real volume is unmounted once nothing uses it, and not before', async (t) => {
  const place = await mountImage(t);
  if (place === undefined) return skip(t, 'needs root and loop devices on Linux');
  const tools = realEjectTools(platform());
  const volume = await describeVolume(place, tools);
  t.is(volume.mountPoint, place);
  await writeFile(join(place, 'IMG_0001.CR3'), 'x');
  const user = await open(join(place, 'IMG_0001.CR3'));
  try {
    t.like(await ejectVolume(volume, tools), {ok: false, cause: {code: 'EBUSY', path: place}});
    t.is((await describeVolume(place, tools)).mountPoint, place);
  } finally {
    await user.close();
  }
  // An image has nothing that could be pulled.
  t.deepEqual(await ejectVolume(volume, tools), ok('unmounted'));
  t.not((await describeVolume(place, tools)).mountPoint, place);
  t.deepEqual(await ejectVolume(volume, tools), ok('unmounted'));
});
