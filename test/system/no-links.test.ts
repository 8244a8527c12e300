import test from 'ava';
import {saysNoLinks} from '../../src/system/no-links.ts';

const error = (code: string) => Object.assign(new Error(code), {code});

test('exFAT has no hard links, on Linux as on Windows', (t) => {
  t.true(saysNoLinks(error('EPERM')));
  t.true(saysNoLinks(error('EISDIR')));
});

test('a name that is taken and a fault of the drive are no reason to rename', (t) => {
  for (const code of ['EEXIST', 'EIO', 'ENOENT', 'ENOSPC', 'EACCES', 'EROFS']) {
    t.false(saysNoLinks(error(code)), code);
  }
  t.false(saysNoLinks(new Error('EISDIR')));
});
