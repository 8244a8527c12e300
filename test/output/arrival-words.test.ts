import test from 'ava';
import type {VolumeArrived} from '../../src/core/events.ts';
import {describeArrival} from '../../src/output/arrival-words.ts';

const card: VolumeArrived = {
  type: 'volume-arrived',
  path: '/media/me/EOS_DIGITAL',
  role: 'card',
  name: 'EOS_DIGITAL',
  label: 'EOS_DIGITAL',
  fileSystem: 'exfat',
  size: 64e9,
  free: 12e9,
  drive: 'SD Card Reader (disk:sdb)',
  drives: {known: true, ids: ['disk:sdb']},
  rotating: false,
  mediumRead: 'direct',
  why: null,
};

test('one line for what came', (t) => {
  t.is(
    describeArrival(card),
    'card EOS_DIGITAL arrived: 64 GB exfat at /media/me/EOS_DIGITAL, disk SD Card Reader (disk:sdb)',
  );
  t.is(
    describeArrival({...card, role: 'working', name: 'T7', label: 'SAMSUNG', path: '/mnt/W'}),
    'working drive T7 (SAMSUNG) arrived: 12 GB free of 64 GB exfat at /mnt/W, disk SD Card Reader (disk:sdb)',
  );
  t.is(
    describeArrival({
      ...card,
      role: 'none',
      name: 'stick',
      label: null,
      fileSystem: '',
      size: null,
      drive: 'unknown',
      path: '/mnt/x',
    }),
    'drive without a role stick arrived: size unknown at /mnt/x, disk unknown',
  );
  t.regex(describeArrival({...card, role: 'backup', free: null}), /^backup .*: 64 GB exfat at/);
  t.regex(describeArrival({...card, role: 'off-site'}), /^off-site drive /);
});

test('one line for what went', (t) => {
  t.is(
    describeArrival({type: 'volume-left', role: 'backup', name: 'LaCie', path: '/mnt/B'}),
    'backup LaCie left, was at /mnt/B',
  );
});

test('names from outside stay on their line', (t) => {
  const line = describeArrival({
    ...card,
    name: 'a\u001B[2J\nb',
    label: '\u202Eevil',
    path: '/m\n',
    drive: 'x\u0007',
    fileSystem: 'ex\rfat',
  });
  t.is(
    line,
    String.raw`card a\x1b[2J\nb (\u{202e}evil) arrived: 64 GB ex\rfat at /m\n, disk x\x07`,
  );
});
