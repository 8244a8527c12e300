import test, {type ExecutionContext} from 'ava';
import type {SessionEvent} from '../../../src/core/session/session-events.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {checkFrame} from '../../helpers/frame-files.ts';
import {
  cloudSet,
  lackingShoot,
  onVault,
  shootStatus,
  shootVolume,
  swapSet,
} from '../../helpers/session-jobs.ts';
import {play, sessionState} from '../../helpers/session-states.ts';
import {ascii, checkSizes, drawSession as draw, SIZES} from '../screen-frames.tsx';

const checkState = (t: ExecutionContext, name: string, state: SessionState) =>
  checkSizes(t, {
    beside: import.meta.url,
    name,
    draw: (columns, rows) => draw(state, columns, rows),
  });

const told = (...shoots: readonly (typeof lackingShoot)[]): readonly SessionEvent[] =>
  shoots.map((shoot) => ({type: 'status-shoot', shoot}));
const complete: SessionEvent = {type: 'status-complete', problem: null};

const shoots = [
  shootStatus(),
  lackingShoot,
  shootStatus({
    shoot: '2026-11-02 Portraits',
    files: 96,
    bytes: 4.2e9,
    copies: 1,
    drives: 1,
    places: [],
    lastProof: '2026-11-02T18:00:00Z',
    reached: false,
    missing: 'its files are on one physical drive only, T7 Shield',
    next: 'Offload the card to a second drive too, before it is formatted.',
    volumes: [shootVolume({files: 96, place: null})],
    offSite: null,
  }),
  shootStatus({shoot: '2026-10-11 Lissabon', places: ['desk', 'home', 'bank']}),
];
const notSeen: SessionEvent = {
  type: 'status-warned',
  cause: {
    code: 'volume-not-seen',
    message: 'Vault was not seen for 55 days, since 2026-09-30',
    next: 'Connect it and run offload status; offload verify PATH reads its copies again. If it is lost: offload volumes forget.',
  },
};

const full = play(sessionState(), ['t', ...told(...shoots), notSeen, complete]).state;

test('shoots, the selected one with its drives', (t) => {
  checkState(t, 'shoots', full);
});

test('a shoot that lacks something says what to do', (t) => {
  checkState(t, 'lack', play(full, ['j']).state);
});

const apart: readonly SessionEvent[] = [swapSet, cloudSet].map((offsite) => ({
  type: 'status-offsite',
  offsite,
}));

test('the swap of off-site drives stands first, then how old the oldest copy is', (t) => {
  checkState(
    t,
    'offsite',
    play(sessionState(), ['t', ...told(...shoots), ...apart, complete]).state,
  );
  const early = play(sessionState(), ['t', ...apart]).state;
  t.regex(
    draw(early, 80, 24),
    /! Swap: bank-2 is up to date: take it to the safe and bring bank-1/,
  );
  t.notRegex(draw(early, 80, 24), /oldest/, 'not before all shoots are told');
});

test('while the rows come', (t) => {
  checkState(t, 'looking', play(sessionState(), ['t', ...told(lackingShoot)]).state);
  const nothing = play(sessionState(), ['t']).state;
  t.regex(draw(nothing, 80, 24), /looking…/);
});

test('no shoots, and a catalog that cannot be read, are told plainly', (t) => {
  const none = play(sessionState(), ['t', complete]).state;
  t.regex(draw(none, 80, 24), /No shoot is recorded yet/);
  const problem = {
    code: 'catalog-damaged',
    message: 'the catalog cannot be read: the file is damaged',
    next: 'Move it away and run offload catalog rebuild.',
  };
  const broken = play(sessionState(), ['t', {type: 'status-complete', problem}]).state;
  checkState(t, 'broken', broken);
  const later = play(sessionState(), [
    't',
    ...told(lackingShoot),
    {type: 'status-complete', problem},
  ]).state;
  t.regex(draw(later, 80, 24), /2026-11-20 Aerial[\s\S]*! the catalog cannot be read/);
});

const many = Array.from({length: 40}, (_, index) =>
  shootStatus({
    shoot: `2026-01-01 Shoot ${index + 1}`,
    reached: index % 3 !== 0,
    missing: 'x',
    next: 'Y.',
  }),
);

test('more shoots than have room are scrolled', (t) => {
  const state = play(sessionState(), ['t', ...told(...many), complete]).state;
  for (const [columns, rows] of SIZES) {
    t.regex(draw(state, columns, rows), /more below/);
    const end = play(state, [
      'page-down',
      'page-down',
      'page-down',
      'page-down',
      'page-down',
    ]).state;
    t.regex(draw(end, columns, rows), /Shoot 40/);
    t.regex(draw(end, columns, rows), /Esc back$/);
    const frame = draw(end, columns, rows).split('\n');
    t.is(frame.length, rows);
  }
});

test('in ASCII, names from elsewhere steer nothing and stay in their column', (t) => {
  const strange = shootStatus({
    shoot: `写真撮影の名前がとても長い${'長'.repeat(60)}\u001b[2J`,
    volumes: [shootVolume({name: 'drive\u202e\u001b]0;x\u0007', place: 'an\nother'}), onVault],
  });
  const state = play(sessionState(), ['t', ...told(strange, lackingShoot), complete]).state;
  checkFrame(t, draw(state, 80, 24, ascii), {beside: import.meta.url, name: 'ascii-80x24'});
  t.notRegex(draw(full, 80, 24, ascii), /[^\n -~]/);
});
