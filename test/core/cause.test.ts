import {constants} from 'node:os';
import test from 'ava';
import {adviseOn, causeFrom, errnoOf, failed, ok} from '../../src/core/cause.ts';

const systemError = (code: string) => Object.assign(new Error(code), {code});

test('a system error becomes a cause with its errno, the path and what to do', (t) => {
  t.deepEqual(causeFrom(systemError('ENOSPC'), 'writing', '/W/x'), {
    code: 'ENOSPC',
    path: '/W/x',
    message: 'writing failed (ENOSPC)',
    next: 'Free space on that drive or choose a larger one, then run the same command again.',
  });
});

test('what carries no errno is a bug and is thrown again, the same value', (t) => {
  for (const bug of [new Error('bug'), new TypeError('bug'), 'text', null, undefined, {code: 5}]) {
    const thrown: unknown[] = [];
    try {
      causeFrom(bug, 'writing', '/x');
    } catch (error) {
      thrown.push(error);
    }
    t.is(thrown.length, 1);
    t.is(thrown[0], bug);
    t.is(errnoOf(bug), undefined);
  }
});

test('every errno of this platform has a sentence that says what to do', (t) => {
  for (const errno of [...Object.keys(constants.errno), 'EUNKNOWN', 'toString', '__proto__']) {
    const advice = adviseOn(errno);
    t.is(typeof advice, 'string', errno);
    t.regex(advice, /^[A-Z].*\.$/, errno);
  }
});

test('results are told apart by one member', (t) => {
  t.deepEqual(ok(1), {ok: true, value: 1});
  t.deepEqual(failed('why'), {ok: false, cause: 'why'});
});
