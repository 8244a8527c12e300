import test from 'ava';
import fc from 'fast-check';
import {markExcerpt} from '../../../src/core/selection/mark-excerpt.ts';
import {parseRule} from '../../../src/core/selection/parse-rule.ts';
import {printRule} from '../../../src/core/selection/print-rule.ts';
import type {Rule, RuleTest} from '../../../src/core/selection/rule.ts';

function parse(text: string): Rule {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.cause.message}`);
  return parsed.value;
}

const rating = (sign: '>=' | '=', stars: number): RuleTest => ({kind: 'rating', sign, stars});
const pick: RuleTest = {kind: 'pick'};
const red: RuleTest = {kind: 'label', sign: '=', label: 'red'};

test('a rule is read as it is meant: not before and, and before or', (t) => {
  t.deepEqual(parse('rating >= 3 or pick or label = red'), {
    kind: 'or',
    rules: [rating('>=', 3), pick, red],
  });
  t.deepEqual(parse('not pick and rating>=3 or label=red'), {
    kind: 'or',
    rules: [{kind: 'and', rules: [{kind: 'not', rule: pick}, rating('>=', 3)]}, red],
  });
  t.deepEqual(parse('not (pick or RATING = -1)'), {
    kind: 'not',
    rule: {kind: 'or', rules: [pick, rating('=', -1)]},
  });
  t.deepEqual(parse('((Picked))'), pick);
  t.deepEqual(parse('not not rejected'), {
    kind: 'not',
    rule: {kind: 'not', rule: {kind: 'reject'}},
  });
});

test('texts are words or stand in quotes, and a quote inside is written twice', (t) => {
  t.like(parse('keyword = "Wedding/First dance"'), {keyword: 'Wedding/First dance'});
  t.like(parse("label != 'To do'"), {sign: '!=', label: 'To do'});
  t.like(parse('keyword=Hochzeit/Übersicht'), {keyword: 'Hochzeit/Übersicht'});
  t.like(parse('keyword = "the ""best"" ones"'), {keyword: 'the "best" ones'});
  t.like(parse('label = none'), {label: ''});
  t.like(parse('label = "none"'), {label: 'none'});
  t.like(parse('keyword = "and"'), {keyword: 'and'});
});

const wrong: ReadonlyArray<readonly [rule: string, at: number, message: RegExp]> = [
  ['', 0, /the rule ends, and rating, pick/],
  ['   ', 3, /the rule ends/],
  ['rating', 6, /the rule ends, and >=/],
  ['rating 3', 7, /it says 3, and >=/],
  ['rating >= x or pick', 10, /it says x, and a number of stars/],
  ['rating >= 6', 10, /it says 6/],
  ['rating >= -2', 10, /it says -2/],
  ['rating >= 3 pick', 12, /it says pick, and and, or/],
  ['pick or', 7, /the rule ends/],
  ['(pick or reject', 15, /and, or, or \)/],
  ['pick)', 4, /it says \)/],
  ['label > red', 6, /it says >, and = or !=/],
  ['label =', 7, /a colour or the text/],
  ['keyword = ""', 10, /a keyword/],
  ['keyword = "Wedding', 10, /the text has no end, and a second quote/],
  ['stars >= 3', 0, /it says stars, and rating/],
  ['pick && reject', 5, /it says &&/],
  ['pick ; reject', 5, /it says ;/],
  ['rating >= "3"', 10, /a number of stars/],
  ['not', 3, /the rule ends/],
];
for (const [rule, at, message] of wrong) {
  test(`nonsense is told with its place: ${JSON.stringify(rule)}`, (t) => {
    const parsed = parseRule(rule);
    if (parsed.ok) return t.fail('it was taken');
    t.is(parsed.cause.code, 'bad-rule');
    t.deepEqual(parsed.cause.excerpt, {text: rule, at});
    t.regex(parsed.cause.message, message);
    t.true(parsed.cause.message.includes(`character ${at + 1}`));
  });
}

test('a mark stands below the place, and nothing in the text moves it', (t) => {
  t.deepEqual(markExcerpt({excerpt: {text: 'rating >= x', at: 10}}), [
    '  rating >= x',
    '            ^',
  ]);
  t.deepEqual(markExcerpt({excerpt: {text: 'pick ', at: 5}}).at(-1), '       ^');
  t.deepEqual(markExcerpt({excerpt: {text: '\u001b[2J x', at: 5}}), [
    '  \\x1b[2J x',
    '          ^',
  ]);
  t.deepEqual(markExcerpt({}), []);
});

test('depth and length are bounded', (t) => {
  t.true(parseRule(`${'('.repeat(50)}pick${')'.repeat(50)}`).ok);
  t.false(parseRule(`${'('.repeat(51)}pick${')'.repeat(51)}`).ok);
  t.false(parseRule(`${'not '.repeat(60)}pick`).ok);
  t.false(parseRule(`pick${' or pick'.repeat(200)}`).ok);
});

const text = fc.oneof(
  fc.constantFrom('red', 'none', 'and', 'Rot', 'Wedding/Portfolio', 'a "b"', "it's", 'x|y', 'é'),
  fc.string({minLength: 1, maxLength: 12}).filter((one) => one.trim() !== ''),
);
const same = fc.constantFrom('=' as const, '!=' as const);
const anyTest: fc.Arbitrary<RuleTest> = fc.oneof(
  fc.record({
    kind: fc.constant('rating' as const),
    sign: fc.constantFrom('=' as const, '!=' as const, '<' as const, '>=' as const),
    stars: fc.integer({min: -1, max: 5}),
  }),
  fc.record({kind: fc.constantFrom('pick' as const, 'reject' as const)}),
  fc.record({
    kind: fc.constant('label' as const),
    sign: same,
    label: fc.oneof(fc.constant(''), text),
  }),
  fc.record({kind: fc.constant('keyword' as const), sign: same, keyword: text}),
);

const anyRule: fc.Arbitrary<Rule> = fc.letrec<{rule: Rule}>((tie) => ({
  rule: fc.oneof(
    {maxDepth: 4},
    anyTest,
    fc.record({kind: fc.constant('not' as const), rule: tie('rule')}),
    fc.record({
      kind: fc.constantFrom('or' as const, 'and' as const),
      rules: fc.array(tie('rule'), {minLength: 2, maxLength: 3}),
    }),
  ),
})).rule;

test('a rule that is printed is read as the same rule', (t) => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      const printed = printRule(rule);
      fc.pre(printed.length < 1000);
      t.deepEqual(parse(printed), rule, printed);
      t.is(printRule(parse(printed)), printed);
    }),
    {numRuns: 500},
  );
});

test('whatever is typed is read or refused with a place in it', (t) => {
  const words = fc.constantFrom(
    'rating',
    '>=',
    '3',
    'or',
    'and',
    'not',
    '(',
    ')',
    'label',
    '"',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string({maxLength: 3}))), (parts) => {
      const rule = parts.join(' ');
      const parsed = parseRule(rule);
      if (parsed.ok) return;
      const {text: shown = '', at = -1} = parsed.cause.excerpt ?? {};
      t.is(shown, rule);
      t.true(at >= 0 && at <= rule.length);
    }),
    {numRuns: 500},
  );
});
