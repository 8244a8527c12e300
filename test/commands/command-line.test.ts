import test from 'ava';
import {type CommandLine, parseCommandLine} from '../../src/commands/command-line.ts';

function parse(...args: readonly string[]): CommandLine {
  const parsed = parseCommandLine(args, '1.2.3');
  if (!parsed.ok) throw new Error(parsed.cause.message);
  return parsed.value;
}

function refuse(...args: readonly string[]): string {
  const parsed = parseCommandLine(args, '1.2.3');
  if (parsed.ok) throw new Error('taken');
  return `${parsed.cause.code}: ${parsed.cause.message}. ${parsed.cause.next}`;
}

test('the main job: cards and destinations in their order, and what is left to its default', (t) => {
  t.deepEqual(parse('--card', 'E:', '--to', 'W:', '--to', 'B:', '--card', 'F:'), {
    command: 'offload',
    show: {json: false, quiet: false, csv: false},
    options: {
      cards: ['E:', 'F:'],
      destinations: ['W:', 'B:'],
      shoot: undefined,
      layout: undefined,
      verify: undefined,
      order: undefined,
      eject: undefined,
      dryRun: false,
      salvage: false,
      allowSameDrive: false,
      acceptCached: false,
      fromCopy: false,
      onlyNew: false,
      report: false,
    },
  });
});

test('--from-copy is asked for', (t) => {
  t.like(parse('--card', 'E:', '--to', 'W:', '--from-copy'), {options: {fromCopy: true}});
});

test('--mhl has a format, xxh64 when none is named, and --mhl-hash does nothing alone', (t) => {
  const job = ['--card', 'E:', '--to', 'W:'];
  t.like(parse(...job, '--mhl'), {options: {mhl: 'xxh64'}});
  for (const format of ['xxh64', 'xxh128', 'md5', 'sha1', 'c4']) {
    t.like(parse(...job, '--mhl', '--mhl-hash', format), {options: {mhl: format}});
  }
  t.regex(refuse(...job, '--mhl-hash', 'md5'), /^usage: .*without --mhl/);
  for (const format of ['blake3', 'xxh3', 'MD5', '']) {
    t.regex(refuse(...job, '--mhl', '--mhl-hash', format), /^usage: /);
  }
  t.regex(refuse('verify', '/W', '--mhl'), /^usage: /);
});

test('--salvage is asked for, and works with and without a card', (t) => {
  t.like(parse('--card', 'E:', '--to', 'W:', '--salvage'), {options: {salvage: true}});
  t.like(parse('--salvage'), {command: 'session', options: {salvage: true}});
  t.like(parse('--watch', '--auto', '--salvage'), {command: 'watch', options: {salvage: true}});
});

test('--json and --quiet work before a command and behind it', (t) => {
  for (const args of [
    ['--json', 'verify', '/W'],
    ['verify', '--json', '/W'],
    ['verify', '/W', '--json'],
  ]) {
    t.like(parse(...args), {command: 'verify', show: {json: true}}, args.join(' '));
  }
  t.like(parse('--quiet', 'check', '--card', 'E:'), {show: {quiet: true}});
  t.like(parse('drives', '--json'), {command: 'drives', show: {json: true, quiet: false}});
});

test('without cards it is the terminal UI, with --watch the one without a screen', (t) => {
  t.like(parse(), {command: 'session', options: {cards: [], destinations: []}});
  t.like(parse('--to', 'W:', '--to', 'B:'), {
    command: 'session',
    options: {destinations: ['W:', 'B:']},
  });
  t.like(parse('--watch'), {command: 'watch', auto: false});
  t.like(parse('--watch', '--auto', '--shoot', 'Wedding', '--eject'), {
    command: 'watch',
    auto: true,
    options: {shoot: 'Wedding', eject: true},
  });
  t.regex(refuse('--auto', '--card', 'E:'), /--auto does nothing without --watch/);
  t.regex(refuse('--watch', '--card', 'E:'), /Leave --card and --to out/);
  t.regex(refuse('--watch', '--dry-run'), /contradict/);
});

test('the catalog is asked in four ways', (t) => {
  t.like(parse('cards', '--json'), {command: 'cards', show: {json: true, csv: false}});
  t.like(parse('--json', 'shoots'), {command: 'shoots', show: {json: true}});
  t.like(parse('find', 'IMG_0412', '--csv'), {
    command: 'find',
    text: 'IMG_0412',
    show: {csv: true},
  });
  t.like(parse('catalog', 'rebuild', '/W', '/B'), {
    command: 'catalog-rebuild',
    paths: ['/W', '/B'],
  });
  t.regex(refuse('cards', '--csv', '--json'), /contradict/);
  t.regex(refuse('catalog', 'rebuild'), /path/);
  t.regex(refuse('find'), /text/);
  t.regex(refuse('--to', 'W:', 'find', 'x'), /--to stands before the command/);
});

test('volumes are listed, changed and forgotten, and status is asked for', (t) => {
  t.like(parse('volumes', '--json'), {command: 'volumes', show: {json: true}});
  t.like(parse('volumes', 'name', 'W:', 'Studio SSD'), {
    command: 'volume-change',
    path: 'W:',
    change: {kind: 'name', name: 'Studio SSD'},
  });
  for (const [word, role] of [
    ['working', 'working'],
    ['backup', 'backup'],
    ['offsite', 'off-site'],
    ['none', null],
  ] as const) {
    t.like(parse('volumes', 'role', 'O:', word), {change: {kind: 'role', role}});
  }
  t.like(parse('volumes', 'place', 'O:', 'bank', '--json'), {
    change: {kind: 'place', place: 'bank'},
    show: {json: true},
  });
  t.like(parse('volumes', 'adopt', 'O:'), {path: 'O:', change: {kind: 'adopt'}});
  t.like(parse('volumes', 'forget', 'Old LaCie'), {command: 'volume-forget', volume: 'Old LaCie'});
  t.like(parse('volumes', '--json', 'forget', 'x'), {show: {json: true}});
  t.like(parse('status', '--csv'), {command: 'status', show: {csv: true, json: false}});
  t.regex(refuse('status', '--csv', '--json'), /contradict/);
  t.regex(
    refuse('volumes', 'role', 'O:', 'off'),
    /Allowed choices are working, backup, offsite, none/,
  );
  t.regex(refuse('volumes', 'name', 'O:'), /name/);
  t.regex(refuse('volumes', 'bogus'), /bogus/);
  const help = parse('volumes', '--help');
  t.true(help.command === 'text' && help.text.includes('offload volumes place O: bank'));
  const about = parse('status', '--help');
  t.true(about.command === 'text' && about.text.includes('offload status --csv'));
});

test('backup jobs are made, changed, listed, run and installed', (t) => {
  t.like(
    parse(
      ...['backup', 'add', 'photos', '--from', 'W:', '--to', 'B:', '--to', 'O:', '--every', '6h'],
      ...[
        '--on-arrival',
        '--quiet-hours',
        '22:00-07:00',
        '--leave-out',
        '*.tmp',
        '--leave-out',
        'x/',
      ],
      ...['--grace', '10', '--alarm-after', '3'],
    ),
    {
      command: 'backup-add',
      name: 'photos',
      typed: {
        from: 'W:',
        to: ['B:', 'O:'],
        every: '6h',
        onArrival: true,
        quietHours: '22:00-07:00',
        leaveOut: ['*.tmp', 'x/'],
        grace: '10',
        alarmAfter: '3',
      },
    },
  );
  t.like(parse('backup', 'edit', 'photos', '--no-every', '--no-leave-out', '--name', 'x'), {
    command: 'backup-edit',
    typed: {
      every: false,
      leaveOut: false,
      onArrival: undefined,
      quietHours: undefined,
      to: [],
      rename: 'x',
    },
  });
  t.like(
    parse('backup', 'edit', 'photos', '--every', '1d', '--leave-out', 'a', '--leave-out', 'b'),
    {
      typed: {every: '1d', leaveOut: ['a', 'b']},
    },
  );
  for (const args of [
    ['backup', 'list', '--json'],
    ['backup', '--json'],
    ['--json', 'backup', 'list'],
  ])
    t.like(parse(...args), {command: 'backup-list', show: {json: true}});
  t.like(parse('backup', 'remove', 'photos'), {command: 'backup-remove', name: 'photos'});
  t.like(parse('backup', 'run', '--due', '--quiet'), {
    command: 'backup-run',
    names: [],
    due: true,
    preview: false,
    show: {quiet: true},
  });
  t.like(parse('backup', 'run', 'a', 'b', '--accept-deletions', '--accept-changed'), {
    names: ['a', 'b'],
    due: false,
    acceptDeletions: true,
    acceptChanges: true,
  });
  t.like(parse('backup', 'preview', 'a'), {command: 'backup-run', names: ['a'], preview: true});
  t.like(parse('backup', 'watch'), {command: 'backup-watch'});
  t.like(parse('backup', 'install'), {command: 'backup-install', asRoot: false});
  t.like(parse('backup', 'uninstall'), {command: 'backup-uninstall'});
  t.regex(refuse('backup', 'add', 'photos'), /--from/);
  t.regex(refuse('backup', 'bogus'), /bogus/);
  t.regex(refuse('--to', 'W:', 'backup', 'list'), /--to stands before the command/);
  const help = parse('backup', '--help');
  t.true(help.command === 'text' && help.text.includes('offload backup preview photos'));
});

test('an option that would have no effect is refused', (t) => {
  t.regex(
    refuse('--layout', '{shoot}/{path}', 'verify', '/W'),
    /--layout stands before the command/,
  );
  t.regex(refuse('--to', '/W', 'check', '--card', '/E'), /--to stands before the command/);
});

test('unknown options, values and commands are refused in one sentence', (t) => {
  t.regex(refuse('--mlh'), /^usage: unknown option '--mlh'.*See offload --help\.$/s);
  t.regex(refuse('--verify', 'twice'), /--verify.*Allowed choices are copies, full/s);
  t.is(
    refuse('telepathy'),
    'usage: "telepathy" is no command of this version. See offload --help.',
  );
  t.regex(refuse('--card', 'E:', '--to', 'W:', '--shoot', ' '), /--shoot is empty/);
  t.regex(refuse('check'), /--card/);
  t.regex(refuse('verify'), /path/);
});

test('help teaches and the version is told', (t) => {
  const help = parse('--help');
  t.is(help.command, 'text');
  if (help.command !== 'text') return;
  for (const word of [
    '--card',
    'check',
    'verify',
    'drives',
    'find',
    '--watch',
    'SAFE TO FORMAT',
    'Exit codes',
    '130',
    '--preset',
    '--only-new',
    '--mhl-hash',
    '--report',
    '--layout "{shoot}/{date}/',
  ]) {
    t.true(help.text.includes(word), word);
  }
  t.deepEqual(
    help.text.split('\n').filter((line) => line.length > 80),
    [],
  );
  t.deepEqual(parse('--version'), {command: 'text', text: '1.2.3\n'});
});

test('restore: what, where to and where from; a test needs neither', (t) => {
  t.deepEqual(parse('restore', 'Marta & Jan', 'IMG_0412', '--to', 'D:', '--from', 'W:'), {
    command: 'restore',
    what: ['Marta & Jan', 'IMG_0412'],
    to: 'D:',
    from: ['W:'],
    test: undefined,
    at: undefined,
    dryRun: false,
    show: {json: false, quiet: false, csv: false},
  });
  t.like(parse('restore', '--test', '20', '--json'), {
    what: [],
    to: undefined,
    test: 20,
    show: {json: true},
  });
  t.like(parse('restore', 'x', '--to', '/D', '--dry-run', '--quiet'), {
    dryRun: true,
    show: {quiet: true},
  });
  t.like(parse('restore', 'x', '--versions'), {what: ['x'], versions: true});
  for (const besides of [['--to', '/D'], ['--at', '2026-11-01'], ['--test', '3'], ['--dry-run']])
    t.regex(refuse('restore', 'x', '--versions', ...besides), /^usage: --versions/);
  t.regex(refuse('restore', '--versions'), /^usage: nothing is named/);
});

test('verify: a slice, the next one, and healing', (t) => {
  t.like(parse('verify', 'W:'), {paths: ['W:'], part: undefined, heal: false});
  const slice = {part: 3, of: 30};
  t.like(parse('verify', 'W:', '--part', '3/30', '--heal'), {
    part: {kind: 'exact', slice},
    heal: true,
  });
  t.like(parse('verify', 'W:', '--part', 'next/30'), {part: {kind: 'next', of: 30}});
  for (const part of ['3', '0/30', '31/30', 'next'])
    t.regex(refuse('verify', 'W:', '--part', part), /^usage: --part needs a slice/, part);
});

test('restore refuses what it cannot do', (t) => {
  t.regex(refuse('restore', '--test', '2', '--at', '2026-11-01'), /^usage: .*contradict/);
  t.regex(refuse('restore'), /^usage: nothing is named/);
  t.regex(refuse('restore', 'x'), /^usage: --to is missing/);
  t.regex(refuse('restore', '', '--to', '/D'), /^usage: what to restore is empty/);
  for (const count of ['0', '-1', '1.5', 'x', '']) {
    t.regex(refuse('restore', '--test', count), /^usage: --test needs/, count);
  }
  t.regex(refuse('restore', 'x', '--test', '2', '--dry-run'), /^usage: .*contradict/);
  for (const option of ['--rating', '--csv']) {
    t.regex(refuse('restore', 'x', '--to', '/D', option, '5'), /^usage: unknown option/, option);
  }
  t.regex(refuse('--to', '/D', 'restore', 'x'), /^usage: --to stands before the command/);
});
