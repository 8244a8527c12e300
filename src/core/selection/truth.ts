/** Yes, no or not known: what a rule says of a picture. Kleene's strong logic of three values: an unknown part decides nothing, and hides nothing that others decide. */
export type Truth = 'yes' | 'no' | 'unknown';

export const truthOf = (is: boolean): Truth => (is ? 'yes' : 'no');

export function negate(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown';
  return truth === 'yes' ? 'no' : 'yes';
}

/** @returns no when one is no, yes when all are. */
export function allOf(truths: readonly Truth[]): Truth {
  if (truths.includes('no')) return 'no';
  return truths.includes('unknown') ? 'unknown' : 'yes';
}

/** @returns yes when one is yes, no when all are. */
export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes('yes')) return 'yes';
  return truths.includes('unknown') ? 'unknown' : 'no';
}
