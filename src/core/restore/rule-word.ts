import {ok, type Refusal, type Result} from '../cause.ts';
import {parseRule} from '../selection/parse-rule.ts';
import type {Rule} from '../selection/rule.ts';

/** What cannot be the name of a shoot or a part of a path as people have them. */
const COMPARES =
  /^\s*(?:\(|not\s|rating\b|label\b|keyword\b|pick(?:ed)?\s|reject(?:ed)?\s).*[<>=]/i;
const GROUPS = /^\s*(?:\(|not\s)/i;

/**
 * A rule among the words of what is asked for: `rating>=3 or pick`, `label = red`. A flag alone is written in parentheses, `(pick)`: a word may be the name of a shoot.
 * @returns undefined for every other word; `bad-rule` for one that is meant as a rule and makes no sense.
 */
export function readRuleWord(word: string): Result<Rule, Refusal> | undefined {
  if (COMPARES.test(word)) return parseRule(word.trim());
  if (!GROUPS.test(word)) return undefined;
  const rule = parseRule(word.trim());
  return rule.ok ? ok(rule.value) : undefined;
}
