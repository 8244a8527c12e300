import test from 'ava';
import {type CommandLine, parseCommandLine} from '../../../src/commands/command-line.ts';
import {readPart} from '../../../src/core/verify/slices.ts';

function parse(...args: readonly string[]): CommandLine {
  const parsed = parseCommandLine(args, '1.2.3');
  if (!parsed.ok) throw new Error(`refused: ${parsed.cause.message}`);
  return parsed.value;
}

function refuse(...args: readonly string[]): string {
  const parsed = parseCommandLine(args, '1.2.3');
  if (parsed.ok) throw new Error('taken');
  return parsed.cause.message;
}

test('offsite alone, list and status tell all; status takes names', (t) => {
  for (const words of [[], ['list'], ['status']])
    t.like(parse('offsite', ...words), {command: 'offsite-status', names: []});
  t.like(parse('offsite', 'status', 'bank', 'cloud', '--json'), {
    names: ['bank', 'cloud'],
    show: {json: true},
  });
  t.like(parse('offsite', '--json'), {show: {json: true}});
});

test('a set of drives, with all its words', (t) => {
  t.like(
    parse(
      ...['offsite', 'add', 'bank', '--to', 'O:', '--to', 'P:', '--from', 'W:', '--place', 'bank'],
      ...['--swap-after', '6w', '--grace', '90', '--every', '6h', '--leave-out', '*.tmp'],
      ...['--no-on-arrival', '--alarm-after', '60', '--quiet-hours', '22:00-07:00'],
    ),
    {
      command: 'offsite-add',
      name: 'bank',
      typed: {
        to: ['O:', 'P:'],
        from: 'W:',
        place: 'bank',
        swapAfter: '6w',
        grace: '90',
        every: '6h',
        leaveOut: ['*.tmp'],
        onArrival: false,
        alarmAfter: '60',
        quietHours: '22:00-07:00',
        remote: undefined,
      },
    },
  );
  t.like(parse('offsite', 'add', 'bank', '--to', 'O:'), {
    typed: {onArrival: undefined, download: undefined, bwLimit: undefined},
  });
});

test('a cloud', (t) => {
  t.like(parse('offsite', 'add', 'cloud', '--remote', 'b2:bucket/path', '--bwlimit', '2M'), {
    command: 'offsite-add',
    typed: {remote: 'b2:bucket/path', bwLimit: '2M', to: []},
  });
  t.like(parse('offsite', 'add', 'cloud', '--remote', 'b2:x', '--download'), {
    typed: {download: true},
  });
  t.like(parse('offsite', 'edit', 'cloud', '--no-download', '--no-bwlimit'), {
    typed: {download: false, bwLimit: false},
  });
});

test('words of drives and of clouds are not mixed', (t) => {
  t.regex(refuse('offsite', 'add', 'x'), /where the copy is kept is not said/);
  t.regex(refuse('offsite', 'add', 'x', '--remote', 'b2:x', '--to', 'O:'), /--to and --remote/);
  t.regex(refuse('offsite', 'add', 'x', '--remote', 'b2:x', '--grace', '9'), /--grace and/);
  t.regex(
    refuse('offsite', 'add', 'x', '--to', 'O:', '--bwlimit', '2M'),
    /--bwlimit is for a cloud/,
  );
  t.regex(refuse('offsite', 'edit', 'x', '--to', 'O:', '--add', 'P:'), /--to replaces all drives/);
  t.regex(refuse('offsite', 'verify', 'x', '--part', '31'), /--part needs a slice/);
  t.regex(refuse('offsite', 'nonsense'), /./);
  t.regex(refuse('offsite', 'add'), /name/);
});

test('run, preview, verify and remove', (t) => {
  t.like(parse('offsite', 'run', '--due', '--accept-changed', '--quiet'), {
    command: 'offsite-run',
    names: [],
    due: true,
    preview: false,
    acceptChanges: true,
    acceptDeletions: false,
    show: {quiet: true},
  });
  t.like(parse('offsite', 'preview', 'bank'), {command: 'offsite-run', preview: true});
  t.like(parse('offsite', 'verify', 'bank', '--part', '1/30', '--heal', '--download'), {
    command: 'offsite-verify',
    names: ['bank'],
    part: readPart('1/30') ?? null,
    heal: true,
    download: true,
  });
  t.like(parse('offsite', 'remove', 'bank'), {command: 'offsite-remove', name: 'bank'});
  t.like(parse('offsite', 'edit', 'bank', '--add', 'P:', '--drop', 'old', '--name', 'vault'), {
    command: 'offsite-edit',
    typed: {add: ['P:'], drop: ['old'], rename: 'vault'},
  });
});

test('doctor', (t) => {
  t.like(parse('doctor', '--json'), {command: 'doctor', show: {json: true, quiet: false}});
  t.like(parse('--quiet', 'doctor'), {show: {quiet: false}});
});

test('every verb has a help with examples', (t) => {
  for (const words of [
    ['offsite'],
    ['offsite', 'add'],
    ['offsite', 'edit'],
    ['offsite', 'run'],
    ['offsite', 'verify'],
    ['doctor'],
  ]) {
    const help = parse(...words, '--help');
    t.is(help.command, 'text');
    if (help.command === 'text') t.regex(help.text, /Examples\n {2}offload /, words.join(' '));
  }
});
