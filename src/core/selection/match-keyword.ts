/** @returns the form in which keywords are compared. */
const fold = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/**
 * A rule's keyword is a keyword of the picture or one that it lies under, as Lightroom's own filter has it, alone or with others on its way: of `People|Wedding|Portfolio` these are `Portfolio`,
 * `Wedding`, `Wedding/Portfolio`, and no part of a word.
 * @param keyword as in the facts of a picture.
 * @param wanted as in a rule: parts joined by `/` or `|`.
 */
export function isKeyword(keyword: string, wanted: string): boolean {
  const parts = keyword.split('|').map(fold);
  const whole = wanted.split(/[/|]/).map(fold).join('/');
  for (let from = 0; from < parts.length; from += 1) {
    let run = '';
    for (const part of parts.slice(from)) {
      run = run === '' ? part : `${run}/${part}`;
      if (run === whole) return true;
      if (run.length > whole.length) break;
    }
  }
  return false;
}
