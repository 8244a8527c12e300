import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type {Launch} from '../../../../src/core/backup/jobs/install/launch.ts';
import {
  escapeXml,
  quoteForSystemd,
  quoteForWindows,
  quoteSetting,
} from '../../../../src/core/backup/jobs/install/quote-arguments.ts';
import {startPlan} from '../../../../src/core/backup/jobs/install/start-plan.ts';

const launch: Launch = {
  platform: 'linux',
  command: ['/usr/bin/node', '/home/my user/100% "off$load"/offload.cjs'],
  userId: 1000,
  homeFolder: '/home/my user',
  configHome: '/home/my user/.config',
  environment: {OFFLOAD_HOME: '/media/my $tick/50%'},
};

function planOf(change: Partial<Launch>) {
  const planned = startPlan({...launch, ...change}, '/data');
  if (!planned.ok) throw new Error(planned.cause.code);
  return planned.value;
}

test('systemd: a service of the user and a timer that makes up once for what was missed', (t) => {
  const {files, register, unregister} = planOf({});
  t.deepEqual(
    files.map(({path}) => path),
    [
      '/home/my user/.config/systemd/user/offload-backup.service',
      '/home/my user/.config/systemd/user/offload-backup.timer',
    ],
  );
  const [service = '', timer = ''] = files.map(({text}) => text);
  t.true(
    service.includes(
      'ExecStart="/usr/bin/node" "/home/my user/100%% \\"off$$load\\"/offload.cjs" "backup" "run" "--due" "--quiet"\n',
    ),
  );
  t.true(service.includes('Environment="OFFLOAD_HOME=/media/my $tick/50%%"\n'));
  t.true(timer.includes('OnCalendar=*:0/15\nPersistent=true\n'));
  t.deepEqual(register, [
    ['systemctl', '--user', 'daemon-reload'],
    ['systemctl', '--user', 'enable', '--now', 'offload-backup.timer'],
  ]);
  t.deepEqual(unregister, [['systemctl', '--user', 'disable', '--now', 'offload-backup.timer']]);
  t.false(planOf({environment: {}}).files[0]?.text.includes('Environment'));
  const xdg = planOf({environment: {XDG_CONFIG_HOME: '/c "d"', XDG_DATA_HOME: '/e'}});
  t.true(
    xdg.files[0]?.text.includes(
      '\nEnvironment="XDG_CONFIG_HOME=/c \\"d\\""\nEnvironment="XDG_DATA_HOME=/e"\n',
    ),
  );
});

test('launchd: an agent of the user', (t) => {
  const {files, before, register, warnings} = planOf({
    platform: 'darwin',
    command: ['/opt/node', '/Users/a & b/<offload>.cjs'],
    homeFolder: '/Users/a & b',
  });
  const [agent] = files;
  t.is(agent?.path, '/Users/a & b/Library/LaunchAgents/offload.backup.plist');
  const text = agent?.text ?? '';
  t.true(
    text.includes(
      '<string>/Users/a &amp; b/&lt;offload&gt;.cjs</string>\n    <string>backup</string>',
    ),
  );
  t.true(text.includes('<key>StartInterval</key>\n  <integer>900</integer>'));
  t.true(text.includes('<key>OFFLOAD_HOME</key>\n    <string>/media/my $tick/50%</string>'));
  t.deepEqual(register, [['launchctl', 'bootstrap', 'gui/1000', agent?.path]]);
  t.deepEqual(before.register, [['launchctl', 'bootout', 'gui/1000/offload.backup']]);
  t.deepEqual(
    warnings.map(({code}) => code),
    ['install-consent'],
  );
});

test('Windows: a task of the user that makes up for what was missed', (t) => {
  const {files, register, warnings} = planOf({
    platform: 'win32',
    command: ['C:\\Program Files\\nodejs\\node.exe', 'C:\\Users\\A & B\\offload.cjs'],
    userId: null,
  });
  const [task, variables] = files;
  t.is(variables?.path, '/data\\offload-backup-env.txt');
  t.true(variables?.text.endsWith("\nOFFLOAD_HOME='/media/my $tick/50%'\n"));
  t.like(task, {path: '/data\\offload-backup-task.xml', encoding: 'utf16le'});
  const text = task?.text ?? '';
  t.true(text.includes('<Command>C:\\Program Files\\nodejs\\node.exe</Command>'));
  t.true(
    text.includes(
      '<Arguments>--env-file=/data\\offload-backup-env.txt &quot;C:\\Users\\A &amp; B\\offload.cjs&quot; backup run --due --quiet</Arguments>',
    ),
  );
  for (const part of [
    '<StartWhenAvailable>true</StartWhenAvailable>',
    '<RunLevel>LeastPrivilege</RunLevel>',
    '<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '<Interval>PT15M</Interval>',
  ])
    t.true(text.includes(part), part);
  t.false(/[^\r]\n/.test(text));
  t.deepEqual(register, [
    [
      'schtasks',
      '/create',
      '/tn',
      'offload backup',
      '/xml',
      '/data\\offload-backup-task.xml',
      '/f',
    ],
  ]);
  t.deepEqual(warnings, []);
});

test('Windows: without variables there is no file for them, and one that it cannot hold is told', (t) => {
  const windows = {platform: 'win32', command: ['C:\\node.exe', 'C:\\offload.cjs'], userId: null};
  t.is(planOf({...windows, environment: {}}).files.length, 1);
  for (const change of [
    {environment: {OFFLOAD_HOME: "C:\\Marta's `best`"}},
    {command: ['C:\\offload.exe', 'x']},
  ]) {
    const {files, warnings} = planOf({...windows, ...change});
    t.is(files.length, 1);
    t.false(files[0]?.text.includes('--env-file'));
    t.deepEqual(
      warnings.map(({code}) => code),
      ['install-home'],
    );
  }
});

test('Node reads the variables of the file as they are', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'offload-env-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  for (const home of ['C:\\new\\temp dir', "D:\\Marta's #1", 'E:\\`x` "y" $HOME']) {
    const command = ['node.exe', 'offload.cjs'];
    const {files} = planOf({platform: 'win32', command, environment: {OFFLOAD_HOME: home}});
    const path = join(folder, 'variables');
    writeFileSync(path, files[1]?.text ?? '');
    const show = 'process.stdout.write(process.env.OFFLOAD_HOME)';
    const read = execFileSync(process.execPath, [`--env-file=${path}`, '-e', show], {env: {}});
    t.is(read.toString(), home);
  }
});

test('what cannot be installed is said', (t) => {
  t.like(startPlan({...launch, platform: 'freebsd'}, '/d'), {cause: {code: 'install-unknown'}});
  t.like(startPlan({...launch, command: ['/usr/bin/node', '']}, '/d'), {
    cause: {code: 'install-no-program'},
  });
  const npx = planOf({command: ['/usr/bin/node', '/home/x/.npm/_npx/1/offload.cjs']});
  t.deepEqual(
    npx.warnings.map(({code}) => code),
    ['install-passing'],
  );
});

/** "Parsing C Command-Line Arguments" (Microsoft Learn), written the other way round. */
function readWindowsArgument(line: string): string {
  let out = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; ) {
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    at += slashes;
    if (line[at] !== '"') {
      out += '\\'.repeat(slashes) + (line[at] ?? '');
      if (/\s/.test(line[at] ?? '') && !isQuoted) throw new Error('the argument ended');
    } else {
      out += '\\'.repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) out += '"';
      else isQuoted = !isQuoted;
    }
    at += 1;
  }
  if (isQuoted) throw new Error('a quote is open');
  return out;
}

/** systemd.syntax(7): quotes and C escapes; systemd.unit(5): `%%`; systemd.service(5): `$$`. */
const readSystemdArgument = (text: string): string =>
  text
    .slice(1, -1)
    .replace(/\\(x[0-9a-f]{2}|.)/g, (_, escaped: string) =>
      escaped.startsWith('x') && escaped.length === 3
        ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
        : escaped,
    )
    .replaceAll('%%', '%')
    .replaceAll('$$', '$');

const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', '\\', ' ', '%', '$', '&', '<', "'", '\t', 'ä', '\n'),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''));

test('property: an argument comes out as it went in', (t) => {
  fc.assert(
    fc.property(pieces, (text) => {
      t.is(readWindowsArgument(quoteForWindows(text)), text);
      const quoted = quoteForSystemd(text);
      t.false(/[\n\r\0]/.test(quoted));
      t.is(
        readSystemdArgument(quoted),
        text.replaceAll(/[\ud800-\udfff]/gu, (sign) => sign),
      );
      t.false(/(?<!\\)(?:\\\\)*"./s.test(quoted.slice(1)), 'no quote ends it early');
      t.false(/[<>"]|&(?!(?:amp|lt|gt|quot);)/.test(escapeXml(text)));
      t.false(/\n/.test(quoteSetting(text)));
    }),
  );
});

test('systemd itself finds no fault in the units, where it is there', (t) => {
  try {
    execFileSync('systemd-analyze', ['--version'], {stdio: 'ignore'});
  } catch {
    t.pass();
    return;
  }
  const [, timer] = planOf({}).files;
  const expression = /^OnCalendar=(.*)$/m.exec(timer?.text ?? '')?.[1] ?? '';
  t.notThrows(() => execFileSync('systemd-analyze', ['calendar', expression], {stdio: 'ignore'}));
});
