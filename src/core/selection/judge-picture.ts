/** What a rule says of a picture, and which parts of it decided. */
import {unreachable} from '../unreachable.ts';
import {labelKey} from './label-colour.ts';
import {isKeyword} from './match-keyword.ts';
import type {PictureFacts} from './picture-facts.ts';
import {printTest} from './print-rule.ts';
import type {Rule, RuleTest, Sign} from './rule.ts';
import {allOf, anyOf, negate, type Truth, truthOf} from './truth.ts';

export function judgePicture(rule: Rule, facts: PictureFacts): Truth {
  switch (rule.kind) {
    case 'or':
      return anyOf(rule.rules.map((one) => judgePicture(one, facts)));
    case 'and':
      return allOf(rule.rules.map((one) => judgePicture(one, facts)));
    case 'not':
      return negate(judgePicture(rule.rule, facts));
    default:
      return judgeTest(rule, facts);
  }
}

/** One test of a rule, and what came of it. */
export interface DecidingTest {
  /** As it could have been typed. */
  readonly test: string;
  readonly truth: Truth;
}

/** @returns the tests without which the answer would be another one: of `a or b` that is yes the first that is, of one that is no both. */
export function findDeciding(rule: Rule, facts: PictureFacts): readonly DecidingTest[] {
  switch (rule.kind) {
    case 'or':
    case 'and': {
      const truth = judgePicture(rule, facts);
      const alike = rule.rules.filter((one) => judgePicture(one, facts) === truth);
      const first = rule.kind === 'or' ? 'yes' : 'no';
      const deciding = truth === first ? alike.slice(0, 1) : alike;
      return deciding.flatMap((one) => findDeciding(one, facts));
    }
    case 'not':
      return findDeciding(rule.rule, facts);
    default:
      return [{test: printTest(rule), truth: judgeTest(rule, facts)}];
  }
}

/** @returns what the tests of a rule ask for: the others need not be read. */
export function asksKeywords(rule: Rule): boolean {
  switch (rule.kind) {
    case 'or':
    case 'and':
      return rule.rules.some(asksKeywords);
    case 'not':
      return asksKeywords(rule.rule);
    default:
      return rule.kind === 'keyword';
  }
}

function judgeTest(test: RuleTest, facts: PictureFacts): Truth {
  switch (test.kind) {
    case 'rating':
      return facts.rating === undefined
        ? 'unknown'
        : truthOf(compare(facts.rating, test.sign, test.stars));
    case 'pick':
      return facts.pick === undefined ? 'unknown' : truthOf(facts.pick === 1);
    case 'reject':
      return judgeReject(facts);
    case 'label': {
      if (facts.labels === undefined) return 'unknown';
      const is = hasLabel(facts.labels, test.label);
      return truthOf(is === (test.sign === '='));
    }
    case 'keyword': {
      if (facts.keywords === undefined) return 'unknown';
      const has = facts.keywords.some((one) => isKeyword(one, test.keyword));
      return truthOf(has === (test.sign === '='));
    }
    default:
      return unreachable(test);
  }
}

/** Lightroom has a flag for it, others a rating of -1: only who knows both knows that there is none. */
function judgeReject({pick, rating}: PictureFacts): Truth {
  if (pick === -1 || rating === -1) return 'yes';
  return pick === undefined || rating === undefined ? 'unknown' : 'no';
}

function hasLabel(labels: readonly string[], wanted: string): boolean {
  const key = labelKey(wanted);
  if (key === '') return labels.length === 0;
  return labels.some((one) => labelKey(one) === key);
}

function compare(rating: number, sign: Sign, stars: number): boolean {
  switch (sign) {
    case '=':
      return rating === stars;
    case '!=':
      return rating !== stars;
    case '<':
      return rating < stars;
    case '<=':
      return rating <= stars;
    case '>':
      return rating > stars;
    case '>=':
      return rating >= stars;
    default:
      return unreachable(sign);
  }
}
