import test from 'ava';
import {parseCommandLine} from '../../../src/commands/command-line.ts';

const parse = (...args: readonly string[]) => {
  const parsed = parseCommandLine(args, '1.2.3');
  if (!parsed.ok) throw new Error(parsed.cause.message);
  return parsed.value;
};
const refuse = (...args: readonly string[]): string => {
  const parsed = parseCommandLine(args, '1.2.3');
  return parsed.ok ? '' : parsed.cause.message;
};

test('lightroom jobs are made, listed, run, removed and brought back', (t) => {
  t.deepEqual(
    parse(
      'lightroom',
      'add',
      'Main.lrcat',
      '--to',
      'B:',
      '--to',
      'O:',
      '--name',
      'x',
      '--every',
      '6h',
    ),
    {
      command: 'lightroom-add',
      typed: {catalog: 'Main.lrcat', to: ['B:', 'O:'], name: 'x', every: '6h'},
      show: {json: false, quiet: false, csv: false},
    },
  );
  t.like(parse('lightroom', 'add', 'Main.lrcat'), {typed: {to: [], name: undefined}});
  for (const args of [['lightroom'], ['lightroom', 'list']])
    t.like(parse(...args, '--json'), {command: 'lightroom-list', show: {json: true}});
  t.like(parse('lightroom', 'run', 'x', 'y', '--quiet'), {
    command: 'lightroom-run',
    names: ['x', 'y'],
    due: false,
    show: {quiet: true},
  });
  t.like(parse('lightroom', 'run', '--due'), {names: [], due: true});
  t.like(parse('lightroom', 'remove', 'x'), {command: 'lightroom-remove', name: 'x'});
  t.like(parse('lightroom', 'restore', 'x', '--to', 'D:\\Back', '--at', '2026-11-01'), {
    command: 'lightroom-restore',
    what: 'x',
    to: 'D:\\Back',
    at: '2026-11-01',
  });
});

test('what is missing is said', (t) => {
  t.regex(refuse('lightroom', 'restore', 'x'), /--to/);
  t.regex(refuse('lightroom', 'add'), /catalog/);
  t.regex(refuse('lightroom', 'remove'), /name/);
  t.regex(refuse('lightroom', 'nix'), /nix/);
});

test('every verb has help, with examples and exit codes where it has several', (t) => {
  for (const verb of [[], ['add'], ['run'], ['restore']]) {
    const help = parse('lightroom', ...verb, '--help');
    if (help.command !== 'text') throw new Error('no help');
    t.regex(help.text, /Examples/, verb.join());
    if (verb[0] !== 'add') t.regex(help.text, /Exit codes: 0/);
    t.deepEqual(
      help.text.split('\n').filter((line) => line.length > 110),
      [],
    );
  }
});
