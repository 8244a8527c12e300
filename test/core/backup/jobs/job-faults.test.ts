import test from 'ava';
import fc from 'fast-check';
import type {BackupJob, VolumeFolder} from '../../../../src/core/backup/backup-job.ts';
import {findJobFault, overlap} from '../../../../src/core/backup/jobs/job-faults.ts';

let made = 0;

const place = (text: string): VolumeFolder => {
  const [volume = '', folder = ''] = text.split(':');
  return {volume, folder};
};

function makeJob(from: string, to: readonly string[], change: Partial<BackupJob> = {}): BackupJob {
  made += 1;
  return {
    id: `id-${made}`,
    name: `job ${made}`,
    source: place(from),
    targets: to.map((one) => ({...place(one), graceDays: 30})),
    leaveOut: [],
    trigger: {arrival: true, everyHours: null, quiet: null},
    alarmDays: 7,
    offsite: null,
    selection: null,
    createdAt: '2026-11-23T10:00:00.000Z',
    ...change,
  };
}

const KNOWN = new Set(['a', 'b', 'c', 'd', 'e']);
const faultOf = (job: BackupJob, others: readonly BackupJob[] = []) =>
  findJobFault(job, others, KNOWN)?.code;

test('a job that is well', (t) => {
  t.is(faultOf(makeJob('a:', ['b:', 'c:Photos'])), undefined);
  t.is(faultOf(makeJob('a:Photos', ['a:Copy'])), undefined, 'one drive is told of, not refused');
});

test('source and target overlap', (t) => {
  for (const [from, to] of [
    ['a:', 'a:'],
    ['a:', 'a:Backup'],
    ['a:Photos/2026', 'a:Photos'],
    ['a:Photos', 'a:PHOTOS'],
    ['a:Caf\u00e9', 'a:Cafe\u0301/x'],
  ] as const) {
    t.is(faultOf(makeJob(from, [to])), 'source-target-overlap', `${from} ${to}`);
  }
  t.is(faultOf(makeJob('a:Photo', ['a:Photos'])), undefined, 'a longer name is another folder');
});

test('the same target twice, and one in another', (t) => {
  t.is(faultOf(makeJob('a:', ['b:x', 'b:x'])), 'target-twice');
  t.is(faultOf(makeJob('a:', ['b:x', 'b:x/y'])), 'target-twice');
  t.is(faultOf(makeJob('a:', ['b:x', 'b:y'])), undefined);
});

test('drives of a set are drives of their own', (t) => {
  const offsite = {swapAfterDays: 30, place: null};
  t.is(faultOf(makeJob('a:', ['b:', 'c:'], {offsite})), undefined);
  t.is(faultOf(makeJob('a:', ['b:x', 'b:y'], {offsite})), 'target-twice');
  t.is(faultOf(makeJob('a:x', ['a:y', 'b:'], {offsite})), 'source-target-overlap');
});

test('targets of two jobs overlap', (t) => {
  const other = makeJob('a:Photos', ['b:']);
  t.is(faultOf(makeJob('c:', ['b:Films']), [other]), 'targets-overlap');
  t.is(faultOf(makeJob('c:', ['d:']), [other]), undefined);
  t.is(
    faultOf({...other, targets: [{volume: 'b', folder: 'x', graceDays: 1}]}, [other]),
    undefined,
    'a job is not its own rival',
  );
});

test('rings of any length are refused, chains are not', (t) => {
  const ab = makeJob('a:', ['b:']);
  const bc = makeJob('b:', ['c:']);
  t.is(faultOf(bc, [ab]), undefined);
  t.is(faultOf(makeJob('b:', ['a:']), [ab]), 'jobs-cycle');
  t.is(faultOf(makeJob('c:', ['a:']), [ab, bc]), 'jobs-cycle');
  const cd = makeJob('c:', ['d:']);
  const fault = findJobFault(
    makeJob('d:sub', ['e:', 'a:back'], {name: 'last'}),
    [ab, bc, cd],
    KNOWN,
  );
  t.is(fault?.code, 'jobs-cycle');
  t.is(
    fault?.message.includes(`last, ${ab.name}, ${bc.name} and ${cd.name}`),
    true,
    fault?.message,
  );
  // A ring that the job does not belong to is not its fault.
  t.is(faultOf(makeJob('e:', ['d:']), [ab, makeJob('b:', ['a:'])]), undefined);
  t.is(faultOf(makeJob('b:Other', ['a:']), [makeJob('a:x', ['b:Photos'])]), undefined);
});

test('unknown volumes, odd names, filters with nonsense, and own folders', (t) => {
  t.is(faultOf(makeJob('z:', ['b:'])), 'source-unknown');
  t.is(faultOf(makeJob('a:', ['b:', 'z:'])), 'target-unknown');
  for (const name of ['', ' x', 'x ', '-x', '../x', 'a/b', 'a\u202eb', 'a\nb', 'x'.repeat(61)]) {
    t.is(faultOf(makeJob('a:', ['b:'], {name})), 'job-name', JSON.stringify(name));
  }
  for (const name of ['photos', 'Fotos 2026', 'Événements', '写真', 'a', 'x'.repeat(60)]) {
    t.is(faultOf(makeJob('a:', ['b:'], {name})), undefined, name);
  }
  t.is(
    faultOf(makeJob('a:', ['b:'], {name: 'PHOTOS'}), [makeJob('c:', ['d:'], {name: 'photos'})]),
    'job-exists',
  );
  t.is(faultOf(makeJob('a:', ['b:'], {leaveOut: ['*.tmp', '../x']})), 'bad-filter');
  t.is(faultOf(makeJob('a:', ['b:'], {leaveOut: ['**']})), 'bad-filter');
  t.is(faultOf(makeJob('a:', ['b:_archive/x'])), 'own-folder');
  t.is(faultOf(makeJob('a:Shoot/_offload', ['b:'])), 'own-folder');
});

const places = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), fc.array(fc.constantFrom('x', 'y', 'X'), {maxLength: 3}))
  .map(([volume, parts]): VolumeFolder => ({volume, folder: parts.join('/')}));

test('property: overlapping is mutual, and every folder overlaps itself and what is in it', (t) => {
  fc.assert(
    fc.property(places, places, (one, other) => {
      const inside = {...one, folder: one.folder === '' ? 'z' : `${one.folder}/z`};
      return (
        overlap(one, other) === overlap(other, one) && overlap(one, one) && overlap(one, inside)
      );
    }),
  );
  t.pass();
});

test('property: jobs that are taken one by one never go round in a ring', (t) => {
  const arbitrary = fc.array(fc.tuple(places, fc.array(places, {minLength: 1, maxLength: 2})), {
    maxLength: 7,
  });
  fc.assert(
    fc.property(arbitrary, (wanted) => {
      const taken: BackupJob[] = [];
      for (const [source, targets] of wanted) {
        const job = {
          ...makeJob('a:', ['b:']),
          source,
          targets: targets.map((one) => ({...one, graceDays: 30})),
        };
        if (findJobFault(job, taken, KNOWN) === undefined) taken.push(job);
      }
      // Written in another way: what can be reached by copying must not be where it began.
      const reaches = (from: BackupJob, to: BackupJob, seen: ReadonlySet<BackupJob>): boolean =>
        taken.some(
          (next) =>
            !seen.has(next) &&
            from.targets.some((target) => overlap(target, next.source)) &&
            (next === to || reaches(next, to, new Set([...seen, next]))),
        );
      return taken.every((job) => !reaches(job, job, new Set()));
    }),
    {numRuns: 300},
  );
  t.pass();
});
