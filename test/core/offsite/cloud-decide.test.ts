import test from 'ava';
import fc from 'fast-check';
import {checksumList} from '../../../src/core/checksum-list.ts';
import {decide, findAlarm, isOpen} from '../../../src/core/offsite/cloud-decide.ts';
import {
  type FileHashes,
  judgeRemoteFile,
  parseCombined,
  parseHashSums,
  parseListing,
} from '../../../src/core/offsite/cloud-listing.ts';
import type {CloudRecord} from '../../../src/core/offsite/cloud-record.ts';
import {readChecksumList} from '../../../src/core/offsite/cloud-record-list.ts';

const hashes = (sign: string): FileHashes => ({
  blake3: sign.repeat(64),
  sha1: sign.repeat(40),
  md5: sign.repeat(32),
});

const RAW = {path: 'a/IMG_1.CR3', size: 5, mtimeNs: 7n};
const XMP = {path: 'a/IMG_1.xmp', size: 5, mtimeNs: 7n};

const recordOf = (state: CloudRecord['state'], file = RAW, sign = 'a'): CloudRecord => ({
  ...file,
  hashes: hashes(sign),
  state,
  how: state === 'proved' ? 'sha1' : null,
  provedAt: state === 'proved' ? '2026-11-23T08:00:00.000Z' : null,
  goneAt: null,
});

test('only a hash that equals ours proves, size alone never', (t) => {
  const ours = {size: 5, hashes: hashes('a')};
  const at = (told: Record<string, string>, size = 5) =>
    judgeRemoteFile({path: 'x', size, hashes: told}, ours).state;
  t.is(at({sha1: hashes('a').sha1}), 'proved');
  t.is(at({md5: hashes('a').md5}), 'proved');
  t.is(at({sha1: hashes('b').sha1, md5: hashes('a').md5}), 'differs');
  t.is(at({sha1: hashes('a').sha1}, 4), 'differs');
  t.is(at({}), 'size-only');
  t.is(at({crc32: 'a'}), 'size-only');
  t.is(judgeRemoteFile(undefined, ours).state, 'missing');
});

test('what rclone tells is read, and nonsense is none', (t) => {
  const listed = parseListing(
    '[\n{"Path":"a b","Name":"a b","Size":2,"ModTime":"","IsDir":false,"Hashes":{"sha1":"AB","md5":""}},\n{"Path":"d","Size":-1,"IsDir":true}\n]\n',
  );
  t.deepEqual([...(listed ?? [])], [['a b', {path: 'a b', size: 2, hashes: {sha1: 'ab'}}]]);
  t.is(parseListing('[\n'), null);
  const sum = 'a'.repeat(40);
  t.deepEqual([...parseHashSums(`${sum}  a  b.txt\nERROR  x\n`)], [['a  b.txt', sum]]);
  t.deepEqual(
    [...parseCombined('= a b\n* c\n! d\n')],
    [
      ['a b', '='],
      ['c', '*'],
      ['d', '!'],
    ],
  );
});

test('lists of offloads are read as they are written', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({minLength: 1}), {maxLength: 5}), (names) => {
        const plain = names.filter((name) => !/[\r\0]|[\uD800-\uDFFF]/.test(name));
        const rows = plain.map((target) => ({hash: 'ab'.repeat(32), target}));
        const read = readChecksumList(checksumList(rows));
        if (plain.some((name) => read.get(name) !== 'ab'.repeat(32))) throw new Error('lost');
      }),
    ),
  );
});

test('what is open', (t) => {
  const on = {download: true};
  const off = {download: false};
  t.true(isOpen(RAW, undefined, off));
  t.false(isOpen(RAW, recordOf('proved'), off));
  t.true(isOpen({...RAW, mtimeNs: 8n}, recordOf('proved'), off));
  t.true(isOpen({...RAW, size: 6}, recordOf('proved'), off));
  t.true(isOpen(RAW, recordOf('read'), off));
  t.true(isOpen(RAW, recordOf('damaged'), off));
  t.false(isOpen(RAW, recordOf('unproved'), off));
  t.true(isOpen(RAW, recordOf('unproved'), on));
});

test('alarms are for raw files and films only, and end where they are accepted', (t) => {
  const base = {file: RAW, hashes: hashes('b'), recorded: new Set<string>(), acceptChanges: false};
  t.is(findAlarm({...base, before: recordOf('proved')})?.code, 'original-changed');
  t.is(findAlarm({...base, before: undefined}), null);
  t.is(findAlarm({...base, before: recordOf('read')}), null);
  t.is(findAlarm({...base, before: recordOf('proved'), acceptChanges: true}), null);
  t.is(findAlarm({...base, file: XMP, before: recordOf('proved', XMP)}), null);
  const recorded = new Set(['c'.repeat(64)]);
  t.is(findAlarm({...base, before: undefined, recorded})?.code, 'record-differs');
  t.is(findAlarm({...base, before: undefined, recorded: new Set(['b'.repeat(64)])}), null);
});

test('decisions: nothing of somebody else is replaced where it is a raw file, and nothing is left unhealed', (t) => {
  const no = {acceptChanges: false};
  const raw = (before: CloudRecord | undefined) => ({file: RAW, hashes: hashes('a'), before});
  const xmp = (before: CloudRecord | undefined) => ({file: XMP, hashes: hashes('a'), before});
  const differs = {state: 'differs', why: 'x'} as const;
  const size = {state: 'size-only'} as const;
  const missing = {state: 'missing'} as const;
  t.is(decide(raw(undefined), missing, no).do, 'upload');
  t.is(decide(raw(recordOf('read')), missing, no).do, 'upload');
  t.is(decide(raw(recordOf('proved')), missing, no).do, 'heal');
  t.is(decide(xmp(recordOf('proved', XMP, 'b')), missing, no).do, 'replace');
  t.is(decide(raw(undefined), {state: 'proved', how: 'sha1'}, no).do, 'adopt');
  t.is(decide(raw(undefined), differs, no).do, 'refuse');
  t.is(decide(raw(undefined), differs, {acceptChanges: true}).do, 'replace');
  t.is(decide(raw(recordOf('damaged')), differs, no).do, 'heal');
  t.is(decide(xmp(undefined), differs, no).do, 'replace');
  t.is(decide(raw(undefined), size, no).do, 'leave-unproved');
  t.is(decide(xmp(undefined), size, no).do, 'replace');
  t.is(decide(xmp(recordOf('unproved', XMP)), size, no).do, 'leave-unproved');
  t.is(decide(xmp(recordOf('proved', XMP, 'b')), size, no).do, 'replace');
  t.is(decide(raw(recordOf('damaged')), size, no).do, 'heal');
});
