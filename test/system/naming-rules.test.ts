import test from 'ava';
import {PORTABLE_RULES, safeName} from '../../src/core/safe-names.ts';
import {largestFileOn, namingRulesOf} from '../../src/system/naming-rules.ts';
import {diskVolume} from '../helpers/run-offload.ts';

const on = (fileSystem: string) => diskVolume('/mnt', 'sda', {fileSystem});

test('Linux file systems hold any bytes, apart by case, 255 of them', (t) => {
  for (const name of ['ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'tmpfs', 'overlay', 'EXT4']) {
    t.deepEqual(namingRulesOf(on(name)), {
      family: 'posix',
      caseSensitive: true,
      normalizes: false,
      maxBytes: 255,
      maxUnits: null,
    });
  }
});

test('APFS and HFS+ keep any name, without regard to case and form, 255 units', (t) => {
  for (const name of ['apfs', 'hfs', 'hfs+', 'HFS+']) {
    t.like(namingRulesOf(on(name)), {family: 'posix', caseSensitive: false, normalizes: true});
    t.like(namingRulesOf(on(name)), {maxBytes: null, maxUnits: 255});
  }
});

test('everything else gets the rules of Windows: what is unknown too', (t) => {
  for (const name of ['exfat', 'vfat', 'ntfs', 'NTFS', 'fuseblk', 'nfs4', 'cifs', '', 'newfs']) {
    const rules = namingRulesOf(on(name));
    t.like(rules, {family: 'windows', caseSensitive: false, maxBytes: 255, maxUnits: 255});
    t.is(safeName('a:b', rules), safeName('a:b', PORTABLE_RULES));
  }
});

test('two Unicode forms of a name are two names where that is known, and one where it is not', (t) => {
  for (const name of ['exfat', 'fuseblk', 'NTFS', 'vfat'])
    t.false(namingRulesOf(on(name)).normalizes);
  for (const name of ['cifs', 'smbfs', 'nfs4', '', 'newfs'])
    t.true(namingRulesOf(on(name)).normalizes);
});

test('FAT ends at 4 GiB less one byte, and nothing else does', (t) => {
  for (const name of ['vfat', 'VFAT', 'msdos', 'fat32', 'FAT32', 'fuse.fusefat', 'msdosfs']) {
    t.is(largestFileOn(on(name)), 4_294_967_295, name);
  }
  for (const name of ['exfat', 'ntfs', 'ext4', 'apfs', 'fuseblk', '']) {
    t.is(largestFileOn(on(name)), null, name);
  }
});
