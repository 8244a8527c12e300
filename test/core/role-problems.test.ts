import test from 'ava';
import type {Volume} from '../../src/core/drive.ts';
import {findRoleProblems} from '../../src/core/role-problems.ts';
import type {SessionDrive} from '../../src/core/session/session-state.ts';
import {drive, lacie, stick, volume} from '../components/ready/sample-session.ts';

const cardVolume = volume('/mnt/E', 'mmc0');
const unknown = {known: false, why: 'a network drive'} as const;
const third = drive({
  path: '/mnt/B2',
  volume: volume('/mnt/B2', 'sdd'),
  role: 'backup',
  letter: 'B2',
});
const on = (one: SessionDrive, disk: string): SessionDrive => ({
  ...one,
  volume: volume(one.path, disk),
});
const withVolume = (one: SessionDrive, change: Partial<Volume>): SessionDrive => ({
  ...one,
  volume: {...one.volume, ...change},
});
const words = (drives: readonly SessionDrive[], card: Volume | null = cardVolume) =>
  findRoleProblems(drives, card).map((problem) => problem.words);

test('two known disks that are not the card: nothing to say', (t) => {
  t.deepEqual(words([drive(), lacie, stick]), []);
  t.deepEqual(words([drive(), lacie], null), []);
});

test('roles that nobody has', (t) => {
  t.deepEqual(words([]), ['Connect the working drive and the backup.']);
  t.deepEqual(words([stick]), ['No drive has a role. Select a drive with Tab and press w or b.']);
  t.deepEqual(words([{...lacie, letter: null}]), [
    'There is no working drive. Select one with Tab and press w.',
  ]);
  t.deepEqual(words([drive(), stick]), [
    'There is no backup, and a card needs two copies to become safe. Select a drive with Tab and press b.',
  ]);
  // Two working drives are two copies.
  t.deepEqual(words([drive(), {...lacie, role: 'working'}]), []);
});

test('two roles on one disk', (t) => {
  const [problem, ...others] = findRoleProblems([drive(), on(lacie, 'sda')], cardVolume);
  t.deepEqual(problem, {
    drives: ['/mnt/W', '/mnt/B'],
    words: 'W and B are the same disk: two copies on it are one. Cards will not become safe.',
  });
  t.deepEqual(others, []);
  // A third disk saves it.
  t.deepEqual(words([drive(), on(lacie, 'sda'), third]), [
    'W and B are the same disk: two copies on it are one.',
  ]);
  t.deepEqual(words([drive(), on(lacie, 'sda'), on(third, 'sda')]), [
    'W, B and B2 are the same disk: all copies on it are one. Cards will not become safe.',
  ]);
});

test('a drive that has no role is not warned of', (t) => {
  t.deepEqual(words([drive(), lacie, on(stick, 'sda')]), []);
});

test("the card's own disk", (t) => {
  t.deepEqual(words([on(drive(), 'mmc0'), lacie]), [
    "W is on the card's own disk: a copy there does not count. The card will not become safe.",
  ]);
  t.deepEqual(words([on(drive(), 'mmc0'), lacie, third]), [
    "W is on the card's own disk: a copy there does not count.",
  ]);
});

test('memory', (t) => {
  t.deepEqual(words([drive(), withVolume(lacie, {kind: 'ram'})]), [
    "B is in this computer's memory: a copy there does not count. Cards will not become safe.",
  ]);
});

test('disks that are not known are never different', (t) => {
  const nas = withVolume(lacie, {physical: unknown});
  const [problem] = findRoleProblems([drive(), nas], cardVolume);
  t.deepEqual(problem, {
    drives: ['/mnt/B'],
    words: 'It cannot be told whether W and B are two disks: cards will not become safe.',
  });
  t.deepEqual(words([drive(), nas, third]), [
    'It cannot be told whether W, B and B2 are different disks.',
  ]);
  t.deepEqual(words([drive(), withVolume(lacie, {physical: {known: true, ids: []}})]), [
    'It cannot be told whether W and B are two disks: cards will not become safe.',
  ]);
  t.deepEqual(words([drive(), lacie], {...cardVolume, physical: unknown}), [
    'It cannot be told on which disk the card is: it will not become safe.',
  ]);
});

test('a cache', (t) => {
  const cached: SessionDrive = {...lacie, mediumRead: 'cached'};
  t.deepEqual(words([drive(), cached]), [
    'B is read through a cache: cards will not become safe without --accept-cached.',
  ]);
  t.deepEqual(words([drive({mediumRead: 'cached'}), cached]), [
    'W and B are read through a cache: cards will not become safe without --accept-cached.',
  ]);
  t.deepEqual(words([drive(), cached, third]), [
    'B is read through a cache: a copy there does not count without --accept-cached.',
  ]);
  t.deepEqual(words([drive(), {...lacie, mediumRead: null}]), []);
});
