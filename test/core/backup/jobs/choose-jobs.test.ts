import test from 'ava';
import {chooseJobs, findJob} from '../../../../src/core/backup/jobs/choose-jobs.ts';

const jobs = [
  {id: '1', name: 'photos'},
  {id: '2', name: 'Films'},
  {id: '3', name: 'café'},
];
const unknown = (name: string, known: readonly string[]) => ({
  code: 'job-unknown',
  message: name,
  next: known.join(', '),
});
const namesOf = (names: readonly string[]) => {
  const chosen = chooseJobs(jobs, names, unknown);
  return chosen.ok ? chosen.value.map(({name}) => name) : chosen.cause;
};

test('all jobs where no name is given, otherwise those that are named, once and in their own order', (t) => {
  t.deepEqual(namesOf([]), ['photos', 'Films', 'café']);
  t.deepEqual(namesOf(['films', 'PHOTOS', 'Films']), ['photos', 'Films']);
});

test('a name is told apart as a person does', (t) => {
  t.deepEqual(findJob(jobs, 'CAFE\u0301', unknown), {ok: true, value: {id: '3', name: 'café'}});
});

test('a name that no job has is refused with those that there are', (t) => {
  const cause = {code: 'job-unknown', message: 'cafe', next: 'photos, Films, café'};
  t.deepEqual(namesOf(['photos', 'cafe', 'x']), cause);
  t.deepEqual(findJob(jobs, 'cafe', unknown), {ok: false, cause});
  t.like(findJob([], 'x', unknown), {ok: false, cause: {next: ''}});
});
