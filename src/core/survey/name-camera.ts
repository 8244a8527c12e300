/** What makers write behind their names: `NIKON CORPORATION`, `OLYMPUS IMAGING CORP.`, `RICOH IMAGING COMPANY, LTD.`, `LEICA CAMERA AG`. */
const COMPANY =
  /[\s,]+(?:(?:corporation|corp|company|co|ltd|inc|ag|gmbh|imaging|computer|camera|digital solutions|optical)\b\.?[\s,]*)+$/i;

/** A name, and not a text that somebody put there. */
const LONGEST = 60;

/**
 * @returns maker and model as people say them, the maker once: `Canon EOS R6`, `Nikon Z 8`, `Sony ILCE-7M4`. Empty where the picture names neither.
 */
export function nameCamera({make, model}: {make: string; model: string}): string {
  const words = tidy(model);
  // Ricoh makes cameras of two names, and writes the other one into the model.
  const maker = /^pentax\b/i.test(words) ? 'Pentax' : nameMaker(tidy(make));
  if (maker === '') return words.slice(0, LONGEST);
  const namesMaker = words.toLowerCase().startsWith(maker.toLowerCase());
  const isWord = namesMaker && !/^[\p{L}\p{N}]/u.test(words.slice(maker.length));
  const rest = isWord ? words.slice(maker.length) : ` ${words}`;
  return `${maker}${rest}`.trim().slice(0, LONGEST);
}

function nameMaker(make: string): string {
  const name = make.replace(COMPANY, '');
  // Three capitals are initials: DJI, RED.
  if (name.length > 3 && name === name.toUpperCase()) {
    return name.replace(/\p{L}+/gu, (word) => word.charAt(0) + word.slice(1).toLowerCase());
  }
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Fields of a fixed length are filled up with blanks or NULs. */
function tidy(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
