/** Evidence for the tests of the judge: the full proof, and arbitrary evidence that is often nearly full. */
import fc from 'fast-check';
import type {Account} from '../../src/core/account.ts';
import type {MediumRead, PhysicalDrives, VolumeKind} from '../../src/core/drive.ts';
import type {
  CopyEvidence,
  DestinationEvidence,
  Evidence,
  FileEvidence,
  Relisting,
  SecondRead,
  Waivers,
} from '../../verify/evidence.ts';

export const NO_WAIVERS: Waivers = {sameDrive: false, cached: false};
export const ALL_WAIVERS: Waivers = {sameDrive: true, cached: true};

export const onDisk = (...ids: readonly string[]): PhysicalDrives => ({known: true, ids});
export const onUnknown: PhysicalDrives = {known: false, why: 'the tool did not answer'};

export const destination = (
  to: string,
  changes: Partial<DestinationEvidence> = {},
): DestinationEvidence => ({
  to,
  name: to,
  kind: 'disk',
  drives: onDisk(`disk:${to}`),
  lost: false,
  manifest: true,
  ...changes,
});

export const copy = (to: string, mediumRead: MediumRead = 'direct'): CopyEvidence => ({
  to,
  mediumRead,
});

export const file = (path: string, changes: Partial<FileEvidence> = {}): FileEvidence => ({
  path,
  copies: [copy('W'), copy('B')],
  failed: false,
  mismatched: false,
  sourceMismatch: false,
  ...changes,
});

/** Three files proved directly on two drives, and nothing wrong. */
export const fullEvidence: Evidence = {
  card: {
    drives: onDisk('disk:card'),
    wholeVolume: true,
    isPart: false,
    relisting: {kind: 'same'},
    unreadable: 0,
  },
  destinations: [destination('W'), destination('B')],
  copiesAsked: 2,
  files: [file('DCIM/1.JPG'), file('DCIM/2.JPG'), file('DCIM/3.JPG')],
  account: {found: 5, copied: 2, present: 1, leftOut: 2, failed: 0, bytes: 300},
  secondRead: {kind: 'not-asked'},
  interrupted: false,
};

/** Mostly what is wanted, sometimes something else: evidence that is wrong everywhere finds no fault of a judge. */
const mostly = <T>(good: T, other: fc.Arbitrary<T>, weight = 14): fc.Arbitrary<T> =>
  fc.oneof({weight, arbitrary: fc.constant(good)}, {weight: 1, arbitrary: other});

const seldom = mostly(false, fc.constant(true), 30);

const anyDrives: fc.Arbitrary<PhysicalDrives> = fc.oneof(
  fc.subarray(['disk:W', 'disk:B', 'disk:C', 'disk:card']).map((ids) => onDisk(...ids)),
  fc.constant(onUnknown),
);

const anyMediumRead = fc.constantFrom<MediumRead>('direct', 'evicted', 'cached');

const anyDestination = (to: string): fc.Arbitrary<DestinationEvidence> =>
  fc.record({
    to: fc.constant(to),
    name: fc.constant(to),
    kind: mostly<VolumeKind>('disk', fc.constantFrom('fuse', 'network', 'ram', 'unknown')),
    drives: mostly(onDisk(`disk:${to}`), anyDrives, 3),
    lost: seldom,
    manifest: mostly(true, fc.constant(false), 30),
  });

const anyFile = (tos: readonly string[], path: string): fc.Arbitrary<FileEvidence> =>
  fc.record({
    path: fc.constant(path),
    copies: fc
      .tuple(
        mostly([...tos], fc.subarray([...tos, 'nowhere', ...tos]), 20),
        fc.array(mostly<MediumRead>('direct', anyMediumRead, 3), {minLength: 7, maxLength: 7}),
      )
      .map(([at, reads]) => at.map((to, index) => copy(to, reads[index] ?? 'cached'))),
    failed: seldom,
    mismatched: seldom,
    sourceMismatch: seldom,
  });

const anyAccount = (files: number): fc.Arbitrary<Account> =>
  fc
    .tuple(
      fc.nat(files),
      fc.nat(3),
      mostly([0, 0, 0, 0, 0], fc.array(fc.integer({min: -2, max: 2}))),
    )
    .map(([present, leftOut, [found = 0, copied = 0, more = 0, left = 0, failed = 0]]) => ({
      found: files + leftOut + found,
      copied: files - present + copied,
      present: present + more,
      leftOut: leftOut + left,
      failed,
      bytes: 100,
    }));

const anyRelisting: fc.Arbitrary<Relisting> = fc.constantFrom<Relisting>(
  {kind: 'changed', paths: ['DCIM/1.JPG']},
  {kind: 'not-done', why: 'the card is gone'},
);

const anySecondRead = (files: number): fc.Arbitrary<SecondRead> =>
  fc.oneof(
    {weight: 4, arbitrary: fc.constant<SecondRead>({kind: 'not-asked'})},
    {
      weight: 1,
      arbitrary: mostly(files, fc.nat(files), 2).map(
        (matched): SecondRead => ({kind: 'asked', matched}),
      ),
    },
  );

/** Any evidence: consistent or not, safe or not. */
export const anyEvidence: fc.Arbitrary<Evidence> = fc
  .tuple(mostly(2, fc.constantFrom(0, 1, 3), 1), mostly(2, fc.nat(4), 2))
  .chain(([places, count]) => {
    const tos = ['W', 'B', 'C'].slice(0, places);
    const paths = Array.from({length: count}, (_, index) => `DCIM/${index}.JPG`);
    return fc.record({
      card: fc.record({
        drives: mostly(onDisk('disk:card'), anyDrives, 3),
        wholeVolume: fc.boolean(),
        isPart: mostly(false, fc.boolean(), 20),
        relisting: mostly<Relisting>({kind: 'same'}, anyRelisting, 20),
        unreadable: mostly(0, fc.nat(2), 20),
      }),
      destinations: fc.tuple(...tos.map(anyDestination)),
      copiesAsked: mostly(places, fc.nat(3), 20),
      files: fc.tuple(...paths.map((path) => anyFile(tos, path))),
      account: anyAccount(count),
      secondRead: anySecondRead(count),
      interrupted: seldom,
    });
  });

export const anyWaivers: fc.Arbitrary<Waivers> = fc.record({
  sameDrive: fc.boolean(),
  cached: fc.boolean(),
});
