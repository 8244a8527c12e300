import test from 'ava';
import {parseBlkid} from '../../../src/core/volumes/blkid.ts';
import {parsePoolDevices} from '../../../src/core/volumes/zpool-status.ts';

test('blkid gives label and id, unescaped', (t) => {
  // Form of `blkid -o export` of util-linux 2.38.1; the escapes are those of blkid(8).
  const text =
    'DEVNAME=/dev/zram1\nLABEL=EOS\\ DIGITAL\nUUID=FF9F-BD1B\nBLOCK_SIZE=512\nTYPE=exfat\n';
  t.deepEqual(parseBlkid(text), {label: 'EOS DIGITAL', uuid: 'FF9F-BD1B'});
});

test('blkid that says nothing gives nothing', (t) => {
  t.deepEqual(parseBlkid(''), {label: null, uuid: null});
});

// After the shape of zpool-status(8), with -P.
const POOL = `  pool: tank
 state: ONLINE
  scan: scrub repaired 0B in 00:01:30 with 0 errors
config:

        NAME                STATE     READ WRITE CKSUM
        tank                ONLINE       0     0     0
          mirror-0          ONLINE       0     0     0
            /dev/sda3       ONLINE       0     0     0
            /dev/disk/by-id/ata-X-part1  ONLINE       0     0     0

errors: No known data errors
`;

test('a pool tells its devices', (t) => {
  t.deepEqual(parsePoolDevices(POOL), ['/dev/sda3', '/dev/disk/by-id/ata-X-part1']);
});

test('a pool with a file in it, or no table, tells none', (t) => {
  t.is(parsePoolDevices(POOL.replace('/dev/sda3', '/tmp/fake.img')), undefined);
  t.is(parsePoolDevices('no pools available'), undefined);
});
