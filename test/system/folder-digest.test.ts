import test from 'ava';
import fc from 'fast-check';
import {FolderDigest} from '../../src/system/folder-digest.ts';

interface Facts {
  readonly name: string;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly changedNs: bigint;
}

const number = fc.bigInt({min: 0n, max: 2n ** 62n});
const facts = fc.record({
  name: fc
    .string({minLength: 1, maxLength: 6, unit: 'binary'})
    .filter((name) => !name.includes('\0')),
  size: number,
  mtimeNs: fc.bigInt({min: -(2n ** 62n), max: 2n ** 62n}),
  changedNs: number,
});
const folder = fc.uniqueArray(facts, {selector: ({name}) => name, maxLength: 12});

function digestOf(files: readonly Facts[], most = files.length): string {
  const digest = new FolderDigest(most);
  for (const {name, size, mtimeNs, changedNs} of files) digest.add(name, size, mtimeNs, changedNs);
  return digest.digest();
}

test('in whatever order the files of a folder come, and however many were expected, the digest is the same', (t) => {
  fc.assert(
    fc.property(folder, fc.nat(20), fc.infiniteStream(fc.nat()), (files, most, order) => {
      const shuffled = files
        .map((file) => ({file, at: order.next().value}))
        .sort((a, b) => a.at - b.at)
        .map(({file}) => file);
      t.is(digestOf(shuffled, most), digestOf(files));
    }),
  );
});

test('another name, size or time, a file more or less is another digest', (t) => {
  fc.assert(
    fc.property(
      folder,
      facts,
      fc.constantFrom('name', 'size', 'mtimeNs', 'changedNs'),
      (files, one, what) => {
        const others = files.filter(({name}) => name !== one.name && name !== `${one.name}!`);
        const whole = digestOf([...others, one]);
        const changed =
          what === 'name' ? {...one, name: `${one.name}!`} : {...one, [what]: one[what] + 1n};
        t.not(digestOf([...others, changed]), whole);
        t.not(digestOf(others), whole);
      },
    ),
  );
});

test('where a name ends belongs to the digest', (t) => {
  const plain = {size: 1n, mtimeNs: 2n, changedNs: 3n};
  const [ab, c] = [
    {name: 'ab', ...plain},
    {name: 'c', ...plain},
  ];
  const [a, bc] = [
    {name: 'a', ...plain},
    {name: 'bc', ...plain},
  ];
  t.not(digestOf([ab, c]), digestOf([a, bc]));
});
