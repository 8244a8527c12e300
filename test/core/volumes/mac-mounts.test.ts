import test from 'ava';
import {
  chooseListedMacMounts,
  parseDfMountPoint,
  parseMacMounts,
} from '../../../src/core/volumes/mac-mounts.ts';
import {MOUNT} from './samples/macos.ts';

test('mount tells source, place, file system and flags', (t) => {
  const mounts = parseMacMounts(MOUNT);
  t.is(mounts.length, 8);
  t.like(mounts[4], {source: '/dev/disk11s2', mountPoint: '/Volumes/HDD', fileSystem: 'hfs'});
  t.like(mounts[5], {mountPoint: '/Volumes/My Disk (Kodak)', fileSystem: 'exfat'});
  t.like(mounts[6], {source: '//guest@nas._smb._tcp.local/media', fileSystem: 'smbfs'});
  t.deepEqual(parseMacMounts('nothing of that kind\n'), []);
});

test('listed is what Finder shows', (t) => {
  t.deepEqual(
    chooseListedMacMounts(parseMacMounts(MOUNT)).map((mount) => mount.mountPoint),
    ['/', '/Volumes/HDD', '/Volumes/My Disk (Kodak)', '/Volumes/media', '/Volumes/backups'],
  );
});

test('df tells the mount point of a path, with spaces and without a capacity', (t) => {
  // After the columns that POSIX gives for `df -P`.
  const df = (line: string) =>
    parseDfMountPoint(`Filesystem 512-blocks Used Available Capacity  Mounted on\n${line}\n`);
  t.is(
    df('/dev/disk1s1 976797336 905203848 20344640    98%    /System/Volumes/Data'),
    '/System/Volumes/Data',
  );
  t.is(
    df('/dev/disk4s2 124735488 2048 124733440     1%    /Volumes/My Disk (Kodak)'),
    '/Volumes/My Disk (Kodak)',
  );
  t.is(df('//me@nas/My%20Share 100 50 50 50% /Volumes/My Share'), '/Volumes/My Share');
  t.is(df('nas:/x 0 0 0 - /Volumes/x'), '/Volumes/x');
  t.is(parseDfMountPoint('df: /x: No such file or directory'), undefined);
});
