import test from 'ava';
import {relateDrives} from '../../../src/core/drive.ts';
import {findHost, networkDrives} from '../../../src/core/volumes/network-drives.ts';

const drives = (fileSystem: string, source: string, options = '') =>
  networkDrives({fileSystem, source, options}, ['laptop', '192.168.1.20']);

test('the server is found in every form of a source', (t) => {
  t.is(findHost('nas:/photos'), 'nas');
  t.is(findHost('NAS.local.:/photos'), 'nas.local');
  t.is(findHost('[fe80::1%eth0]:/photos'), 'fe80::1');
  t.is(findHost('//nas/photos'), 'nas');
  t.is(findHost('//guest:pw@nas._smb._tcp.local/media'), 'nas.local');
  t.is(findHost('me@nas:pictures'), 'nas');
  t.is(findHost('https://nas:5006/photos'), 'nas');
  t.is(findHost('\\\\nas\\photos'), 'nas');
  t.is(findHost('none'), undefined);
});

test('a server is one drive, by name and by address', (t) => {
  const byName = drives(
    'nfs4',
    'nas:/photos',
    'rw,vers=4.2,clientaddr=192.168.1.20,addr=192.168.1.5',
  );
  t.deepEqual(byName, {known: true, ids: ['net:192.168.1.5', 'net:nas']});
  const byAddress = drives('cifs', '//192.168.1.5/photos', 'rw,addr=192.168.1.5');
  t.is(relateDrives(byName, byAddress), 'same');
  t.is(relateDrives(byName, drives('fuse.sshfs', 'me@other:/x')), 'different');
});

test('a share of this computer is no other drive', (t) => {
  t.false(drives('nfs4', 'localhost:/photos').known);
  t.false(drives('cifs', '//127.0.0.1/photos').known);
  t.false(drives('cifs', '//LAPTOP/photos').known);
  t.false(drives('nfs4', 'laptop.local:/photos').known);
  t.false(drives('nfs4', 'box:/photos', 'addr=192.168.1.20').known);
  t.false(drives('unc', '\\\\wsl$\\Debian').known);
  t.false(drives('nfs', 'fuse-t:/photos').known);
});

test('clouds, clusters and virtual machines name no server', (t) => {
  t.false(drives('fuse.rclone', 'cloud:photos').known);
  t.false(drives('ceph', '10.0.0.1,10.0.0.2:/').known);
  t.false(drives('9p', 'C:\\').known);
});
