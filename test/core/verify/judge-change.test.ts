import test from 'ava';
import {judgeChange} from '../../../src/core/verify/judge-change.ts';

const SIZE = 1000;
const TAKEN_MS = Date.UTC(2026, 10, 20, 9);
const FROM_MS = Date.UTC(2026, 10, 22, 20);
const HOUR_MS = 3_600_000;

function judge(path: string, found: {size?: number; atMs?: number; keepsLocalTimes?: boolean}) {
  const {size = SIZE, atMs = TAKEN_MS, keepsLocalTimes = true} = found;
  const ns = (ms: number) => BigInt(ms) * 1_000_000n;
  return judgeChange(
    {
      path,
      size: SIZE,
      mtimeNs: ns(TAKEN_MS),
      writing: {fromMs: FROM_MS, toMs: FROM_MS + 60_000},
      keepsLocalTimes,
    },
    {size, mtimeNs: ns(atMs)},
  );
}

test('a file that nobody wrote to is rotten, whatever it is', (t) => {
  for (const path of ['A/1.CR3', 'A/1.JPG', 'A/1.xmp', 'A/1.MP4', 'A/1.txt']) {
    t.is(judge(path, {}), 'rotten', path);
    // FAT rounds to two seconds, exFAT is off by the hours of another time zone.
    t.is(judge(path, {atMs: TAKEN_MS + 1900}), 'rotten', path);
    t.is(judge(path, {atMs: TAKEN_MS - 2 * HOUR_MS}), 'rotten', path);
    t.is(judge(path, {atMs: TAKEN_MS + 5.75 * HOUR_MS}), 'rotten', path);
    // The drive did not let the user set times.
    t.is(judge(path, {atMs: FROM_MS + 30_000}), 'rotten', path);
  }
  t.is(judge('A/1.CR3', {size: 500}), 'rotten');
  // What has grown was written to, whatever its time says.
  t.is(judge('A/1.CR3', {size: 2000}), 'altered');
});

test('on a drive that counts in UTC no other zone explains the time of an edited picture', (t) => {
  const shifted = {atMs: TAKEN_MS + 8.25 * HOUR_MS, keepsLocalTimes: false};
  t.is(judge('A/1.JPG', shifted), 'edited');
  t.is(judge('A/1.JPG', {...shifted, atMs: TAKEN_MS + 1900}), 'rotten');
  t.is(judge('A/1.JPG', {...shifted, atMs: FROM_MS + 30_000}), 'rotten');
  t.is(judge('A/1.CR3', shifted), 'rotten');
});

test('what was written to later is edited where programs do that, and altered elsewhere', (t) => {
  const later = {atMs: FROM_MS + 5 * HOUR_MS + 7 * 60_000};
  for (const kind of ['jpg', 'JPEG', 'XMP', 'dng', 'tif', 'PSD', 'heic', 'dop']) {
    t.is(judge(`A/1.${kind}`, later), 'edited', kind);
    t.is(judge(`A/1.${kind}`, {...later, size: 2000}), 'edited', kind);
    t.is(judge(`A/1.${kind}`, {size: 2000}), 'edited', kind);
    t.is(judge(`A/1.${kind}`, {...later, size: 0}), 'altered', kind);
  }
  for (const kind of ['CR3', 'nef', 'ARW', 'MP4', 'MXF', 'WAV'])
    t.is(judge(`A/1.${kind}`, later), 'altered', kind);
  const recorded = {
    path: 'A/1.JPG',
    size: 1,
    mtimeNs: 0n,
    writing: {fromMs: 0, toMs: 0},
    keepsLocalTimes: true,
  };
  t.is(judgeChange(recorded, undefined), 'altered');
});
