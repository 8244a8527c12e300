import test from 'ava';
import {isEntryName} from '../../src/system/entry-name.ts';

for (const name of ['', '.', '..', '../outside', 'a/b', '/etc/passwd', 'nul\0.JPG']) {
  test(`${JSON.stringify(name)} is no name of an entry`, (t) => {
    t.false(isEntryName(name));
  });
}

for (const name of ['...', '.a', '..a', 'IMG_0001.JPG', ' ', '\n', 'é', '\uDCFF']) {
  test(`${JSON.stringify(name)} is the name of an entry`, (t) => {
    t.true(isEntryName(name));
  });
}
