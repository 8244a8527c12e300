import test from 'ava';
import {type CommandLine, parseCommandLine} from '../../../src/commands/command-line.ts';

function parse(...args: readonly string[]): CommandLine {
  const parsed = parseCommandLine(args, '1.2.3');
  if (!parsed.ok) throw new Error(parsed.cause.message);
  return parsed.value;
}

const JOB = ['backup', 'add', 'best', '--from', '/W', '--to', '/B'];

test('a rule and a catalog are typed, and taken away again', (t) => {
  t.like(parse(...JOB, '--select', 'rating >= 3', '--lightroom', '/W/C.lrcat'), {
    command: 'backup-add',
    typed: {select: 'rating >= 3', lightroom: '/W/C.lrcat'},
  });
  t.like(parse(...JOB), {typed: {select: undefined, lightroom: undefined}});
  t.like(parse('backup', 'edit', 'best', '--no-select'), {typed: {select: false}});
  t.like(parse('backup', 'edit', 'best', '--no-lightroom'), {typed: {lightroom: false}});
  t.like(parse('backup', 'edit', 'best', '--every', '1d'), {
    typed: {select: undefined, lightroom: undefined},
  });
  t.false(parseCommandLine([...JOB, '--no-select'], '1.2.3').ok);
});

test('--explain asks about pictures, and a preview without it is a preview', (t) => {
  t.like(parse('backup', 'preview', 'best', '--explain', 'a.CR3', '--explain', 'b.CR3', '--json'), {
    command: 'backup-explain',
    names: ['best'],
    paths: ['a.CR3', 'b.CR3'],
    show: {json: true},
  });
  t.like(parse('backup', 'preview', 'best'), {command: 'backup-run', preview: true});
  t.false(parseCommandLine(['backup', 'run', 'best', '--explain', 'a.CR3'], '1.2.3').ok);
});
