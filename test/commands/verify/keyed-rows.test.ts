import test from 'ava';
import * as fc from 'fast-check';
import {KEY_BYTES, KeyedRows} from '../../../src/commands/verify/keyed-rows.ts';

/** Few keys, many of them with one low half: they want the same slot. */
const anyKey = fc.record({
  low: fc.constantFrom(0, 1, 2047, 4096, 0xffffffff),
  high: fc.nat({max: 600}),
});

test('the last row of each key is found with what was written to it, through all growth', (t) => {
  fc.assert(
    fc.property(fc.array(anyKey, {minLength: 2500, maxLength: 3500}), (keys) => {
      const rows = new KeyedRows(KEY_BYTES + 4);
      const last = new Map<string, number>();
      for (const [number, key] of keys.entries()) {
        const at = rows.add(key);
        t.is(rows.bytes.readUInt32LE(at + KEY_BYTES), 0);
        rows.bytes.writeUInt32LE(number, at + KEY_BYTES);
        last.set(`${key.low} ${key.high}`, number);
      }
      const found = keys.map((key) => rows.bytes.readUInt32LE((rows.find(key) ?? 0) + KEY_BYTES));
      t.deepEqual(
        found,
        keys.map(({low, high}) => last.get(`${low} ${high}`)),
      );
      t.is(rows.find({low: 2, high: 0}), undefined);
      t.is(rows.find({low: 1, high: 601}), undefined);
    }),
    {numRuns: 5},
  );
});

test('rows lie one behind the other and stay where they are', (t) => {
  const rows = new KeyedRows(17);
  const places = Array.from({length: 2000}, (_, low) => rows.add({low, high: 0}));
  t.deepEqual(
    places,
    places.map((_, row) => row * 17),
  );
  t.is(rows.find({low: 1999, high: 0}), 1999 * 17);
  t.is(new KeyedRows(17).find({low: 0, high: 0}), undefined);
});
