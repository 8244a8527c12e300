/**
 * Reads a rule. `not` binds closer than `and`, and `and` closer than `or`; capitals of its words do not count.
 *
 *     rule    = and { "or" and }
 *     and     = unary { "and" unary }
 *     unary   = "not" unary | "(" rule ")" | test
 *     test    = "rating" sign stars | "pick" | "reject" | ("label" | "keyword") ("=" | "!=") text
 */
import {failed, ok, type Refusal, type Result} from '../cause.ts';
import {
  DEEPEST_RULE,
  LEAST_STARS,
  LONGEST_RULE,
  MOST_STARS,
  type Rule,
  type RuleTest,
  type SameSign,
  type Sign,
} from './rule.ts';
import {badRule, type RuleProblem} from './rule-problem.ts';
import {type RuleWord, splitRule} from './rule-words.ts';

/** @returns the rule, or `bad-rule` with the place that makes no sense and what could stand there. */
export function parseRule(text: string): Result<Rule, Refusal> {
  if (text.length > LONGEST_RULE) {
    return failed(badRule(text, {at: LONGEST_RULE, expected: 'the end', found: 'it is too long'}));
  }
  try {
    return ok(new RuleReader(text).readAll());
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return failed(badRule(text, error.problem));
  }
}

class RuleError extends Error {
  readonly problem: RuleProblem;

  constructor(problem: RuleProblem) {
    super('no rule');
    this.problem = problem;
  }
}

const SIGNS: ReadonlyMap<string, Sign> = new Map(
  (['=', '!=', '<', '<=', '>', '>='] as const).map((sign) => [sign, sign]),
);
const A_TEST = 'rating, pick, reject, label, keyword, not or (';
const STARS = /^-?\d$/;

class RuleReader {
  readonly #words: readonly RuleWord[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#words = splitRule(text);
  }

  readAll(): Rule {
    const rule = this.#readOr();
    if (this.#word.kind !== 'end') throw this.#expect('and, or, or the end');
    return rule;
  }

  /** The words end with the end, or with what cannot be read: neither is ever taken. */
  get #word(): RuleWord {
    const word = this.#words[this.#at];
    if (word === undefined) throw new Error('a rule that was read beyond its end');
    return word;
  }

  #expect(expected: string): RuleError {
    const {kind, text, at} = this.#word;
    if (kind === 'open')
      return new RuleError({at, expected: 'a second quote', found: 'the text has no end'});
    const found = kind === 'end' ? 'the rule ends' : `it says ${text}`;
    return new RuleError({at, expected, found});
  }

  #take(): RuleWord {
    const word = this.#word;
    this.#at += 1;
    return word;
  }

  #isWord(...names: readonly string[]): boolean {
    const {kind, text} = this.#word;
    return kind === 'word' && names.includes(text.toLowerCase());
  }

  #isSign(sign: string): boolean {
    const {kind, text} = this.#word;
    return kind === 'sign' && text === sign;
  }

  #readOr(): Rule {
    return this.#readList('or', () => this.#readAnd());
  }

  #readAnd(): Rule {
    return this.#readList('and', () => this.#readUnary());
  }

  #readList(kind: 'or' | 'and', read: () => Rule): Rule {
    const first = read();
    if (!this.#isWord(kind)) return first;
    const rules = [first];
    while (this.#isWord(kind)) {
      this.#take();
      rules.push(read());
    }
    return {kind, rules};
  }

  #readUnary(): Rule {
    const isNot = this.#isWord('not');
    if (!isNot && !this.#isSign('(')) return this.#readTest();
    if (this.#depth >= DEEPEST_RULE) throw this.#expect('fewer parentheses');
    this.#depth += 1;
    this.#take();
    const rule = isNot ? this.#readUnary() : this.#readOr();
    if (!isNot) {
      if (!this.#isSign(')')) throw this.#expect('and, or, or )');
      this.#take();
    }
    this.#depth -= 1;
    return isNot ? {kind: 'not', rule} : rule;
  }

  #readTest(): RuleTest {
    if (this.#isWord('pick', 'picked')) return this.#flag('pick');
    if (this.#isWord('reject', 'rejected')) return this.#flag('reject');
    if (this.#isWord('rating')) return this.#readRating();
    if (this.#isWord('label')) return this.#readLabel();
    if (!this.#isWord('keyword')) throw this.#expect(A_TEST);
    this.#take();
    const sign = this.#readSame();
    const keyword = this.#readText('a keyword: Portfolio, or "Wedding/First dance"');
    return {kind: 'keyword', sign, keyword: keyword.text};
  }

  #flag(kind: 'pick' | 'reject'): RuleTest {
    this.#take();
    return {kind};
  }

  #readRating(): RuleTest {
    this.#take();
    const sign = this.#word.kind === 'sign' ? SIGNS.get(this.#word.text) : undefined;
    if (sign === undefined) throw this.#expect('>=, >, =, !=, < or <=');
    this.#take();
    const {kind, text} = this.#word;
    const stars = kind === 'word' && STARS.test(text) ? Number(text) : Number.NaN;
    if (!(stars >= LEAST_STARS && stars <= MOST_STARS))
      throw this.#expect('a number of stars from 0 to 5 (-1: rejected)');
    this.#take();
    return {kind: 'rating', sign, stars: stars === 0 ? 0 : stars};
  }

  #readLabel(): RuleTest {
    this.#take();
    const sign = this.#readSame();
    const {kind, text} = this.#readText('a colour or the text of a label: red, none, "To do"');
    const isNone = kind === 'word' && text.toLowerCase() === 'none';
    return {kind: 'label', sign, label: isNone ? '' : text};
  }

  #readSame(): SameSign {
    if (!this.#isSign('=') && !this.#isSign('!=')) throw this.#expect('= or !=');
    return this.#take().text === '=' ? '=' : '!=';
  }

  #readText(expected: string): RuleWord {
    const {kind, text} = this.#word;
    if ((kind !== 'word' && kind !== 'text') || text.trim() === '') throw this.#expect(expected);
    return this.#take();
  }
}
