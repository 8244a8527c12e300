import test, {type ExecutionContext} from 'ava';
import type {ReactElement} from 'react';
import {ConfirmStop, countConfirmLines} from '../../../components/overlays/confirm-stop.tsx';
import {FailureList, lastFailureScroll} from '../../../components/overlays/failure-list.tsx';
import {HelpScreen, lastHelpScroll} from '../../../components/overlays/help-screen.tsx';
import {KEYS, type KeyPlace} from '../../../src/core/session/keys.ts';
import {renderFrame} from '../../helpers/render.tsx';
import {eos, fileFailed, hostileName, lostB} from '../../helpers/run-events.ts';
import {eosCard} from '../../helpers/session-states.ts';
import {failures, happened, manyFull, mixedState, nikonCard, working} from '../run-screens.ts';
import {ascii, checkSizes, unicode} from '../screen-frames.tsx';

type Draw = (size: {readonly columns: number; readonly rows: number}) => ReactElement;

const checkNode = (t: ExecutionContext, name: string, node: Draw) =>
  checkSizes(t, {
    beside: import.meta.url,
    name,
    draw: (columns, rows) => renderFrame(node({columns, rows}), columns),
  });

const copying = happened({cards: [eosCard, nikonCard], events: [...working, ...failures]});

for (const place of ['ready', 'working', 'verdict'] as const) {
  test(`help of the ${place} screen`, (t) => {
    checkNode(t, `help-${place}`, (size) => (
      <HelpScreen place={place} scroll={0} symbols={unicode} {...size} />
    ));
  });
}

test('help tells every key of a screen, and what the screen means', (t) => {
  for (const place of ['ready', 'working', 'verdict'] satisfies KeyPlace[]) {
    const node = <HelpScreen place={place} scroll={0} columns={100} rows={80} symbols={unicode} />;
    const text = renderFrame(node, 100);
    const told = text.replaceAll(/\s+/g, ' ');
    for (const {help, sign} of KEYS[place]) {
      t.true(told.includes(help), help);
      t.true(told.includes(` ${sign} `), sign);
    }
    t.regex(told, /two different physical drives/);
    t.regex(told, /W is the working drive, B and B2 are backups/);
  }
});

test('help in ASCII', (t) => {
  const node = <HelpScreen place="working" scroll={0} columns={80} rows={60} symbols={ascii} />;
  const text = renderFrame(node, 80);
  t.notRegex(text, /[^\n -~]/);
  t.regex(text.replaceAll(/\s+/g, ' '), /# is proved, = is copied and not proved yet, - is still/);
});

test('help scrolls to its end and no further', (t) => {
  const size = {columns: 40, rows: 12, symbols: unicode};
  const last = lastHelpScroll({place: 'verdict', scroll: 0, ...size});
  const at = (scroll: number) =>
    renderFrame(<HelpScreen place="verdict" scroll={scroll} {...size} />, 40);
  t.regex(at(last), /the end; \d+ lines above/);
  t.is(at(last + 50), at(last));
  t.not(at(last - 1), at(last));
});

test('what stands in front leaves in sight what is wrong, and what may be formatted', (t) => {
  const size = {columns: 80, rows: 24, symbols: unicode};
  const title = (node: ReactElement) => renderFrame(node, 80).split('\n')[0];
  t.regex(
    title(<HelpScreen place="working" scroll={0} state={copying} {...size} />) ?? '',
    /^ {2}Help: copying and proving +2 failed so far, EOS_DIGITAL 22 %$/,
  );
  t.regex(
    title(<FailureList failures={[]} scroll={0} state={mixedState()} {...size} />) ?? '',
    /^ {2}No file failed +1 NOT SAFE, 1 safe to format$/,
  );
  const narrow = (
    <HelpScreen place="verdict" scroll={0} {...size} columns={40} state={mixedState()} />
  );
  t.is(renderFrame(narrow, 40).split('\n')[0], 'Help        1 NOT SAFE, 1 safe to format');
});

test('everything that failed, in full sentences', (t) => {
  checkNode(t, 'failures', (size) => (
    <FailureList
      failures={copying.run?.failures ?? []}
      scroll={0}
      state={copying}
      symbols={unicode}
      {...size}
    />
  ));
});

test('lost drives stand first, and files of one kind below one sentence', (t) => {
  const full = manyFull();
  checkNode(t, 'failures-full', (size) => (
    <FailureList
      failures={full.run?.failures ?? []}
      scroll={0}
      state={full}
      symbols={unicode}
      {...size}
    />
  ));
  const lost = happened({events: [...working, lostB]});
  const node = (
    <FailureList failures={[]} scroll={0} columns={80} rows={12} state={lost} symbols={unicode} />
  );
  t.deepEqual(renderFrame(node, 80).split('\n').slice(0, 3), [
    '  What failed: 1 drive                                        EOS_DIGITAL 60 %',
    '  B LaCie Rugged was lost on the way: the drive is gone. Plug it in again.',
    '',
  ]);
});

test('a hundred failures scroll; hostile names do nothing to the terminal', (t) => {
  const hundred = Array.from({length: 100}, (_, index) => ({
    card: eos,
    path: `${hostileName}${index}`,
    to: index % 2 === 0 ? null : '/mnt/B',
    code: 'EIO',
    message: `reading failed: ${hostileName}`,
    next: 'Try another reader.',
  }));
  const size = {columns: 80, rows: 24, symbols: unicode};
  const last = lastFailureScroll({failures: hundred, scroll: 0, ...size});
  const text = renderFrame(<FailureList failures={hundred} scroll={last} {...size} />, 80);
  t.notRegex(text, /[^\P{Cc}\n]|\p{Cf}/u);
  t.regex(text, /What failed: 100/);
  t.regex(text, /^ {4}DCIM.*gpj\.CR399$/m);
  t.regex(text, new RegExp(`the end; ${last} lines above`));
});

test('stopping asks, and says what happens and how to go on', (t) => {
  for (const leaves of [false, true]) {
    checkNode(t, leaves ? 'stop-and-leave' : 'stop', ({columns}) => (
      <ConfirmStop leaves={leaves} columns={columns} symbols={unicode} />
    ));
  }
});

test('the question takes as many lines as it says', (t) => {
  for (const columns of [40, 63, 64, 80, 120, 200]) {
    for (const leaves of [false, true]) {
      const node = <ConfirmStop leaves={leaves} columns={columns} symbols={unicode} />;
      const {length} = renderFrame(node, columns).split('\n');
      t.is(length, countConfirmLines({leaves, columns}));
    }
  }
});

test('a failure that is no longer than a line', (t) => {
  const {card, path, code, message, next} = fileFailed();
  const node = (
    <FailureList
      failures={[{card, path, to: null, code, message, next}]}
      scroll={0}
      columns={80}
      rows={12}
      symbols={ascii}
    />
  );
  t.deepEqual(renderFrame(node, 80).split('\n').slice(0, 3), [
    '  What failed: 1',
    '  the card  100CANON/IMG_0117.CR3',
    '    reading failed (EIO). Try another reader.',
  ]);
});
