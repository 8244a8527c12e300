import test from 'ava';
import {chooseListedMounts} from '../../../src/core/volumes/listed-mounts.ts';
import {findMount, parseMountinfo} from '../../../src/core/volumes/mountinfo.ts';

// Lines of a Debian 12 machine (kernel 6.18): a root disk, an exFAT card, a btrfs of two devices mounted as a whole and as a
// subvolume, a bind mount, and two tmpfs on one place.
const TABLE = String.raw`22 27 0:21 / /proc rw,relatime - proc proc rw
24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,size=12334460k,nr_inodes=3083615,mode=755
25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24684084k
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,resv_strict,resuid=65534,resgid=65534
30 25 0:27 / /dev/shm rw,relatime - tmpfs second rw,size=24684084k
42 27 253:1 / /media/EOS rw,nosuid,nodev,relatime - fuseblk /dev/zram1 rw,user_id=0,group_id=0,default_permissions,allow_other,blksize=4096
43 27 0:39 / /media/a rw,relatime - btrfs /dev/zram1 rw,ssd,discard=async,space_cache=v2,subvolid=5,subvol=/
44 27 0:39 /photos /media/with\040space rw,relatime - btrfs /dev/zram1 rw,ssd,subvolid=256,subvol=/photos
47 27 254:0 /home/me/pictures /srv/bind rw,relatime - ext4 /dev/vda rw,discard
`;

const mounts = parseMountinfo(TABLE);
const placeOf = (path: string) => findMount(mounts, path)?.mountPoint;

test('the longest mount point that holds a path wins', (t) => {
  t.is(placeOf('/home/me'), '/');
  t.is(placeOf('/media/EOS/DCIM/100CANON'), '/media/EOS');
  t.is(placeOf('/media/EOS'), '/media/EOS');
});

test('a folder whose name only starts like a mount point is not on it', (t) => {
  t.is(placeOf('/media/EOS2/DCIM'), '/');
  t.is(placeOf('/media/a2'), '/');
});

test('escaped names are decoded', (t) => {
  t.is(placeOf('/media/with space/2026'), '/media/with space');
  const [mount] = parseMountinfo(
    String.raw`1 1 8:1 / /m\011t\012n\134b\043h rw - ext4 /dev/sda1 rw`,
  );
  t.is(mount?.mountPoint, '/m\tt\nn\\b#h');
});

test('optional fields before the dash are skipped', (t) => {
  const [mount] = parseMountinfo(
    '36 35 98:0 /mnt1 /mnt2 rw,noatime shared:3 master:1 - ext3 /dev/root rw,errors=continue',
  );
  t.like(mount, {
    id: 36,
    parentId: 35,
    deviceNumber: '98:0',
    root: '/mnt1',
    mountPoint: '/mnt2',
    fileSystem: 'ext3',
    source: '/dev/root',
    options: 'rw,errors=continue',
  });
});

test('of two mounts on one place the upper one counts', (t) => {
  t.is(findMount(mounts, '/dev/shm/x')?.source, 'second');
});

test('a mount that was hidden by a later one above it does not count', (t) => {
  const hidden = parseMountinfo(`1 0 8:1 / / rw - ext4 /dev/sda1 rw
2 1 8:16 / /mnt rw - ext4 /dev/sdb rw
3 2 8:32 / /mnt/card rw - ext4 /dev/sdc rw
4 2 8:48 / /mnt rw - ext4 /dev/sdd rw`);
  t.is(findMount(hidden, '/mnt/card/DCIM')?.source, '/dev/sdd');
});

test('without parents in the table the longest place wins, and of two the later', (t) => {
  const chroot = parseMountinfo(`7 3 8:1 / /a rw - ext4 /dev/sda1 rw
8 3 8:2 / /a/b rw - ext4 /dev/sda2 rw
9 3 8:3 / /a/b rw - ext4 /dev/sda3 rw`);
  t.is(findMount(chroot, '/a/b/c')?.source, '/dev/sda3');
  t.is(findMount(chroot, '/z'), undefined);
});

test('what is not understood is left out', (t) => {
  t.deepEqual(
    parseMountinfo('nonsense\n\n1 2 3\n1 2 8:1 / /x rw shared:1 ext4 /dev/sda1 rw\n'),
    [],
  );
});

test('listed are visible devices and shares, each once, and no places of the system', (t) => {
  const table = `${TABLE}50 27 8:1 / /boot/efi rw - vfat /dev/sda1 rw
51 27 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro
52 27 0:55 / /mnt/nas rw - nfs4 nas:/photos rw,addr=192.168.1.5
53 27 0:56 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
54 27 8:17 / /run/media/me/W rw - ext4 /dev/sdb1 rw
`;
  t.deepEqual(
    chooseListedMounts(parseMountinfo(table)).map((mount) => mount.mountPoint),
    ['/', '/media/EOS', '/media/a', '/mnt/nas', '/run/media/me/W'],
  );
});
