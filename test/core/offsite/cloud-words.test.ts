import test from 'ava';
import fc from 'fast-check';
import {formatJobsFile, parseJobsFile} from '../../../src/core/backup/jobs/parse-jobs-file.ts';
import {isBandwidth, parseBandwidth} from '../../../src/core/offsite/cloud-bandwidth.ts';
import {
  causeOfFailure,
  isFinalCause,
  withoutSecrets,
} from '../../../src/core/offsite/cloud-causes.ts';
import {
  parseFeatures,
  parseRemotes,
  readShownConfig,
} from '../../../src/core/offsite/cloud-features.ts';
import {judgeVersion, parseRcloneVersion} from '../../../src/core/offsite/cloud-gate.ts';
import {CLOUD_JOBS} from '../../../src/core/offsite/cloud-jobs-file.ts';
import {parseLogLine} from '../../../src/core/offsite/cloud-log.ts';
import {
  joinRemote,
  overlapRemotes,
  parseRemote,
  type Remote,
} from '../../../src/core/offsite/cloud-remote.ts';

const remoteOf = (text: string): Remote => {
  const parsed = parseRemote(text);
  if (!parsed.ok) throw new Error(parsed.cause.message);
  return parsed.value;
};

for (const [text, name, path] of [
  ['b2:bucket/path', 'b2', 'bucket/path'],
  ['b2:', 'b2', ''],
  ['my remote:a/b c/', 'my remote', 'a/b c'],
  ['nas:/volume1/photos', 'nas', '/volume1/photos'],
  [':sftp,host=nas,user=me:photos', 'sftp', 'photos'],
  ['far,shared_with_me=true:x', 'far', 'x'],
] as const) {
  test(`a remote: ${text}`, (t) => {
    const remote = remoteOf(text);
    t.deepEqual([remote.name, remote.path], [name, path]);
  });
}

for (const text of [
  '',
  '/mnt/x',
  'C:\\Photos',
  'c:/x',
  '-far:x',
  'far',
  'far:../x',
  'far:x/_archive/y',
  'far:x\ny',
]) {
  test(`no remote: ${JSON.stringify(text)}`, (t) => {
    const parsed = parseRemote(text);
    t.is(parsed.ok ? 'ok' : parsed.cause.code, 'remote-path');
  });
}

for (const text of [
  ':sftp,host=h,user=u,pass=geheim:x',
  ':s3,access_key_id=geheim,secret_access_key=geheim:bucket',
  'far,token=geheim:x',
  ":webdav,url='https://me:geheim@far/':x",
  ':b2,account=geheim,key=geheim:bucket',
  'far:https://me:geheim@host/x',
  ":azureblob,sas_url='https://x/?sig=geheim':c",
]) {
  test(`a remote that may hold a secret is refused and not repeated: ${text}`, (t) => {
    const parsed = parseRemote(text);
    t.is(parsed.ok ? 'ok' : parsed.cause.code, 'remote-secret');
    t.false(JSON.stringify(parsed).includes('geheim'));
  });
}

test('places below a remote, and remotes within one another', (t) => {
  t.is(joinRemote(remoteOf('b2:'), 'a/b'), 'b2:a/b');
  t.is(joinRemote(remoteOf('b2:x'), 'a/b'), 'b2:x/a/b');
  t.is(joinRemote(remoteOf('nas:/'), 'a'), 'nas:/a');
  t.true(overlapRemotes(remoteOf('b2:x'), remoteOf('b2:x/y')));
  t.true(overlapRemotes(remoteOf('b2:'), remoteOf('b2:x/y')));
  t.false(overlapRemotes(remoteOf('b2:x'), remoteOf('b2:xy')));
  t.false(overlapRemotes(remoteOf('b2:x'), remoteOf('s3:x')));
});

test('versions of rclone, and what they are good for', (t) => {
  const debian = parseRcloneVersion('rclone v1.60.1-DEV\n- os/version: debian 12.11 (64 bit)\n');
  const newer = parseRcloneVersion('rclone v1.73.0\n');
  if (debian === null || newer === null) throw new Error('no version');
  t.is(debian.text, '1.60.1-DEV');
  t.is(judgeVersion(debian, ['sftp']), null);
  t.is(judgeVersion(debian, ['crypt', 's3']), null);
  t.is(judgeVersion(debian, ['crypt', 'b2'])?.code, 'rclone-old');
  t.is(judgeVersion(newer, ['b2']), null);
  t.is(judgeVersion({major: 1, minor: 59, text: '1.59.2'}, ['s3'])?.code, 'rclone-old');
  t.is(judgeVersion({major: 2, minor: 0, text: '2.0.0'}, ['b2']), null);
  t.is(parseRcloneVersion('rclone: no such command'), null);
});

test("lines of rclone's log", (t) => {
  t.deepEqual(
    parseLogLine(
      '{"level":"info","msg":"Copied (new)","object":"a b/c.CR3","objectType":"*local.Object"}',
    ),
    {kind: 'copied', path: 'a b/c.CR3'},
  );
  t.deepEqual(
    parseLogLine(
      '{"level":"warning","msg":"x","stats":{"bytes":5,"totalBytes":9,"transfers":1,"eta":null,"speed":0,"transferring":[{"name":"a.CR3","bytes":1}]}}',
    ),
    {kind: 'stats', bytes: 5, totalBytes: 9, transfers: 1, now: ['a.CR3']},
  );
  t.deepEqual(parseLogLine('{"level":"error","msg":"immutable file modified","object":"a"}'), {
    kind: 'error',
    path: 'a',
    message: 'immutable file modified',
  });
  t.deepEqual(parseLogLine('2026/11/23 16:15:21 ERROR : a.CR3: Failed to copy'), {
    kind: 'text',
    message: 'a.CR3: Failed to copy',
  });
  t.deepEqual(parseLogLine('{"level":'), {kind: 'text', message: '{"level":'});
  t.is(parseLogLine('  '), null);
  t.notThrows(() => fc.assert(fc.property(fc.string(), (text) => void parseLogLine(text))));
  t.notThrows(() =>
    fc.assert(fc.property(fc.json(), (text) => void parseLogLine(`{"stats":${text}}`))),
  );
});

for (const [words, code, final] of [
  [
    "NewFs: couldn't connect SSH: ssh: handshake failed: ssh: unable to authenticate",
    'cloud-credentials',
    true,
  ],
  ['read metadata failed: Unauthorized: 401 Unauthorized', 'cloud-credentials', true],
  ['AccessDenied: Access Denied status code: 403', 'cloud-credentials', true],
  [
    "googleapi: Error 403: The user's Drive storage quota has been exceeded., storageQuotaExceeded",
    'cloud-full',
    true,
  ],
  ['Failed to copy: Insufficient Storage: 507', 'cloud-full', true],
  ['write /x: no space left on device', 'cloud-full', true],
  ['dial tcp 127.0.0.1:9: connect: connection refused', 'cloud-unreachable', true],
  ['lookup far.example: no such host', 'cloud-unreachable', true],
  [
    'Failed to create file system for "x:": didn\'t find section in config file',
    'remote-unknown',
    true,
  ],
  [
    'unable to decrypt configuration and not allowed to ask for password',
    'rclone-config-locked',
    true,
  ],
  [
    'Source and destination exist but do not match: immutable file modified',
    'cloud-differs',
    false,
  ],
  ['something nobody heard of', 'cloud-failed', false],
] as const) {
  test(`rclone's words: ${words}`, (t) => {
    const cause = causeOfFailure({exitCode: 1, words: ['some note', words]});
    t.is(cause.code, code);
    t.is(isFinalCause(cause), final);
    t.true(cause.message.includes(words.slice(0, 20)));
    t.true(cause.next.length > 10);
  });
}

test('a name that sounds like trouble ends no run', (t) => {
  const path = 'Quota 403/EOF.CR3';
  const words = [`${path}: Failed to copy: object not found in Quota 403`];
  t.is(causeOfFailure({exitCode: 1, words, names: [path]}).code, 'cloud-failed');
  const real = [...words, `${path}: Failed to copy: Unauthorized: 401`];
  t.is(causeOfFailure({exitCode: 1, words: real, names: [path]}).code, 'cloud-credentials');
});

test('nothing secret is repeated', (t) => {
  for (const text of [
    'Get "https://me:geheim@host/x?X-Amz-Signature=geheim&y=1": EOF',
    'Authorization: Bearer geheim',
    'access_token=geheim, then',
    '{"access_token":"geheim","x":1}',
    'secret_access_key: geheim',
    'pass = geheim',
  ])
    t.false(withoutSecrets(text).includes('geheim'), text);
  t.is(withoutSecrets('Unauthorized: 401 Unauthorized'), 'Unauthorized: 401 Unauthorized');
});

test('how fast', (t) => {
  for (const good of [
    '2M',
    '512',
    '1.5M',
    'off',
    '10M:100k',
    '08:00,512K 19:00,10M 23:00,off',
    'Mon-08:00,1M',
  ])
    t.true(isBandwidth(good), good);
  for (const bad of ['', 'fast', '-1', '2M;rm', '25:00,1M', '2 M', '1M --delete'])
    t.false(isBandwidth(bad), bad);
  t.is(parseBandwidth(' 08:00,1M   19:00,off ').ok, true);
});

test('what a remote can do', (t) => {
  t.deepEqual(
    parseFeatures(
      '{"Name":"x","Hashes":["md5"],"Features":{"BucketBased":true,"Copy":true,"Move":false,"About":true}}',
    ),
    {isBucket: true, copies: true, moves: false, hashes: ['md5']},
  );
  t.is(parseFeatures('[1]'), null);
  t.is(parseFeatures('not json'), null);
  t.deepEqual(
    [...parseRemotes('al:   alias\nmy one: crypt\n\n')],
    [
      ['al', 'alias'],
      ['my one', 'crypt'],
    ],
  );
  t.deepEqual(
    readShownConfig('[x]\ntype = crypt\nremote = b2:bucket\npassword = *** ENCRYPTED ***\n'),
    {
      wrapped: 'b2:bucket',
      upstreams: null,
      isLoopback: false,
    },
  );
  t.true(readShownConfig('[x]\nurl = http://127.0.0.1:8080\n').isLoopback);
  t.true(readShownConfig('[x]\nhost = localhost\n').isLoopback);
  t.false(readShownConfig('[x]\nhost = 127.example.org\n').isLoopback);
});

const JOB = {
  id: '33333333-3333-4333-8333-333333333333',
  name: 'cloud',
  source: {volume: '11111111-1111-4111-8111-111111111111', folder: 'Photos'},
  remote: 'b2:bucket',
  trigger: {},
  createdAt: '2026-11-23T08:00:00.000Z',
};

test('the file of the jobs: what is missing has its usual value, what is nonsense is refused', (t) => {
  const file = {schema: 'offload-cloud-jobs/1', jobs: [{...JOB, later: 1}]};
  const parse = (text: string) => parseJobsFile(CLOUD_JOBS, text, '/x');
  const parsed = parse(JSON.stringify(file));
  if (!parsed.ok) throw new Error(parsed.cause.message);
  t.like(parsed.value.jobs[0], {download: false, bwLimit: null, place: null, alarmDays: 7});
  t.true(formatJobsFile(parsed.value).includes('"later": 1'));
  for (const change of [
    {remote: ':sftp,pass=x:y'},
    {remote: '/mnt/x'},
    {bwLimit: '1M --delete'},
    {source: {...JOB.source, folder: '../x'}},
    {id: 'x'},
  ]) {
    const bad = parse(JSON.stringify({...file, jobs: [{...JOB, ...change}]}));
    t.is(bad.ok ? 'ok' : bad.cause.code, 'cloud-jobs-damaged', JSON.stringify(change));
  }
  const newer = parse('{"schema":"offload-cloud-jobs/2"}');
  t.is(newer.ok ? 'ok' : newer.cause.code, 'cloud-jobs-newer');
});
