import test from 'ava';
import fc from 'fast-check';
import {parsePlist} from '../../../src/core/volumes/plist.ts';

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';

test('every type of value that diskutil writes is read', (t) => {
  const list = `${HEAD}<plist version="1.0"><dict>
    <key>Size</key><integer>63864569856</integer><key>Rate</key><real>1.5</real>
    <key>Name</key><string>SD Card Reader &amp; Writer &#233;</string><key>Empty</key><string></string>
    <key>Yes</key><true/><key>No</key><false/><key>None</key><dict/>
    <key>List</key><array><string>a</string><dict><key>b</key><data>AAEC</data></dict></array><key>Bare</key><array/>
  </dict></plist>`;
  t.deepEqual(parsePlist(list), {
    ...{Size: 63_864_569_856, Rate: 1.5, Name: 'SD Card Reader & Writer é', Empty: ''},
    ...{Yes: true, No: false, None: {}, List: ['a', {b: 'AAEC'}], Bare: []},
  });
});

for (const broken of [
  '',
  'garbage',
  '<plist><dict><key>K</key></dict></plist>',
  '<plist><dict><key>K</key>',
  '<plist><wat>1</wat></plist>',
  '<plist><array><string>a</array></plist>',
  `<plist>${'<array>'.repeat(5000)}${'</array>'.repeat(5000)}</plist>`,
]) {
  test(`not a list: ${broken.slice(0, 50)}`, (t) => {
    t.is(parsePlist(broken), undefined);
  });
}

test('a list that is cut off anywhere is no list, and nothing throws', (t) => {
  const whole = `${HEAD}<plist version="1.0"><dict><key>A</key><array><string>x</string></array></dict></plist>`;
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (end) => parsePlist(whole.slice(0, end)) === undefined),
  );
  t.deepEqual(parsePlist(whole), {A: ['x']});
});
