import test from 'ava';
import {classifyFileSystem} from '../../../src/core/volumes/file-system-kind.ts';

const kind = (fileSystem: string, source = fileSystem) => classifyFileSystem({fileSystem, source});

test('memory never counts as a disk', (t) => {
  for (const name of ['tmpfs', 'ramfs', 'devtmpfs', 'rootfs', 'hugetlbfs']) t.is(kind(name), 'ram');
});

test('what comes over a network is told apart', (t) => {
  t.is(kind('nfs4', 'nas:/photos'), 'network');
  t.is(kind('cifs', '//nas/photos'), 'network');
  t.is(kind('fuse.sshfs', 'me@nas:'), 'network');
  t.is(kind('fuse.rclone', 'cloud:'), 'network');
  t.is(kind('9p', 'hostshare'), 'network');
  t.is(kind('smbfs', '//me@nas/photos'), 'network');
});

test('a driver in user space on a device is local', (t) => {
  t.is(kind('fuseblk', '/dev/sdb1'), 'fuse');
  t.is(kind('fuse.exfat', '/dev/sdb1'), 'fuse');
  t.is(kind('macfuse', '/dev/disk4s1'), 'fuse');
});

test('a device is a disk, and what names none is unknown', (t) => {
  t.is(kind('ext4', '/dev/sda1'), 'disk');
  t.is(kind('exfat', '/dev/disk4s1'), 'disk');
  t.is(kind('zfs', 'tank/photos'), 'disk');
  t.is(kind('overlay', 'overlay'), 'unknown');
  t.is(kind('fuse.mergerfs', 'a:b'), 'unknown');
  t.is(kind('fuse.gvfsd-fuse', 'gvfsd-fuse'), 'unknown');
});
