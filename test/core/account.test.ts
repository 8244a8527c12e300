import test from 'ava';
import fc from 'fast-check';
import {type Account, accountCloses} from '../../src/core/account.ts';

const emptyAccount: Account = {
  found: 0,
  copied: 0,
  present: 0,
  leftOut: 0,
  failed: 0,
  bytes: 0,
};

const columns = ['found', 'copied', 'present', 'leftOut', 'failed'] as const;

test('an empty account closes', (t) => {
  t.true(accountCloses(emptyAccount));
});

test('it closes when every file is in one column', (t) => {
  const account = {found: 10, copied: 4, present: 3, leftOut: 2, failed: 1, bytes: 5};
  t.true(accountCloses(account));
  for (const column of columns) {
    for (const by of [-1, 1]) {
      t.false(accountCloses({...account, [column]: account[column] + by}), `${column} ${by}`);
    }
  }
});

test('a count that is no number never closes', (t) => {
  for (const column of columns) t.false(accountCloses({...emptyAccount, [column]: Number.NaN}));
});

test('property: bytes do not matter, the sum does', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), fc.nat(), (parts, bytes) => {
        const [copied, present, leftOut, failed] = parts;
        const found = copied + present + leftOut + failed;
        return accountCloses({found, copied, present, leftOut, failed, bytes});
      }),
    ),
  );
});
