/** A small manifest with one of everything. */
import type {ManifestBody} from '../../src/core/manifest.ts';

const volume = (mountPoint: string, id: string): ManifestBody['card']['volume'] => ({
  mountPoint,
  device: `/dev/${id}1`,
  fileSystem: 'exfat',
  kind: 'disk',
  label: null,
  uuid: '7BE3-BF62',
  size: 64_000_000_000,
  physical: {known: true, ids: [`disk:${id}`]},
  rotating: false,
  model: 'Portable SSD',
  removable: true,
});

const copyOn = (
  destination: string,
  target: string,
): ManifestBody['files'][number]['copies'][number] => ({
  destination,
  target,
  provedAt: '2026-11-22T19:03:11.250Z',
  mediumRead: 'direct',
  origin: 'copied',
});

const destinationAt = (id: string, to: string): ManifestBody['destinations'][number] => ({
  id,
  to,
  shoot: `${to}/2026-11-22`,
  name: id,
  volume: volume(to, id),
  freeBytes: 1_000_000_000,
  mediumRead: 'direct',
  lost: false,
});

export const sampleManifest: ManifestBody = {
  schema: 'offload-manifest/1',
  offload: '20261122T190001Z-x3k9ab',
  writtenTo: 'working',
  tool: {name: 'offload', version: '1.0.0', hashEngine: 'native'},
  host: 'laptop',
  startedAt: '2026-11-22T19:00:01.000Z',
  endedAt: '2026-11-22T19:04:00.500Z',
  timeZone: 'Europe/Vienna',
  runs: 2,
  continues: ['20261121T080000Z-aaaaaa'],
  shoot: '2026-11-22',
  folder: 'EOS_DIGITAL',
  layout: '{shoot}/{card}/{path}',
  card: {
    id: 'volume:7BE3-BF62:64000000000',
    fingerprint: 'f'.repeat(64),
    path: '/mnt/E',
    label: 'EOS_DIGITAL',
    volume: {...volume('/mnt/E', 'sdc'), physical: {known: false, why: 'no tool'}, rotating: null},
    mediumRead: 'evicted',
    cameras: [{make: 'Canon', model: 'Canon EOS R5', serial: '012345'}],
    folders: ['DCIM', 'DCIM/100CANON', 'MISC'],
    leftOut: [{path: '.Trashes/x', rule: '.Trashes'}],
    unreadable: [{path: 'BAD', code: 'EIO', message: 'listing failed (EIO)'}],
  },
  destinations: [destinationAt('working', '/mnt/W'), destinationAt('backup', '/mnt/B')],
  files: [
    {
      path: 'DCIM/100CANON/IMG_0001.CR3',
      size: 24_117_248,
      mtimeNs: '1763830800123456700',
      blake3: 'a'.repeat(64),
      retries: 1,
      copies: [
        copyOn('working', 'EOS_DIGITAL/DCIM/100CANON/IMG_0001.CR3'),
        copyOn('backup', 'EOS_DIGITAL/DCIM/100CANON/IMG_0001.CR3'),
      ],
    },
    {
      path: 'DCIM/latin1_\uDCE9.JPG',
      size: 0,
      mtimeNs: '-1',
      blake3: null,
      retries: 0,
      copies: [],
    },
  ],
  account: {found: 3, copied: 1, present: 0, leftOut: 1, failed: 1, bytes: 24_117_248},
  warnings: [
    {code: 'empty-file', message: 'it is empty', path: 'DCIM/x'},
    {code: 'gap', message: 'a gap'},
  ],
  verdict: {safe: false, reasons: [{code: 'file-failed', message: 'Mend it.'}], waived: ['cached']},
};
