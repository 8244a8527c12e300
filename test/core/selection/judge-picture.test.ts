import test from 'ava';
import fc from 'fast-check';
import {findDeciding, judgePicture} from '../../../src/core/selection/judge-picture.ts';
import {labelKey} from '../../../src/core/selection/label-colour.ts';
import {isKeyword} from '../../../src/core/selection/match-keyword.ts';
import {parseRule} from '../../../src/core/selection/parse-rule.ts';
import {fillFacts, NO_FACTS, type PictureFacts} from '../../../src/core/selection/picture-facts.ts';
import type {Rule} from '../../../src/core/selection/rule.ts';
import {allOf, anyOf, negate, type Truth} from '../../../src/core/selection/truth.ts';

function ruleOf(text: string): Rule {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(parsed.cause.message);
  return parsed.value;
}

const judge = (text: string, facts: Partial<PictureFacts>): Truth =>
  judgePicture(ruleOf(text), {...NO_FACTS, ...facts});

const truth = fc.constantFrom<Truth>('yes', 'no', 'unknown');

test('the laws of three values: doubled not, de Morgan, order does not count', (t) => {
  fc.assert(
    fc.property(fc.array(truth), fc.array(truth), (a, b) => {
      t.is(negate(negate(allOf(a))), allOf(a));
      t.is(negate(allOf(a)), anyOf(a.map(negate)));
      t.is(negate(anyOf(a)), allOf(a.map(negate)));
      t.is(allOf([...a, ...b]), allOf([allOf(b), allOf(a)]));
      t.is(anyOf([...a, ...b]), anyOf([anyOf(b), anyOf(a)]));
    }),
  );
});

test('unknown decides nothing and hides nothing', (t) => {
  t.is(anyOf(['unknown', 'yes']), 'yes');
  t.is(anyOf(['unknown', 'no']), 'unknown');
  t.is(allOf(['unknown', 'no']), 'no');
  t.is(allOf(['unknown', 'yes']), 'unknown');
  t.is(negate('unknown'), 'unknown');
});

const known = fc.record<PictureFacts>({
  rating: fc.integer({min: -1, max: 5}),
  pick: fc.constantFrom(-1, 0, 1),
  labels: fc.array(fc.constantFrom('Rot', 'green', 'To do')),
  keywords: fc.array(fc.constantFrom('Wedding|Portfolio', 'Best')),
});
const RULES = [
  'rating >= 3 or pick or label = red',
  'not reject and (keyword = Wedding or rating = 5)',
  'not (label = none) and rating < 4',
  'keyword != Best or not pick',
].map(ruleOf);

test('what is decided stays decided when more becomes known', (t) => {
  fc.assert(
    fc.property(
      known,
      fc.array(fc.constantFrom('rating', 'pick', 'labels', 'keywords')),
      (all, hidden) => {
        const part = {...all, ...Object.fromEntries(hidden.map((name) => [name, undefined]))};
        for (const rule of RULES) {
          const whole: string = judgePicture(rule, all);
          const early: string = judgePicture(rule, part);
          t.not(whole, 'unknown');
          if (early !== 'unknown') t.is(early, whole);
          t.is(judgePicture(rule, fillFacts(part, all)), judgePicture(rule, all));
        }
      },
    ),
  );
});

test('stars, flags, labels and keywords', (t) => {
  t.is(judge('rating >= 3', {rating: 3}), 'yes');
  t.is(judge('rating > 3', {rating: 3}), 'no');
  t.is(judge('rating != 0', {}), 'unknown');
  t.is(judge('rating <= 5', {rating: -1}), 'yes');
  t.is(judge('pick', {pick: 1}), 'yes');
  t.is(judge('pick', {pick: 0}), 'no');
  t.is(judge('pick', {rating: 5}), 'unknown');
  t.is(judge('reject', {pick: -1}), 'yes');
  t.is(judge('reject', {rating: -1}), 'yes');
  t.is(judge('reject', {rating: 4}), 'unknown', 'stars do not say that there is no flag');
  t.is(judge('not reject', {pick: 0, rating: 4}), 'yes');
  t.is(judge('label = red', {labels: ['Rot']}), 'yes');
  t.is(judge('label = Rouge', {labels: ['RED']}), 'yes');
  t.is(judge('label != red', {labels: ['To do']}), 'yes');
  t.is(judge('label = "to do"', {labels: ['To Do']}), 'yes');
  t.is(judge('label = none', {labels: []}), 'yes');
  t.is(judge('label = none', {labels: ['Rot']}), 'no');
  t.is(judge('label = none', {}), 'unknown');
  t.is(judge('keyword = Portfolio', {keywords: ['Wedding|Portfolio']}), 'yes');
  t.is(judge('keyword != Portfolio', {keywords: []}), 'yes');
});

test('the words of one colour in several languages are one label', (t) => {
  for (const word of ['Grün', 'GREEN', 'vert', 'Verde ', 'gru\u0308n'])
    t.is(labelKey(word), 'green');
  t.not(labelKey('Auswahl'), labelKey('Select'));
});

test('a keyword is a whole word of its way, alone or with others beside it', (t) => {
  const keyword = 'People|Wedding|First Dance';
  for (const wanted of [
    'wedding',
    'First dance',
    'Wedding/First Dance',
    'People|Wedding',
    'PEOPLE',
  ])
    t.true(isKeyword(keyword, wanted), wanted);
  for (const wanted of ['Wed', 'Dance', 'People/First Dance', 'First Dance/Wedding', 'Wedding/'])
    t.false(isKeyword(keyword, wanted), wanted);
  t.true(isKeyword('B/W', 'B/W'));
  t.false(isKeyword('B/W', 'B'));
});

const decide = (text: string, facts: Partial<PictureFacts>) =>
  findDeciding(ruleOf(text), {...NO_FACTS, ...facts}).map((one) => `${one.test}: ${one.truth}`);

test('the tests that decided are told, and no others', (t) => {
  const rule = 'rating >= 3 or pick or label = red';
  t.deepEqual(decide(rule, {rating: 2, pick: 1, labels: []}), ['pick: yes']);
  t.deepEqual(decide(rule, {rating: 2, pick: 0, labels: []}), [
    'rating >= 3: no',
    'pick: no',
    'label = red: no',
  ]);
  t.deepEqual(decide(rule, {rating: 2}), ['pick: unknown', 'label = red: unknown']);
  t.deepEqual(decide('not reject and rating >= 3', {pick: -1, rating: 5}), ['reject: yes']);
  t.deepEqual(decide('not reject and rating >= 3', {pick: 0, rating: 5}), [
    'reject: no',
    'rating >= 3: yes',
  ]);
});
