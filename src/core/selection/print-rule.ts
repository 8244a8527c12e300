/** A rule as one could have typed it. */
import type {Rule, RuleTest} from './rule.ts';

/** @returns a text that `parseRule` reads as the same rule, lists in lists made one. */
export function printRule(rule: Rule): string {
  switch (rule.kind) {
    case 'or':
      return rule.rules.map((one) => inside(one, one.kind === 'or')).join(' or ');
    case 'and':
      return rule.rules
        .map((one) => inside(one, one.kind === 'or' || one.kind === 'and'))
        .join(' and ');
    case 'not':
      return `not ${inside(rule.rule, rule.rule.kind === 'or' || rule.rule.kind === 'and')}`;
    default:
      return printTest(rule);
  }
}

const inside = (rule: Rule, isGroup: boolean): string =>
  isGroup ? `(${printRule(rule)})` : printRule(rule);

export function printTest(test: RuleTest): string {
  switch (test.kind) {
    case 'rating':
      return `rating ${test.sign} ${test.stars}`;
    case 'label':
      return `label ${test.sign} ${test.label === '' ? 'none' : quote(test.label)}`;
    case 'keyword':
      return `keyword ${test.sign} ${quote(test.keyword)}`;
    default:
      return test.kind;
  }
}

/** A word that means something without quotes needs them. */
const PLAIN = /^[\p{L}\p{N}\p{M}_/|.&+-]+$/u;

const quote = (text: string): string =>
  PLAIN.test(text) && text.toLowerCase() !== 'none' ? text : `"${text.replaceAll('"', '""')}"`;
