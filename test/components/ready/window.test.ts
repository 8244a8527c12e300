import test from 'ava';
import fc from 'fast-check';
import {measureRows, type WindowOptions, windowRows} from '../../../components/ready/window.ts';

const twenty = Array.from({length: 20}, () => 1);

test('all rows where they have room', (t) => {
  const all = {first: 0, end: 20, scrolls: false};
  t.deepEqual(windowRows({heights: twenty, gap: 0, room: 20, selected: 19}), all);
  t.deepEqual(windowRows({heights: [3, 3], gap: 1, room: 7, selected: 0}), {
    first: 0,
    end: 2,
    scrolls: false,
  });
});

test('the rows around the selected one, and a line for the rest', (t) => {
  const look = (selected: number) => {
    const {first, end, scrolls} = windowRows({heights: twenty, gap: 0, room: 6, selected});
    return `${first} to ${end}${scrolls ? ' of more' : ''}`;
  };
  t.is(look(-1), '0 to 5 of more');
  t.is(look(0), '0 to 5 of more');
  t.is(look(1), '0 to 5 of more');
  t.is(look(2), '0 to 5 of more');
  t.is(look(3), '1 to 6 of more');
  t.is(look(10), '8 to 13 of more');
  t.is(look(18), '15 to 20 of more');
  t.is(look(19), '15 to 20 of more');
});

test('a row that has no room beside the line takes all of it', (t) => {
  const window = windowRows({heights: [3, 3], gap: 1, room: 3, selected: 1});
  t.deepEqual(window, {first: 1, end: 2, scrolls: false});
});

const options: fc.Arbitrary<WindowOptions> = fc.record({
  heights: fc.array(fc.integer({min: 1, max: 3}), {minLength: 1, maxLength: 40}),
  gap: fc.integer({min: 0, max: 1}),
  room: fc.integer({min: 3, max: 30}),
  selected: fc.nat(39),
});

test('the selected row is always seen, and nothing is higher than the room', (t) => {
  const check = () =>
    fc.assert(
      fc.property(options, (given) => {
        const selected = Math.min(given.selected, given.heights.length - 1);
        const {first, end, scrolls} = windowRows({...given, selected});
        const lines = measureRows(given.heights.slice(first, end), given.gap) + (scrolls ? 1 : 0);
        return first <= selected && selected < end && lines <= given.room;
      }),
    );
  t.notThrows(check);
});
