import test from 'ava';
import fc from 'fast-check';
import type {OffloadEvent} from '../../src/core/events.ts';
import {formatEventLine, jsonLines} from '../../src/output/json-lines.ts';
import {eos, fileFailed, hostileName, progress} from '../helpers/run-events.ts';

const at = new Date('2026-11-24T18:42:07.123Z');

test('one line for each event, numbered from 1, progress too', async (t) => {
  const lines: string[] = [];
  const sink = jsonLines({write: (line) => lines.push(line), now: () => at});
  sink.write({type: 'phase-started', card: eos, phase: 'scan'});
  sink.write(progress({bytes: 7, read: 3, lanes: []}));
  sink.write({type: 'run-ended', outcome: 'complete', exitCode: 1});
  await sink.end();
  t.deepEqual(lines, [
    '{"v":1,"seq":1,"at":"2026-11-24T18:42:07.123Z","type":"phase-started","card":{"path":"/mnt/E","label":"EOS_DIGITAL"},"phase":"scan"}',
    '{"v":1,"seq":2,"at":"2026-11-24T18:42:07.123Z","type":"progress","card":{"path":"/mnt/E","label":"EOS_DIGITAL"},"bytes":7,"read":3,"lanes":[],"now":null}',
    '{"v":1,"seq":3,"at":"2026-11-24T18:42:07.123Z","type":"run-ended","outcome":"complete","exitCode":1}',
  ]);
});

test('`to` is absent where the card is at fault', (t) => {
  const line = formatEventLine(fileFailed(), {seq: 1, at});
  t.false('to' in JSON.parse(line));
  t.regex(line, /"type":"file-failed"/);
});

test('any name comes back as it was, and no line holds what a terminal would obey', (t) => {
  const anyName = fc.oneof(fc.string({unit: 'binary'}), fc.constant(hostileName));
  const check = () =>
    fc.assert(
      fc.property(anyName, (path) => {
        const event: OffloadEvent = fileFailed({path});
        const line = formatEventLine(event, {seq: 1, at});
        return (
          !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line) &&
          JSON.stringify(JSON.parse(line).path) === JSON.stringify(path)
        );
      }),
    );
  t.notThrows(check);
});

test('C1 controls and characters beyond U+FFFF are escaped by their units', (t) => {
  const line = formatEventLine(fileFailed({path: '\u009B31m\u{E0041}\uDCE9\u202E'}), {seq: 1, at});
  t.true(line.includes('"path":"\\u009b31m\\udb40\\udc41\\udce9\\u202e"'));
});
