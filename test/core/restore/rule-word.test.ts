import test from 'ava';
import {readRuleWord} from '../../../src/core/restore/rule-word.ts';

const kindOf = (word: string): string => {
  const rule = readRuleWord(word);
  if (rule === undefined) return 'word';
  return rule.ok ? 'rule' : rule.cause.code;
};

test('what compares facts of pictures is a rule, and everything else a word', (t) => {
  for (const word of [
    'rating>=3',
    ' Rating = 0',
    'rating=-1',
    'rating>=3 or pick',
    'pick or rating=5',
    'label = red',
    'not label = none',
    'keyword = "Wedding/Portfolio"',
    '(pick)',
    'not reject',
    '(pick or reject)',
  ])
    t.is(kindOf(word), 'rule', word);
  for (const word of [
    'rating',
    'pick',
    'reject',
    'IMG_0412',
    'overrating>=3',
    '>=3',
    'a=b.jpg',
    'Rating Ceremony',
    '(2026) Paris',
    'not mine',
    '2026-11-24 Marta & Jan',
  ])
    t.is(kindOf(word), 'word', word);
  for (const word of ['rating>=6', 'rating>=', 'rating>=3.5', 'label > red', 'rating >= 3 or pik'])
    t.is(kindOf(word), 'bad-rule', word);
});
